import { sanitize } from './sanitize.ts';

/**
 * One line of a source for a code frame. The line is shown as it is given: whoever gives it has put `…` in the place
 * of what is not to be seen, and a run of them becomes one.
 */
export interface FrameLine {
  readonly text: string;
  /** Offset in `text` of what stands at the column asked for, and its length there. */
  readonly caret: number;
  readonly length: number;
}

/** Without a terminal to ask. */
export const FRAME_WIDTH = 100;

/** The lines of a text, counted as places count them. */
export function frameSource(text: string): readonly string[] {
  return text.split('\n').map((line) => line.trimEnd());
}

/**
 * The frame of one line, at most `width` wide around the column, which counts from 1; null where nothing of the line
 * is to be seen.
 */
export function frameLine(line: string, column: number, width: number): FrameLine | null {
  // A line of megabytes is cut before anything looks at it.
  const from = Math.max(0, column - 1 - 4 * width);
  const near = line.slice(from, column - 1 + 4 * width);
  const at = Math.min(column - 1 - from, near.length);
  const head = shown(near.slice(0, at));
  const tail = shown(near.slice(at));
  const before = head.endsWith('…') && tail.startsWith('…') ? head.slice(0, -1) : head;
  const text = (before + tail).trimEnd();
  if (!/[^\s…]/u.test(text)) return null;
  const caret = Math.min(before.length, text.length);
  const length = Math.max(1, TOKEN.exec(text.slice(caret))?.[0].length ?? 1);
  return clipped({ text, caret, length }, width);
}

/** The part of the line around the caret that fits. */
function clipped({ text, caret, length }: FrameLine, width: number): FrameLine {
  if (text.length <= width) return { text, caret, length };
  const end = Math.min(text.length, Math.max(caret + Math.ceil(width / 2), width));
  const start = Math.max(0, end - width);
  const left = start === 0 ? '' : '…';
  const right = end === text.length ? '' : '…';
  const middle = text.slice(start + left.length, end - right.length).replace(HALVES, ' ');
  const inside = Math.min(caret - start, width - 1);
  return { text: left + middle + right, caret: inside, length: Math.min(length, width - inside) };
}

function shown(part: string): string {
  return sanitize(part.replaceAll('\t', ' ')).replace(/…(?: *…)*/g, '…');
}

/** Up to what ends a key or a plain scalar; a quoted one whole. */
const TOKEN = /^(?:"[^"\\]*"|'[^']*'|…|[^\s,:[\]{}"'#…]+)/u;
/** What a cut leaves of a character that is two units long. */
const HALVES = /^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/g;
