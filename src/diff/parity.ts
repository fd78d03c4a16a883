import type { Address } from '../model/address.ts';
import type { ParityCell, ParityColumn, ParityGroup, ParityRow } from '../model/parity.ts';
import type { FinalContainer, FinalState } from './final-state.ts';

/**
 * What the containers of each group have after the plan, beside each other. What leaves of values are letters. Equal for
 * equal states, whatever their order.
 */
export function parityOf(
  { kind, containers, unlisted }: FinalState,
  inScope: (address: Address) => boolean,
): readonly ParityGroup[] {
  const concerned = containers.filter(
    ({ address, members }) => inScope(address) || [...members.values()].some((member) => inScope(member.address)),
  );
  const groups = [...Map.groupBy(concerned, ({ group }) => group)].map(([group, inside]) =>
    groupOf(inside.toSorted(byAddress), { group, kind: kind.name, listed: !unlisted.some((at) => at === group) }),
  );
  const known = new Set(groups.map(({ group }) => group));
  const others = unlisted
    .filter((address) => !known.has(address) && (address === null || inScope(address)))
    .map((group): ParityGroup => ({ group, kind: kind.name, listed: false, columns: [], rows: [] }));
  return [...groups, ...others].sort((a, b) => compareText(a.group ?? '', b.group ?? ''));

  function groupOf(
    inside: readonly FinalContainer[],
    about: Pick<ParityGroup, 'group' | 'kind' | 'listed'>,
  ): ParityGroup {
    const keys = [...new Set(inside.flatMap(({ members }) => [...members.keys()]))]
      .filter((name) => inside.some((container) => isAbout(container, name)))
      .sort();
    const rows = keys.map((name) => cellsOf(inside, name));
    const columns = new Map<
      string,
      { readonly containers: Address[]; readonly unseen: ParityColumn['unseen']; readonly at: number }
    >();
    for (const [at, { address, unseen }] of inside.entries()) {
      const contents = JSON.stringify([unseen, rows.map((cells) => cells[at])]);
      const folded = columns.get(contents);
      if (folded === undefined) columns.set(contents, { containers: [address], unseen, at });
      else folded.containers.push(address);
    }
    const kept = [...columns.values()];
    return {
      ...about,
      columns: kept.map(({ containers: folded, unseen }) => ({ containers: folded, unseen })),
      rows: keys.map((name, row) => {
        const cells = kept.map(({ at }) => rows[row]?.[at] ?? UNKNOWN);
        return { key: name, standing: standingOf(cells), cells };
      }),
    };
  }

  function isAbout({ address, members }: FinalContainer, name: string): boolean {
    if (inScope(address)) return true;
    const member = members.get(name);
    return member !== undefined && inScope(member.address);
  }

  function cellsOf(inside: readonly FinalContainer[], name: string): readonly ParityCell[] {
    const letters = new Map<number, string>();
    return inside.map(({ members, gone, unseen }): ParityCell => {
      const member = members.get(name);
      if (member === undefined) return unseen === null || gone.has(name) ? { state: 'missing' } : UNKNOWN;
      if (typeof member.value === 'string') return { state: member.value };
      const letter = letters.get(member.value) ?? letterAt(letters.size);
      letters.set(member.value, letter);
      return { state: 'set', letter };
    });
  }
}

const UNKNOWN: ParityCell = { state: 'unknown' };

function standingOf(cells: readonly ParityCell[]): ParityRow['standing'] {
  if (new Set(cells.flatMap(({ letter }) => letter ?? [])).size > 1) return 'differs';
  if (cells.some(({ state }) => state === 'missing')) return 'missing';
  return cells.every(({ state }) => state === 'set') ? 'same' : 'unknown';
}

/** A, B, …, Z, AA, AB, … */
export function letterAt(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : letterAt(Math.floor(index / 26) - 1) + last;
}

function byAddress(a: FinalContainer, b: FinalContainer): number {
  return compareText(a.address, b.address);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
