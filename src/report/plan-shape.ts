import type { Address } from '../model/address.ts';
import type { Action, Reason, RefusalRule } from '../model/change.ts';
import type { DiagnosticCode } from '../model/diagnostic-codes.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { ParityCell, ParityRow, Unseen } from '../model/parity.ts';
import type { PlanDocument } from '../model/plan-document.ts';
import type { PlanDigests } from '../model/saved-plan.ts';
import { FORMAT_VERSIONS } from './format-version.ts';
import {
  amount,
  anyJson,
  expected,
  flag,
  isObject,
  listOf,
  nullOr,
  objectOf,
  optional,
  recordOf,
  text,
  type Shape,
} from './json-shape.ts';

/** Why a value is not a plan of a format we read, before its shape is looked at; null when it is. */
export function versionMisfit(value: unknown): string | null {
  if (!isObject(value)) return 'not a plan: expected an object';
  if (value['kind'] !== 'plan') {
    const kind = value['kind'];
    return typeof kind === 'string' && KNOWN_KIND.test(kind)
      ? `not a plan but a document of kind "${kind}"`
      : 'not a plan: kind is not "plan"';
  }
  const given = value['formatVersion'];
  const [version, major] = (typeof given === 'string' ? VERSION.exec(given) : null) ?? [];
  if (major === undefined) return 'not a plan: formatVersion is not a version';
  const [ours] = FORMAT_VERSIONS.plan.split('.');
  if (major === ours) return null;
  return `plan format ${version} is not readable here, this version reads ${ours}.x: use the version that wrote it, or plan again`;
}

/** An address whose keys decode: later readers take it apart. */
const address: Shape<Address> = (value, path) => {
  const written = text<Address>('an address', /^[^\s/:]{1,100}:[^\s/]+(?:\/[^\s/:]{1,100}:[^\s/]+)*$/)(value, path);
  try {
    decodeURIComponent(written);
  } catch {
    throw expected('an address', path);
  }
  return written;
};

const counted: Shape<number> = (value, path) => {
  const n = amount(value, path);
  if (n < 1) throw expected('a number from 1', path);
  return n;
};

/** A rate may be a fraction. */
const positive: Shape<number> = (value, path) => {
  if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0) throw expected('a number over 0', path);
  return value;
};

const place = objectOf({ file: text(), line: counted, column: counted });

const field = objectOf({
  field: text(),
  sensitive: flag,
  unknown: flag,
  forcesReplacement: flag,
  before: optional(anyJson),
  after: optional(anyJson),
});

const records = listOf(objectOf({ type: text(), name: text(), value: nullOr(text()), why: text() }));

const change = objectOf({
  address,
  kind: text(),
  action: text<Action>(),
  reason: text<Reason>(),
  selector: nullOr(text()),
  takes: listOf(address),
  fields: listOf(field),
  comparable: flag,
  dependsOn: listOf(address),
  where: optional(place),
  effect: optional(text()),
  interrupts: optional(text()),
  records: optional(records),
});

const diagnostic = objectOf({
  severity: text<Diagnostic['severity']>(),
  code: text<DiagnosticCode>(),
  summary: text(),
  hint: optional(text()),
  where: optional(place),
  also: optional(place),
  address: optional(address),
});

const embeddedKey = objectOf({ from: text<'embedded'>(), hex: text('a key in hex', /^(?:[0-9a-f]{2}){16,128}$/) });
const derivedKey = objectOf({ from: text<'env'>(), check: text() });

/** Which of the two, by `from`; another one cannot be verified with. */
const key: Shape<PlanDigests['key']> = (value, path) => {
  const { from } = objectOf({ from: text() })(value, path);
  if (from === 'embedded') return embeddedKey(value, path);
  if (from === 'env') return derivedKey(value, path);
  throw expected('a known origin of the key', `${path}.from`);
};

const digests: Shape<PlanDigests> = objectOf({
  key,
  files: recordOf(text()),
  state: text(),
  before: recordOf(text()),
  unresolved: listOf(text()),
});

/** The whole document, once {@link versionMisfit} has nothing to say. */
export const planShape: Shape<PlanDocument> = objectOf({
  kind: text<'plan'>(),
  formatVersion: text(),
  tool: text(),
  createdAt: text('a time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/),
  target: objectOf({ apiUrl: text(), dialect: text(), teamId: amount, teamSlug: nullOr(text()) }),
  scope: objectOf({ target: listOf(text()), exclude: listOf(text()) }),
  changes: listOf(change),
  summary: objectOf({ create: amount, update: amount, replace: amount, delete: amount, 'no-op': amount }),
  refusals: listOf(
    objectOf({ rule: text<RefusalRule>(), addresses: listOf(address), message: text(), override: nullOr(text()) }),
  ),
  unmanaged: listOf(address),
  unreadable: listOf(objectOf({ collection: text(), error: objectOf({ code: text(), message: text() }) })),
  unsettled: optional(listOf(objectOf({ address, because: text(), records }))),
  paused: optional(
    listOf(
      objectOf({
        address: text(),
        owner: text(),
        reason: text(),
        expires: text(),
        held: listOf(address),
        where: optional(place),
      }),
    ),
  ),
  ignored: optional(
    listOf(
      objectOf({
        address: text(),
        fields: listOf(text()),
        reason: text(),
        expires: text(),
        things: listOf(address),
        differing: listOf(address),
        where: optional(place),
      }),
    ),
  ),
  diagnostics: listOf(diagnostic),
  cost: optional(
    objectOf({
      requests: amount,
      seconds: amount,
      rate: positive,
      containers: listOf(objectOf({ address, writes: amount, invalidations: amount })),
    }),
  ),
  coverage: optional(recordOf(objectOf({ declared: amount, live: amount, unmanaged: amount }))),
  parity: optional(
    listOf(
      objectOf({
        group: nullOr(address),
        kind: text(),
        listed: flag,
        columns: listOf(objectOf({ containers: listOf(address), unseen: nullOr(text<Unseen>()) })),
        rows: listOf(
          objectOf({
            key: text(),
            standing: text<ParityRow['standing']>(),
            cells: listOf(objectOf({ state: text<ParityCell['state']>(), letter: optional(text()) })),
          }),
        ),
      }),
    ),
  ),
  requests: objectOf({ read: amount, predictedWrites: amount, invalidations: amount }),
  digests: optional(digests),
});

const VERSION = /^(\d{1,4})\.(\d{1,4})$/;
const KNOWN_KIND = /^[a-z-]{1,20}$/;
