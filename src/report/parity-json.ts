import type { ParityCell, ParityGroup } from '../model/parity.ts';

/** Only where it was asked for; keys in this order, nothing but what is documented. */
export function parityJson(groups: readonly ParityGroup[] | undefined): { readonly parity?: readonly ParityGroup[] } {
  if (groups === undefined) return {};
  return {
    parity: groups.map(({ group, kind, listed, columns, rows }) => ({
      group,
      kind,
      listed,
      columns: columns.map(({ containers, unseen }) => ({ containers: [...containers], unseen })),
      rows: rows.map(({ key, standing, cells }) => ({ key, standing, cells: cells.map(cellJson) })),
    })),
  };
}

function cellJson({ state, letter }: ParityCell): ParityCell {
  return { state, ...(letter === undefined ? {} : { letter }) };
}
