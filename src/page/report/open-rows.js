import { wordsOf } from './row-search.js';

/**
 * The rows that stand in the page whether a script runs or not: they are hidden where a search does not find them, and never otherwise.
 * @param {readonly string[]} facets The word of each.
 */
export function findOpenRows(facets) {
  const rows = [...document.querySelectorAll('.rows.open > .row')].filter((row) => row instanceof HTMLElement);
  const kinds = rows.map((row) => facets.indexOf(row.querySelector('.verb')?.textContent ?? ''));
  /** @type {readonly string[] | null} */
  let texts = null;
  return {
    total: rows.length,
    /** @type {readonly number[]} By facet. */
    counts: facets.map((_, index) => kinds.filter((kind) => kind === index).length),
    /**
     * @param {string} query
     * @param {ReadonlySet<number>} chosen
     * @returns {number} How many are shown.
     */
    show(query, chosen) {
      const words = wordsOf(query);
      const said = (texts ??= rows.map((row) =>
        [row.textContent, ...[...row.querySelectorAll('[title]')].map((one) => one.getAttribute('title'))]
          .join('\n')
          .toLowerCase(),
      ));
      let shown = 0;
      for (const [index, row] of rows.entries()) {
        const isFound =
          (chosen.size === 0 || chosen.has(kinds[index] ?? -1)) &&
          words.every((word) => said[index]?.includes(word) === true);
        if (row.hidden === isFound) row.hidden = !isFound;
        if (isFound) shown++;
      }
      return shown;
    },
  };
}
