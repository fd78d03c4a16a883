import { compareSpec } from '../diff/compare.ts';
import type { ResourceKind, Listed } from '../model/kind.ts';
import type { Clock } from '../model/ports.ts';
import type { LiveResource, Spec } from '../model/resource.ts';
import { withKey } from './match.ts';

/** How long an unknown outcome is read again for (law F), and between reads. Milliseconds. */
const SETTLE_WITHIN = 30_000;
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 5_000;

/** The collection that a write went to, and the means to read it again. */
export interface Asked<Api> {
  readonly kind: ResourceKind<Spec, Api>;
  readonly api: Api;
  readonly parent: LiveResource | null;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** What reading again showed: it happened (with what is there now), or nobody can say. */
export type Settled<T> =
  | { readonly type: 'happened'; readonly found: T }
  | { readonly type: 'uncertain'; readonly why: string };

/**
 * Did a create whose reply was lost happen? Read until something with its key is there. Where the platform does not
 * keep the key: until one that was not live before (`known`, by id) is what was asked for; two such are nobody's.
 */
export function settleCreate<Api>(asked: Asked<Api>, spec: Spec, known: ReadonlySet<string>): Promise<Settled<Listed>> {
  const { kind } = asked;
  const key = kind.key(spec);
  if (kind.match === undefined)
    return readUntil(asked, `nothing called ${key} has appeared`, (members) =>
      members.find((member) => kind.key(member.spec) === key),
    );
  return readUntil(asked, `nothing that could be ${key} has appeared`, (members) => {
    const fresh = members.filter(({ id }) => !known.has(id));
    const matching = kind.match?.([{ key, spec, atCreation: {} }], fresh);
    const [finding] = matching?.findings ?? [];
    if (finding !== undefined) return new Undecided(finding.summary);
    const id = matching?.assigned.get(key);
    const found = fresh.find((member) => member.id === id);
    return found === undefined ? undefined : withKey(kind, found, key);
  });
}

/** Did an update? Read until the live one has the fields as asked. */
export function settleUpdate<Api>(asked: Asked<Api>, id: string, fields: Spec): Promise<Settled<Listed>> {
  return readUntil(asked, 'the fields are not as asked', (members) =>
    members.find((member) => member.id === id && compareSpec(asked.kind, fields, member.spec).differences.length === 0),
  );
}

/** Did a deletion? Read until its id is gone. */
export function settleDelete<Api>(asked: Asked<Api>, id: string): Promise<Settled<true>> {
  return readUntil(asked, 'it is still there', (members) =>
    members.some((member) => member.id === id) ? undefined : true,
  );
}

/** Did a batch? Read until everything set is as asked and everything removed is gone. */
export function settleBatch<Api>(
  asked: Asked<Api>,
  set: readonly Spec[],
  remove: readonly Spec[],
): Promise<Settled<true>> {
  const { kind } = asked;
  return readUntil(asked, 'the values are not as asked', (members) => {
    const byKey = new Map(members.map((member) => [kind.key(member.spec), member.spec]));
    const isSet = set.every((spec) => {
      const now = byKey.get(kind.key(spec));
      return now !== undefined && compareSpec(kind, spec, now).differences.length === 0;
    });
    return isSet && remove.every((spec) => !byKey.has(kind.key(spec))) ? true : undefined;
  });
}

/** What was read says that more reading will not tell. */
class Undecided {
  readonly why: string;

  constructor(why: string) {
    this.why = why;
  }
}

/** Lists the collection again, with growing pauses, until `look` finds what it looks for or the time is over. */
async function readUntil<Api, T>(
  asked: Asked<Api>,
  otherwise: string,
  look: (members: readonly Listed[]) => T | Undecided | undefined,
): Promise<Settled<T>> {
  const { kind, api, parent, clock, signal } = asked;
  const deadline = clock.monotonic() + SETTLE_WITHIN;
  let why = otherwise;
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    const listing = await kind.list(api, { parents: parent === null ? [] : [parent], signal });
    const [failure] = listing.unreadable;
    if (failure === undefined) {
      const found = look(listing.items);
      if (found instanceof Undecided) return { type: 'uncertain', why: found.why };
      if (found !== undefined) return { type: 'happened', found };
      why = otherwise;
    } else why = `it could not be read again: ${failure.error.message}`;
    if (clock.monotonic() + pause >= deadline) return { type: 'uncertain', why };
    await clock.sleep(pause, signal);
  }
}
