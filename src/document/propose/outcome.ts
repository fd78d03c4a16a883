import type { Address } from '../../model/address.ts';
import { fieldSchema, type AnyKind } from '../../model/kinds.ts';
import type { LiveResource } from '../../model/resource.ts';
import type { Secret } from '../../model/secret.ts';
import { declarable } from '../dump/declarable.ts';
import { isSaid } from '../dump/said.ts';
import { writtenValue } from '../dump/written-value.ts';
import type { Defaults } from '../state-document.ts';

/** What a line of the document is to say. */
export type Outcome =
  /** The text of a member that may come from a source, and is plainly harmless. */
  | { readonly type: 'clear'; readonly text: string; readonly secret: Secret }
  | { readonly type: 'reference'; readonly secret: Secret; readonly finalNewline: boolean }
  | { readonly type: 'scalar'; readonly value: string | number | boolean | null }
  /** It is not there. */
  | { readonly type: 'gone' };

/** The value of a member that may come from a source. */
export type ValueOutcome = Extract<Outcome, { readonly secret: Secret }>;

export function sameOutcome(a: Outcome, b: Outcome): boolean {
  if ('secret' in a) return 'secret' in b && a.secret.equals(b.secret);
  if (a.type === 'scalar') return b.type === 'scalar' && a.value === b.value;
  return a.type === b.type;
}

/** The live value of one field, as the document would say it. A text: why it cannot. */
export function liveOutcome(kind: AnyKind, live: LiveResource, field: string): Outcome | string {
  const value = live.spec[field];
  if (kind.form.shape === 'map' && kind.form.sourced === true && kind.form.shorthand === field) {
    const { refused } = declarable(kind, live.spec);
    if (refused !== null) return refused;
    const written = writtenValue(live.key, value, { clear: false, to: 'env' });
    if (typeof written === 'string') return written;
    const { secret } = written;
    return written.how === 'clear'
      ? { type: 'clear', text: written.text, secret }
      : { type: 'reference', secret, finalNewline: written.finalNewline };
  }
  const schema = fieldSchema(kind, field);
  if (schema?.sensitive === true) return `\`${field}\` is sensitive, and can come from no source`;
  if (value === undefined || value === null)
    return schema?.nullable === true ? { type: 'scalar', value: null } : `the platform does not say its \`${field}\``;
  const { fields, refused, left } = declarable(kind, live.spec);
  if (!fields.has(field))
    return refused ?? left.find((why) => why.startsWith(`\`${field}\``)) ?? 'it cannot be declared';
  return isScalarValue(value) ? { type: 'scalar', value } : `\`${field}\` is not one value`;
}

/** What an entry for an undeclared live thing says, by field, the key first. A text: why there can be none. */
export function entryFields(
  kind: AnyKind,
  live: LiveResource,
  defaults: Defaults,
): ReadonlyMap<string, Outcome> | string {
  const { fields, refused } = declarable(kind, live.spec);
  if (refused !== null) return refused;
  const around = defaults.fields.get(kind.name) ?? {};
  const found = new Map<string, Outcome>();
  for (const [field, value] of fields) {
    // What the defaults would say otherwise has to be said.
    const differs = field in around && around[field] !== value;
    if (!differs && !isSaid(kind, live, field)) continue;
    const outcome = liveOutcome(kind, live, field);
    if (typeof outcome === 'string') return outcome;
    found.set(field, outcome);
  }
  return found;
}

/** One line of the document for one thing, as it is to be. */
export interface Want {
  readonly address: Address;
  readonly kind: AnyKind;
  readonly field: string;
  readonly outcome: Outcome;
}

/** Names one line for one thing; a list's entry as a whole has the field ''. */
export type Slot = string;

export function slotOf(address: Address, field: string): Slot {
  return `${address} ${field}`;
}

function isScalarValue(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
