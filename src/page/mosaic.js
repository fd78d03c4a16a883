import { WORDS, worstOf } from './standing.js';

/**
 * @import { Item } from './documents.d.ts'
 */

const LARGEST = 36;
const SMALLEST = 3;

/**
 * Everything at one glance: a cell for each thing that contains nothing further, in the order of the tree.
 * @param {HTMLElement} frame
 * @param {HTMLCanvasElement} canvas
 * @param {{ readonly onPoint: (item: Item | null) => void, readonly onSelect: (item: Item) => void }} on
 */
export function openMosaic(frame, canvas, on) {
  /** @type {readonly Item[]} */
  let items = [];
  let isOld = false;
  let across = 1;
  let cell = LARGEST;

  function draw() {
    const { clientWidth: width, clientHeight: height } = frame;
    const context = canvas.getContext('2d');
    if (context === null || width === 0 || height === 0 || items.length === 0) return;
    cell = Math.max(SMALLEST, Math.min(LARGEST, Math.floor(Math.sqrt((width * height) / items.length))));
    while (cell > SMALLEST && Math.ceil(items.length / Math.floor(width / cell)) * cell > height) cell -= 1;
    across = Math.max(1, Math.floor(width / cell));
    const down = Math.ceil(items.length / across);
    const scale = window.devicePixelRatio || 1;
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(down * cell * scale);
    canvas.style.height = `${down * cell}px`;
    context.scale(scale, scale);
    const style = getComputedStyle(frame);
    const gap = cell > 12 ? 3 : cell > 5 ? 2 : 1;
    /** @type {Map<string, string>} */
    const colors = new Map();
    /** @type {(() => void)[]} */
    const loud = [];
    for (const [index, item] of items.entries()) {
      const standing = worstOf(item.total) ?? 'none';
      let color = colors.get(standing);
      if (color === undefined) {
        color = style.getPropertyValue(`--${isOld ? 'unknown' : standing}`).trim() || 'gray';
        colors.set(standing, color);
      }
      const isCalm = isOld || standing === 'in-sync' || standing === 'unmanaged' || standing === 'none';
      const [x, y] = [(index % across) * cell, Math.floor(index / across) * cell];
      const size = cell - gap;
      if (isCalm) {
        context.globalAlpha = 0.42;
        context.fillStyle = color;
        // No corner of a few pixels can be seen to be round, and thousands of paths take time.
        if (size < 8) context.fillRect(x, y, size, size);
        else {
          context.beginPath();
          context.roundRect(x, y, size, size, Math.min(3, size / 4));
          context.fill();
        }
        continue;
      }
      // What is not well is seen among thousands: drawn last, and never smaller than this.
      const radius = Math.max(size / 2, 4.5);
      const fill = color;
      loud.push(() => {
        context.fillStyle = fill;
        context.beginPath();
        const right = across * cell - radius;
        const middle = (/** @type {number} */ at, /** @type {number} */ most) =>
          Math.max(radius, Math.min(most, at + size / 2));
        context.arc(middle(x, right), middle(y, down * cell - radius), radius, 0, 2 * Math.PI);
        context.fill();
      });
    }
    context.globalAlpha = 1;
    for (const drawOne of loud) drawOne();
  }

  /** @param {MouseEvent} event @returns {Item | null} */
  const itemAt = (event) => {
    const box = canvas.getBoundingClientRect();
    const column = Math.floor((event.clientX - box.left) / cell);
    if (column < 0 || column >= across) return null;
    return items[Math.floor((event.clientY - box.top) / cell) * across + column] ?? null;
  };
  canvas.addEventListener('pointermove', (event) => on.onPoint(itemAt(event)));
  canvas.addEventListener('pointerleave', () => on.onPoint(null));
  canvas.addEventListener('click', (event) => {
    const item = itemAt(event);
    if (item !== null) on.onSelect(item);
  });
  new ResizeObserver(draw).observe(frame);

  return {
    /** @param {readonly Item[]} leaves @param {boolean} old */
    show(leaves, old) {
      items = leaves;
      isOld = old;
      frame.hidden = leaves.length < 2;
      /** @type {Map<string, number>} */
      const counts = new Map();
      for (const { total } of leaves) {
        const word = old ? WORDS.unknown : WORDS[worstOf(total) ?? 'unmanaged'];
        counts.set(word, (counts.get(word) ?? 0) + 1);
      }
      canvas.setAttribute(
        'aria-label',
        `${leaves.length} cells: ${[...counts].map(([word, n]) => `${n} ${word}`).join(', ')}`,
      );
      draw();
    },
    draw,
  };
}
