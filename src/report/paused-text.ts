import type { PausedChanges } from '../model/change.ts';
import type { Paint } from './paint.ts';
import { sanitize } from './sanitize.ts';
import { count, firstOf } from './words.ts';

/** The pauses in force, who asked for them and what they hold: they stand in every plan and every report. */
export function pausedLines(paused: readonly PausedChanges[], paint: Paint): string[] {
  if (paused.length === 0) return [];
  return [
    paint(['bold', 'yellow'], 'Paused: nobody changes this until it expires.'),
    ...paused.flatMap(({ address, owner, reason, expires, held }) => [
      `  ${sanitize(address)} until ${expires} (${sanitize(owner)}: ${sanitize(reason)})`,
      held.length === 0 ? '    holds no change' : `    holds ${count(held.length, 'change')}:`,
      ...firstOf(held, MOST_NAMED).map((one) => `      ${one}`),
    ]),
  ];
}

/** How many changes pauses hold. */
export function pausedCount(paused: readonly PausedChanges[] = []): number {
  return paused.reduce((sum, { held }) => sum + held.length, 0);
}

const MOST_NAMED = 20;
