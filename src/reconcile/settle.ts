import { compareSpec } from '../diff/compare.ts';
import { PlatformError } from '../model/error.ts';
import type { Listed } from '../model/kind.ts';
import { keyField, type AnyKind } from '../model/kinds.ts';
import type { LiveResource, Spec } from '../model/resource.ts';
import { movedFields } from './look.ts';
import { madeAmong } from './match.ts';
import { memberNow, membersNow, type Asked } from './workspace.ts';

/**
 * What reading again showed of a write that nobody answered for. `open`: not as asked yet; `untouched`: all of it is
 * as it was before, so sending it again cannot undo anybody's work. `several`: more than one thing could be the one
 * that was made. `gone`: what was written to is not there any more.
 */
export type Seen<T> =
  | { readonly type: 'happened'; readonly found: T }
  | { readonly type: 'open'; readonly why: string; readonly untouched: boolean }
  | { readonly type: 'several'; readonly why: string };

/**
 * Did a create happen? What was made has the key that was asked for; where the platform chooses the key it is also
 * known by everything else that the request carried. `known` are the ids that were there before.
 */
export async function settleCreate<Api>(
  asked: Asked<Api>,
  spec: Spec,
  known: ReadonlySet<string>,
): Promise<Seen<Listed>> {
  const { kind } = asked;
  const key = kind.key(spec);
  const fresh = (await membersNow(asked)).filter(({ id }) => !known.has(id));
  if (kind.match !== undefined) {
    const made = madeAmong(kind, spec, fresh);
    if (typeof made === 'string') return { type: 'several', why: `more than one could be what was made: ${made}` };
    if (made === null) return { type: 'open', why: `nothing that could be ${key} has appeared`, untouched: true };
    return { type: 'happened', found: made };
  }
  const fits = fresh.filter((member) => kind.key(member.spec) === key || isBornOf(kind, spec, member.spec));
  const [found] = fits;
  if (found === undefined) return { type: 'open', why: `nothing called ${key} has appeared`, untouched: true };
  if (fits.length === 1) return { type: 'happened', found };
  const names = fits.map((member) => `${kind.key(member.spec)} (id ${member.id})`).join(', ');
  return { type: 'several', why: `more than one could be what was made: ${names}` };
}

/** Where the key is the platform's choice: the rest of what the create request says is there as it said. */
function isBornOf(kind: AnyKind, spec: Spec, found: Spec): boolean {
  if (kind.keyed === true || kind.born === undefined) return false;
  const { [keyField(kind)]: _key, ...rest } = kind.born(spec);
  const { differences, comparable } = compareSpec(kind, rest, found);
  return Object.keys(rest).length > 0 && comparable && differences.length === 0;
}

/** Did an update happen? Throws "not found" where nothing is left to be updated. */
export async function settleUpdate<Api>(asked: Asked<Api>, live: LiveResource, fields: Spec): Promise<Seen<Listed>> {
  const now = await memberNow(asked, live);
  if (now === null) throw missing(live.address);
  if (compareSpec(asked.kind, fields, now.spec).differences.length === 0) return { type: 'happened', found: now };
  const moved = movedFields(asked.kind, { wanted: fields, planned: live.spec, now: now.spec });
  return { type: 'open', why: 'the fields are not as asked', untouched: moved.length === 0 };
}

function missing(address: string): PlatformError {
  return new PlatformError('not-found', `${address} is not there any more`, { executed: 'no', retryable: false });
}

/** Did a deletion? */
export async function settleDelete<Api>(asked: Asked<Api>, live: LiveResource): Promise<Seen<true>> {
  const now = await memberNow(asked, live);
  if (now === null) return { type: 'happened', found: true };
  const moved = compareSpec(asked.kind, live.spec, now.spec).differences;
  return { type: 'open', why: 'it is still there', untouched: moved.length === 0 };
}

/** The members of a batch: what is to be set, what is to go, and what was there before, by key. */
export interface Batch {
  readonly set: readonly Spec[];
  readonly remove: readonly Spec[];
}

/** Did a batch? `left` is what of it is still to be done. */
export async function settleBatch<Api>(
  asked: Asked<Api>,
  batch: Batch,
  before: ReadonlyMap<string, Spec>,
): Promise<{ readonly seen: Seen<true>; readonly left: Batch }> {
  const { kind } = asked;
  const now = new Map((await membersNow(asked)).map((member) => [kind.key(member.spec), member.spec]));
  const set = batch.set.filter((spec) => {
    const there = now.get(kind.key(spec));
    return there === undefined || compareSpec(kind, spec, there).differences.length > 0;
  });
  const remove = batch.remove.filter((spec) => now.has(kind.key(spec)));
  if (set.length + remove.length === 0) return { seen: { type: 'happened', found: true }, left: { set, remove } };
  const untouched = [...set, ...remove].every((spec) =>
    isSame(kind, before.get(kind.key(spec)), now.get(kind.key(spec))),
  );
  return { seen: { type: 'open', why: 'the values are not as asked', untouched }, left: { set, remove } };
}

/** Both absent, or equal as far as both are known. */
export function isSame(kind: AnyKind, before: Spec | undefined, now: Spec | undefined): boolean {
  if (before === undefined || now === undefined) return before === now;
  return compareSpec(kind, before, now).differences.length === 0;
}
