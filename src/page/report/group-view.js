import { addressView } from '../address-view.js';
import { el } from '../dom.js';
import { chunked, openBlocks } from './blocks.js';
import { rowView } from './row-view.js';

/**
 * @import { Group, ReportData, Row } from './report-data.d.ts'
 */

const ROWS_AT_ONCE = 30;
const GROUPS_AT_ONCE = 12;
const ROW_HEIGHT = 37;
const GROUP_HEIGHT = 45;

/**
 * The groups of a list as things that open and close. What is in one is drawn when it is opened.
 * @param {HTMLElement} into
 * @param {ReportData['facets']} facets
 */
export function openGroupView(into, facets) {
  const blocks = openBlocks();
  let isOpen = false;

  /** @param {Element} body @param {readonly Row[]} rows @param {string} within */
  function putRows(body, rows, within) {
    const parts = chunked(rows, ROWS_AT_ONCE).map((part) => ({
      height: part.length * ROW_HEIGHT,
      draw: () => el('ul', { class: 'rows' }, ...part.map((row) => rowView(row, facets, within))),
    }));
    blocks.put(body, parts);
  }

  /** @param {Group} group @param {number} level @param {string | null} within */
  function groupView(group, level, within) {
    const { address, rows, inside, counts } = group;
    const body = el('div', { class: 'body' });
    const tally = el(
      'span',
      { class: 'tally' },
      ...counts.flatMap((n, index) =>
        n === 0
          ? []
          : [
              el(
                'span',
                { 'data-tone': facets[index]?.[1] ?? 'quiet' },
                `${n.toLocaleString('en')} ${facets[index]?.[0] ?? ''}`,
              ),
            ],
      ),
    );
    const summary = el(
      'summary',
      {},
      el('span', { class: 'twisty', 'aria-hidden': 'true' }),
      addressView(address, within),
      tally,
    );
    const details = el('details', { class: 'group', 'data-level': level }, summary, body);
    let isDrawn = false;
    const draw = () => {
      if (isDrawn) return;
      isDrawn = true;
      putRows(body, rows, address);
      blocks.put(
        body,
        chunked(inside, GROUPS_AT_ONCE).map((part) => ({
          height: part.length * GROUP_HEIGHT,
          draw: () => fragment(part.map((one) => groupView(one, level + 1, address))),
        })),
      );
    };
    details.addEventListener('toggle', () => {
      if (details.open) draw();
    });
    // What stands in an open container is open: one key press shows all of it.
    if (isOpen || level > 1) {
      details.open = true;
      draw();
    }
    return details;
  }

  return {
    /** @param {readonly Group[]} groups @param {boolean} open */
    show(groups, open) {
      isOpen = open;
      blocks.forget();
      into.replaceChildren();
      blocks.put(
        into,
        chunked(groups, GROUPS_AT_ONCE).map((part) => ({
          height: part.reduce((sum, { total }) => sum + GROUP_HEIGHT + (open ? total * ROW_HEIGHT : 0), 0),
          draw: () => fragment(part.map((group) => groupView(group, 1, null))),
        })),
      );
    },
    drawAll: () => blocks.drawAll(),
  };
}

/** @param {readonly Node[]} nodes */
function fragment(nodes) {
  const made = document.createDocumentFragment();
  made.append(...nodes);
  return made;
}
