import { el } from './dom.js';

const AT_ONCE = 150;

/**
 * A list that shows its first, and more when asked: nobody reads ten thousand, and drawing them would take a second.
 * @template Thing
 * @param {readonly Thing[]} things
 * @param {string} name
 * @param {(thing: Thing) => HTMLElement} draw Gives a list item.
 */
export function longList(things, name, draw) {
  const list = el('ul', { class: name });
  const more = el('button', { type: 'button', class: 'quiet wide more' });
  let shown = 0;
  const grow = () => {
    list.append(...things.slice(shown, shown + AT_ONCE).map(draw));
    shown = Math.min(things.length, shown + AT_ONCE);
    const left = things.length - shown;
    more.textContent = `Show more, of ${left.toLocaleString('en')} that are left`;
    more.hidden = left === 0;
  };
  more.addEventListener('click', () => {
    const before = list.children.length;
    grow();
    const next = list.children[before];
    if (next instanceof HTMLElement) {
      next.tabIndex = -1;
      next.focus({ preventScroll: true });
    }
  });
  grow();
  return el('div', {}, list, more);
}
