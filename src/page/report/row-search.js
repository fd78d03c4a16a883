/**
 * @import { ReportData, Row } from './report-data.d.ts'
 */

/**
 * Finds rows by words that all have to be somewhere in them: in the address as it is written or read, in what differs, in why, in
 * the line. What a row says is put together once, at the first search.
 * @param {ReportData} data
 */
export function openSearch({ rows, facets }) {
  /** @type {readonly string[] | null} */
  let texts = null;
  /**
   * @param {string} query
   * @param {ReadonlySet<number>} chosen Facets; none: all.
   * @returns {readonly Row[]}
   */
  return (query, chosen) => {
    const words = wordsOf(query);
    if (words.length === 0 && chosen.size === 0) return rows;
    const said = (texts ??= rows.map((row) => textOf(row, facets)));
    return rows.filter(
      ({ t }, index) =>
        (chosen.size === 0 || chosen.has(t)) && words.every((word) => said[index]?.includes(word) === true),
    );
  };
}

/** @param {string} query */
export function wordsOf(query) {
  return query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
}

/** @param {Row} row @param {ReportData['facets']} facets */
function textOf({ a, t, d = [], y = [], w = '' }, facets) {
  return [a, readable(a), facets[t]?.[0] ?? '', ...d.flatMap(([name, text]) => [name, text]), ...y, w]
    .join('\n')
    .toLowerCase();
}

/** @param {string} address */
function readable(address) {
  try {
    return decodeURIComponent(address);
  } catch {
    return '';
  }
}
