/**
 * @import { Group, Row } from './report-data.d.ts'
 */

/**
 * Rows by their containers, two levels deep, in the order they come. What is in a container and holds nothing itself is a row of it.
 * @param {readonly Row[]} rows
 * @param {number} facets How many there are.
 * @returns {readonly Group[]}
 */
export function groupRows(rows, facets) {
  return [...Map.groupBy(rows, ({ a }) => pathOf(a, 1))].map(([address, members]) => {
    const inner = [...Map.groupBy(members, ({ a }) => pathOf(a, 2))];
    const isAlone = (/** @type {readonly Row[]} */ of) => of.every(({ a }) => a.split('/').length <= 2);
    return {
      address,
      rows: inner.filter(([, of]) => isAlone(of)).flatMap(([, of]) => of),
      inside: inner
        .filter(([, of]) => !isAlone(of))
        .map(([within, of]) => ({ address: within, rows: of, inside: [], ...countsOf(of, facets) })),
      ...countsOf(members, facets),
    };
  });
}

/** @param {string} address @param {number} levels */
function pathOf(address, levels) {
  return address.split('/').slice(0, levels).join('/');
}

/** @param {readonly Row[]} rows @param {number} facets */
function countsOf(rows, facets) {
  /** @type {number[]} */
  const counts = Array.from({ length: facets }, () => 0);
  for (const { t } of rows) counts[t] = (counts[t] ?? 0) + 1;
  return { total: rows.length, counts };
}
