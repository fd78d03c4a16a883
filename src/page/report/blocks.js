import { el } from '../dom.js';

/**
 * @typedef {object} Block
 * @property {number} height About what it will take, in pixels.
 * @property {() => Node} draw
 */

/** Draws what is near the window, and the rest when it comes near: a list of thousands costs what is seen of it. */
export function openBlocks() {
  /** @type {Map<Element, () => Node>} */
  const waiting = new Map();
  const draw = (/** @type {Element} */ element) => {
    const made = waiting.get(element);
    if (made === undefined) return;
    waiting.delete(element);
    watcher.unobserve(element);
    element.replaceWith(made());
  };
  const watcher = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) if (isIntersecting) draw(target);
    },
    { rootMargin: '500px 0px' },
  );
  return {
    /** @param {Element} into @param {readonly Block[]} blocks The first is drawn at once. */
    put(into, blocks) {
      for (const [index, block] of blocks.entries()) {
        if (index === 0) {
          into.append(block.draw());
          continue;
        }
        const place = el('div', { class: 'block' });
        place.style.height = `${block.height}px`;
        into.append(place);
        waiting.set(place, block.draw);
        watcher.observe(place);
      }
    },
    /** All that is there is drawn, as for paper. */
    drawAll() {
      while (waiting.size > 0) for (const element of waiting.keys()) draw(element);
    },
    /** What is gone is not drawn any more. */
    forget() {
      watcher.disconnect();
      waiting.clear();
    },
  };
}

/**
 * @template Thing
 * @param {readonly Thing[]} things
 * @param {number} size
 * @returns {readonly (readonly Thing[])[]}
 */
export function chunked(things, size) {
  return Array.from({ length: Math.ceil(things.length / size) }, (_, index) =>
    things.slice(index * size, (index + 1) * size),
  );
}
