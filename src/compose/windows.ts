import type { Schedule } from '../daemon/schedule.ts';
import type { ChangeWindow, WindowScope, WindowStanding } from '../model/change-window.ts';
import type { Diagnostic } from '../model/diagnostic.ts';

/** The change windows of a document, once their schedules are understood. */
export interface Windows {
  /** Of each `policy.windows`, whether it is open, and else when it opens. */
  at(now: number): readonly WindowStanding[];
}

/** Null exactly when there are errors. Calendar arithmetic is loaded only for documents that have windows. */
export async function openWindows(
  scopes: readonly WindowScope[],
): Promise<{ readonly windows: Windows | null; readonly diagnostics: readonly Diagnostic[] }> {
  if (scopes.every(({ windows }) => windows.length === 0)) return { windows: { at: () => [] }, diagnostics: [] };
  const { parseSchedule } = await import('../daemon/schedule.ts');
  const schedules = new Map<ChangeWindow, Schedule>();
  const diagnostics: Diagnostic[] = [];
  for (const window of scopes.flatMap(({ windows }) => windows)) {
    const schedule = isZoned(window) ? { wrong: 'a zone stands in `timeZone`' } : parseSchedule(zoned(window));
    if ('next' in schedule) schedules.set(window, schedule);
    else
      diagnostics.push({
        severity: 'error',
        code: 'CVG202',
        summary: `the change window ${JSON.stringify(window.schedule)} (${window.timeZone}) cannot be understood: ${schedule.wrong}`,
        hint: 'Write `schedule` as cron, five fields as in "0 22 * * 1-5", and `timeZone` as in Europe/Berlin.',
        where: window.where,
      });
  }
  if (diagnostics.length > 0) return { windows: null, diagnostics };
  const opening = (window: ChangeWindow, after: number): number | null => schedules.get(window)?.next(after) ?? null;
  return {
    windows: {
      at: (now) =>
        scopes.map(({ within, windows, where }) => {
          // It is open when it has opened within its duration.
          const open =
            windows.length === 0 ||
            windows.some((window) => (opening(window, now - window.durationMs) ?? Number.POSITIVE_INFINITY) <= now);
          const openings = windows.map((window) => opening(window, now)).filter((at) => at !== null);
          return { within, where, open, opensAt: open || openings.length === 0 ? null : Math.min(...openings) };
        }),
    },
    diagnostics: [],
  };
}

function isZoned({ schedule }: ChangeWindow): boolean {
  return /^\s*(?:CRON_)?TZ=/.test(schedule);
}

function zoned({ schedule, timeZone }: ChangeWindow): string {
  return `CRON_TZ=${timeZone} ${schedule}`;
}
