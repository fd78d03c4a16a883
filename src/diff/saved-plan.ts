import { parentAddress, type Address } from '../model/address.ts';
import type { Change, Plan, Scope } from '../model/change.ts';
import type { Kinds } from '../model/kinds.ts';
import type { Observation } from '../model/observation.ts';
import type { PlanDigests, SavedPlan } from '../model/saved-plan.ts';
import type { DesiredState } from '../model/resource.ts';
import { preImage, stateDigest, unresolvedAddresses } from './digest.ts';

/** What a saved plan is compared with: the world as it is now. */
export interface World {
  readonly plan: Plan;
  readonly desired: Pick<DesiredState, 'resources' | 'selectors'>;
  readonly observation: Observation;
  readonly kinds: Kinds;
  /** State file path → digest of its bytes under the same key. */
  readonly files: Readonly<Record<string, string>>;
}

/** The digests that `--out` adds. `key` is the HMAC key; how it is told is the caller's. */
export function digestsOf(world: World, key: Uint8Array, told: PlanDigests['key']): PlanDigests {
  const unresolved = unresolvedAddresses(world.desired);
  return {
    key: told,
    files: world.files,
    state: stateDigest(key, world.desired, new Set(unresolved)),
    before: Object.fromEntries(
      world.plan.changes.map((change) => [
        change.address,
        preImage(key, change, world.observation.live.get(change.address), world.kinds),
      ]),
    ),
    unresolved,
  };
}

export type Checked =
  /** The changes of the saved plan that still stand, those whose selected subject is gone, and the differences it does not list. */
  | {
      readonly type: 'holds';
      readonly execute: readonly Change[];
      readonly gone: readonly Change[];
      readonly notApplied: readonly Address[];
    }
  /** One line for each thing that moved. */
  | { readonly type: 'stale'; readonly moved: readonly string[] };

/**
 * A saved plan is consent, not instruction: its changes are executed where the fresh plan still asks for them on the
 * same ground. Anything that moved makes all of it stale.
 */
export function checkSaved(saved: SavedPlan, world: World, key: Uint8Array): Checked {
  const moved = [...movedTarget(saved.plan, world.plan), ...movedFiles(saved.digests.files, world.files)];
  const unresolved = new Set(saved.digests.unresolved);
  if (moved.length === 0 && stateDigest(key, world.desired, unresolved) !== saved.digests.state)
    moved.push('the desired state: a source gives another value than when the plan was made');
  const fresh = new Map(world.plan.changes.map((change) => [change.address, change]));
  const execute: Change[] = [];
  const gone: Change[] = [];
  for (const change of saved.plan.changes) {
    const now = fresh.get(change.address);
    // What was not resolved becomes a write of that variable or nothing.
    const open = unresolved.has(change.address) && (change.action === 'create' || change.action === 'update');
    if (now === undefined) {
      if (isGone(change, world.observation.live)) gone.push(change);
      else if (!open) moved.push(`${change.address}: the ${change.action} is no longer needed`);
    } else if (fieldNames(now) !== fieldNames(change))
      moved.push(
        `${change.address}: differs in ${fieldNames(now)} now, in ${fieldNames(change)} when the plan was made`,
      );
    else if (now.action !== change.action)
      moved.push(`${change.address}: was to ${change.action}, now needs to ${now.action}`);
    else {
      const known = world.observation.live.get(change.address);
      if (preImage(key, change, known, world.kinds) !== saved.digests.before[change.address])
        moved.push(`${change.address}: its live state is not what the plan was made on`);
      else execute.push(now);
    }
  }
  if (moved.length > 0) return { type: 'stale', moved };
  const listed = new Set(saved.plan.changes.map(({ address }) => address));
  return {
    type: 'holds',
    execute,
    gone,
    notApplied: world.plan.changes.map(({ address }) => address).filter((address) => !listed.has(address)),
  };
}

/** What a selector matched when the plan was made, and what it contains, may go at any time (rule 23). */
function isGone({ address, action, selector }: Change, live: ReadonlyMap<Address, unknown>): boolean {
  if (selector === null) return false;
  const parent = parentAddress(address);
  return (parent !== null && !live.has(parent)) || (action === 'update' && !live.has(address));
}

function movedTarget(saved: Plan, now: Plan): string[] {
  const moved: string[] = [];
  const compare = (what: string, was: unknown, is: unknown): void => {
    if (was !== is) moved.push(`${what}: the plan is for ${String(was)}, this is ${String(is)}`);
  };
  compare('host', saved.target.apiUrl, now.target.apiUrl);
  compare('dialect', saved.target.dialect, now.target.dialect);
  compare('team id', saved.target.teamId, now.target.teamId);
  compare('scope', describeScope(saved.scope), describeScope(now.scope));
  return moved;
}

function describeScope(scope: Scope): string {
  const parts = [
    ...scope.target.map((glob) => `--target ${glob}`),
    ...scope.exclude.map((glob) => `--exclude ${glob}`),
  ];
  return parts.length === 0 ? 'everything' : parts.join(' ');
}

function movedFiles(saved: Readonly<Record<string, string>>, now: Readonly<Record<string, string>>): string[] {
  return [...new Set([...Object.keys(saved), ...Object.keys(now)])]
    .sort()
    .filter((path) => saved[path] !== now[path])
    .map(
      (path) =>
        `${path}: ${saved[path] === undefined ? 'was not there' : now[path] === undefined ? 'is gone' : 'has changed'} since the plan was made`,
    );
}

function fieldNames({ fields }: Change): string {
  return fields.map(({ field }) => field).join(', ');
}
