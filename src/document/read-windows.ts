import type { ChangeWindow } from '../model/change-window.ts';
import { durationMs } from '../model/duration.ts';
import { textAt, type Reader } from './reader.ts';
import { show } from './show.ts';
import type { Policy } from './state-document.ts';
import { isList, isMap, type TreeMap } from './tree.ts';

/** Where a window names no zone: what does not move twice a year. */
const USUAL_ZONE = 'UTC';
const SHORTEST_MS = 60_000;
/** What is open for longer than a month closes never. */
const LONGEST_MS = 31 * 86_400_000;

/**
 * Reads the `windows` of a `policy`; null where none are written. Schedule and zone are taken as they are: what they
 * mean is calendar arithmetic, and is judged where that is.
 */
export function readWindows(reader: Reader, policy: TreeMap): Policy['windows'] {
  const list = reader.get(policy, 'windows');
  if (!isList(list)) return null;
  const windows = Array.from(list.keys(), String).flatMap((index): ChangeWindow | [] => {
    const written = reader.get(list, index);
    if (!isMap(written)) return [];
    const schedule = textAt(reader, written, 'schedule');
    const duration = textAt(reader, written, 'duration');
    if (schedule === null || duration === null) return [];
    const ms = durationMs(duration) ?? 0;
    if (ms < SHORTEST_MS || ms > LONGEST_MS) {
      reader.diagnostics.push({
        severity: 'error',
        code: 'CVG304',
        summary: `${show('duration')} is ${show(duration)}; a window is open for a minute at least, and 31 days at most`,
        where: reader.keyPlace(written, 'duration'),
      });
      return [];
    }
    const timeZone = textAt(reader, written, 'timeZone') ?? USUAL_ZONE;
    return { schedule, durationMs: ms, timeZone, where: reader.keyPlace(written, 'schedule') };
  });
  return { list: windows, where: reader.keyPlace(policy, 'windows') };
}
