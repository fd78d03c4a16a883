import { addressOf, type Address } from '../model/address.ts';
import type { Invariant } from '../model/invariant.ts';
import type { AnyKind } from '../model/kinds.ts';
import type { FinalContainer } from './final-state.ts';
import { isSettled, keyMatcher, type Judged, type Side, type Unjudged, type Violation } from './judged.ts';

/** One key in one container. */
interface Standing {
  readonly container: FinalContainer;
  /** The sides that mean its container. */
  readonly sides: ReadonlySet<number>;
  /** Where it is, or would be. */
  readonly address: Address;
  /** Equal for equal values and for nothing else; `missing`: known not to be there; null: not known. */
  readonly value: number | 'missing' | null;
  readonly unknown: Unjudged['because'] | null;
  readonly isDeclared: boolean;
}

const MISSING = 'missing';

/** `mustDiffer` and `mustMatch`: what stands under one key in the containers of a group. */
export function judgePairs(invariant: Invariant, sides: readonly Side[], kind: AnyKind): Judged {
  const violations: Violation[] = [];
  const unjudged: Unjudged[] = [];
  const isMeant = keyMatcher(invariant);
  let isIdle = true;
  for (const [group, inGroup] of groupsOf(sides)) {
    const parts = compared(inGroup.map(({ sure }) => sure));
    const possible = compared(inGroup.map(({ sure, unsure }) => [...sure, ...unsure]));
    for (const container of possible.keys())
      if (!parts.has(container)) unjudged.push({ invariant, address: container.address, because: 'condition' });
    for (const container of parts.keys())
      if (container.unseen !== null && !invariant.keys.every((glob) => isSettled(glob, container)))
        unjudged.push({ invariant, address: container.address, because: container.unseen });
    const keys = [...new Set([...parts.keys()].flatMap(({ members }) => [...members.keys()]))].filter(isMeant).sort();
    for (const key of keys) {
      isIdle = false;
      const standings = [...parts].map(([container, own]) => standingOf(key, container, { own, kind }));
      const found = BROKEN[invariant.rule === 'mustDiffer' ? 'mustDiffer' : 'mustMatch'];
      for (const broken of found(standings))
        violations.push({
          invariant,
          key,
          group,
          addresses: broken.map(({ address }) => address).sort(),
          containers: broken.map(({ container }) => container.address).sort(),
          missing: broken
            .filter(({ value }) => value === MISSING)
            .map(({ container }) => container.address)
            .sort(),
          isAsked: found(broken.filter(({ isDeclared }) => isDeclared)).length > 0,
        });
      for (const { address, unknown } of standings)
        if (unknown !== null) unjudged.push({ invariant, address, because: unknown });
    }
  }
  return { violations, unjudged, isIdle };
}

const BROKEN = {
  /** One list for each value that stands on two sides. */
  mustDiffer: (standings: readonly Standing[]): readonly (readonly Standing[])[] => {
    const known = standings.filter(({ value }) => value !== null && value !== MISSING);
    const equal = [...Map.groupBy(known, ({ value }) => value).values()];
    return equal.filter((holders) => haveAPair(holders.map(({ sides }) => sides)));
  },
  /** All of them, where not all that is known is the same. */
  mustMatch: (standings: readonly Standing[]): readonly (readonly Standing[])[] => {
    const known = standings.filter(({ value }) => value !== null);
    return new Set(known.map(({ value }) => value)).size > 1 ? [known] : [];
  },
} as const;

/** Whether two of them are compared with each other. Linear: few combinations of sides differ. */
function haveAPair(all: readonly ReadonlySet<number>[]): boolean {
  const distinct = [...Map.groupBy(all, nameOf).values()];
  return distinct.some((mine, index) =>
    distinct.some(
      (theirs, other) => (index !== other || mine.length > 1) && isAcross(mine[0] ?? new Set(), theirs[0] ?? new Set()),
    ),
  );
}

function nameOf(sides: ReadonlySet<number>): string {
  return [...sides].sort((a, b) => a - b).join();
}

function isAcross(one: ReadonlySet<number>, other: ReadonlySet<number>): boolean {
  if (one.has(ALL) && other.has(ALL)) return true;
  return [...one].some((side) => [...other].some((opposite) => opposite !== side));
}

/** The side of an invariant that has one only. */
const ALL = -1;

/** The containers that have one to be compared with, each with its sides. */
function compared(sides: readonly (readonly FinalContainer[])[]): ReadonlyMap<FinalContainer, ReadonlySet<number>> {
  const own = new Map<FinalContainer, Set<number>>();
  for (const [index, containers] of sides.entries())
    for (const container of containers)
      own.set(container, (own.get(container) ?? new Set()).add(sides.length === 1 ? ALL : index));
  const distinct = Map.groupBy(own.values(), nameOf);
  const isPartnered = (mine: ReadonlySet<number>): boolean =>
    [...distinct].some(
      ([name, [theirs, ...more]]) =>
        theirs !== undefined && isAcross(mine, theirs) && (name !== nameOf(mine) || more.length > 0),
    );
  const partnered = new Set(
    [...distinct].flatMap(([name, [mine]]) => (mine !== undefined && isPartnered(mine) ? [name] : [])),
  );
  return new Map(
    [...own].filter(([, of]) => partnered.has(nameOf(of))).sort(([a], [b]) => (a.address < b.address ? -1 : 1)),
  );
}

/** Containers are compared with those beside them: by group. */
function groupsOf(sides: readonly Side[]): ReadonlyMap<Address | null, readonly Side[]> {
  const all = sides.flatMap(({ sure, unsure }) => [...sure, ...unsure]);
  const groups = [...new Set(all.map(({ group }) => group))];
  const split = sides.map(({ sure, unsure }) => ({
    sure: Map.groupBy(sure, ({ group }) => group),
    unsure: Map.groupBy(unsure, ({ group }) => group),
  }));
  return new Map(
    groups.map((group) => [
      group,
      split.map(({ sure, unsure }) => ({ sure: sure.get(group) ?? [], unsure: unsure.get(group) ?? [] })),
    ]),
  );
}

function standingOf(
  key: string,
  container: FinalContainer,
  { own, kind }: { readonly own: ReadonlySet<number>; readonly kind: AnyKind },
): Standing {
  const member = container.members.get(key);
  if (member === undefined) {
    const isGone = container.unseen === null || container.gone.has(key);
    const address = addressOf(container.address, kind.name, key);
    const value = isGone ? MISSING : null;
    // What else is not known of the container is said once for all keys.
    return { container, sides: own, address, value, unknown: null, isDeclared: container.isManaged };
  }
  const { address, value, isDeclared } = member;
  return typeof value === 'string'
    ? { container, sides: own, address, value: null, unknown: value, isDeclared }
    : { container, sides: own, address, value, unknown: null, isDeclared };
}
