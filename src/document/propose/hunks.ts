import type { Hunk } from '../../model/proposal.ts';
import { MASK } from '../mask.ts';
import { lineStart, nextLine } from './extent.ts';
import { spliced, type Splice } from './splice.ts';

/** One text in two forms of equal length: as it is, and as it may be shown. */
export interface Shown {
  readonly text: string;
  readonly masked: string;
}

const CONTEXT = 3;

/** How long it is, is nobody's business either. */
const HIDDEN = new RegExp(`${MASK}+`, 'g');

/**
 * The hunks of a unified diff, made of the splices themselves (they are in order): which lines differ is known, and
 * nothing has to be searched for. Lines are shown masked.
 */
export function hunksOf(before: Shown, after: Shown, splices: readonly Splice[]): readonly Hunk[] {
  const old = linesOf(before);
  const young = linesOf(after);
  const changes = joined(regionsOf(before.text, splices).flatMap((region) => narrowed(region, old, young)));
  const hunks: Hunk[] = [];
  for (let first = 0; first < changes.length;) {
    let last = first;
    while (last + 1 < changes.length && start(changes[last + 1]) - end(changes[last]) <= 2 * CONTEXT) last += 1;
    hunks.push(hunkOf(changes.slice(first, last + 1), old, young));
    first = last + 1;
  }
  return hunks;
}

/** Lines `from`..`to` of the old text become `newFrom`..`newTo` of the new one; counted from 0. */
interface LineChange {
  readonly from: number;
  readonly to: number;
  readonly newFrom: number;
  readonly newTo: number;
}

interface Line {
  readonly raw: string;
  readonly shown: string;
}

/** Whole lines that splices touch, and the lines that come of them. */
function regionsOf(text: string, splices: readonly Splice[]): readonly LineChange[] {
  const regions: { start: number; end: number; splices: Splice[] }[] = [];
  for (const splice of splices) {
    const from = lineStart(text, splice.start);
    const isWhole = from === splice.start && lineStart(text, splice.end) === splice.end && /^$|\n$/.test(splice.text);
    const to = isWhole ? splice.end : nextLine(text, splice.end);
    const last = regions.at(-1);
    if (last !== undefined && from < last.end) {
      last.end = Math.max(last.end, to);
      last.splices.push(splice);
    } else regions.push({ start: from, end: to, splices: [splice] });
  }
  let shift = 0;
  return regions.map((region) => {
    const from = countLines(text.slice(0, region.start));
    const count = countLines(text.slice(region.start, region.end));
    const inside = region.splices.map((one) => ({
      ...one,
      start: one.start - region.start,
      end: one.end - region.start,
    }));
    const added = countLines(spliced(text.slice(region.start, region.end), inside));
    const change = { from, to: from + count, newFrom: from + shift, newTo: from + shift + added };
    shift += added - count;
    return change;
  });
}

/** Without what is equal at both ends. */
function narrowed(change: LineChange, old: readonly Line[], young: readonly Line[]): readonly LineChange[] {
  let { from, to, newFrom, newTo } = change;
  for (; from < to && newFrom < newTo && old[from]?.raw === young[newFrom]?.raw; from += 1) newFrom += 1;
  for (; from < to && newFrom < newTo && old[to - 1]?.raw === young[newTo - 1]?.raw; to -= 1) newTo -= 1;
  return from === to && newFrom === newTo ? [] : [{ from, to, newFrom, newTo }];
}

/** What follows on each other is one change: what goes stands before what comes. */
function joined(changes: readonly LineChange[]): readonly LineChange[] {
  const found: LineChange[] = [];
  for (const change of changes) {
    const last = found.at(-1);
    if (last !== undefined && last.to === change.from)
      found[found.length - 1] = { ...last, to: change.to, newTo: change.newTo };
    else found.push(change);
  }
  return found;
}

function hunkOf(changes: readonly LineChange[], old: readonly Line[], young: readonly Line[]): Hunk {
  const [first, last] = [changes[0], changes.at(-1)];
  const before = { from: Math.max(0, start(first) - CONTEXT), to: Math.min(old.length, end(last) + CONTEXT) };
  const lines: string[] = [];
  const put = (mark: string, all: readonly Line[]): void => {
    for (const { raw, shown } of all) {
      lines.push(mark + shown);
      if (!raw.endsWith('\n')) lines.push('\\ No newline at end of file');
    }
  };
  let at = before.from;
  for (const { from, to, newFrom, newTo } of changes) {
    put(' ', old.slice(at, from));
    put('-', old.slice(from, to));
    put('+', young.slice(newFrom, newTo));
    at = to;
  }
  put(' ', old.slice(at, before.to));
  const count = before.to - before.from;
  const grown = changes.reduce((sum, { from, to, newFrom, newTo }) => sum + newTo - newFrom - (to - from), 0);
  const newFrom = before.from + (first?.newFrom ?? 0) - (first?.from ?? 0);
  return { before: range(before.from, count), after: range(newFrom, count + grown), lines };
}

/** As `diff -u` counts: nothing stands behind line `start`. */
function range(from: number, count: number): Hunk['before'] {
  return { start: count === 0 ? from : from + 1, count };
}

function linesOf({ text, masked }: Shown): readonly Line[] {
  const lines: Line[] = [];
  for (let at = 0; at < text.length;) {
    const next = nextLine(text, at);
    lines.push({
      raw: text.slice(at, next),
      shown: masked.slice(at, next).replace(/\n$/, '').replaceAll(HIDDEN, MASK),
    });
    at = next;
  }
  return lines;
}

function countLines(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at = nextLine(text, at)) count += 1;
  return count;
}

function start(change: LineChange | undefined): number {
  return change?.from ?? 0;
}

function end(change: LineChange | undefined): number {
  return change?.to ?? 0;
}
