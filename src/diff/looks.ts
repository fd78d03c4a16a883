import type { Address } from '../model/address.ts';
import type { Action, Change } from '../model/change.ts';
import type { AnyKind, Kinds } from '../model/kinds.ts';
import type { Step } from './graph.ts';
import type { PlanInput } from './input.ts';

/**
 * Whether what a step stands on is read once more immediately before its write: where one request shows it. What this
 * run has just made needs no look (unless it is born with members), and the creation of a thing at the top has
 * nothing to look at but the whole team.
 */
export function looksFirst(
  step: Step,
  on: { readonly isInNew: boolean; readonly action: Action | undefined },
): boolean {
  switch (step.operation) {
    case 'batch':
      return !on.isInNew || step.kind.seeded === true;
    case 'create':
      return step.kind.parent !== null && !on.isInNew && on.action !== 'replace';
    case 'update':
    case 'delete':
      return true;
    default:
      return step.operation satisfies never;
  }
}

/** The kinds whose members hold data inside of one of `kind`: before that goes they are listed once more. */
export function dataInside<Kind extends AnyKind>(kind: AnyKind, kinds: Kinds<Kind>): readonly Kind[] {
  return kind.holdsData === true ? kinds.childrenOf(kind.name).filter(({ holdsData }) => holdsData === true) : [];
}

/** Collections that only the proof can read: their containers are made in this run. At most a request each. */
export function freshCollections({ desired }: Pick<PlanInput, 'desired'>, changes: readonly Change[]): number {
  const made = new Set<Address | null>(
    changes.filter(({ action }) => action === 'create').map(({ address }) => address),
  );
  return desired.collections.filter(({ parent }) => made.has(parent)).length;
}

/** How many requests the looks before the writes will be, when nothing goes wrong. */
export function predictLooks(steps: readonly Step[], changes: readonly Change[], kinds: Kinds): number {
  const actions = new Map<Address, Action>(changes.map(({ address, action }) => [address, action]));
  const isNew = (address: Address | null): boolean => {
    const action = address === null ? undefined : actions.get(address);
    return action === 'create' || action === 'replace';
  };
  let looks = 0;
  for (const step of steps) {
    const [address] = step.addresses;
    const action = address === undefined ? undefined : actions.get(address);
    if (looksFirst(step, { isInNew: isNew(step.parent), action })) looks += 1;
    if (step.operation === 'delete') looks += dataInside(step.kind, kinds).length;
  }
  return looks;
}
