import { describe, expect, test } from 'vitest';
import { parseSchedule, runSchedule, type Schedule } from '../../src/daemon/schedule.ts';
import { virtualClock } from '../providers/virtual-clock.ts';

function schedule(text: string): Schedule {
  const parsed = parseSchedule(text);
  if ('wrong' in parsed) throw new Error(parsed.wrong);
  return parsed;
}

/** The next times after an instant, as ISO texts. */
function nexts(text: string, from: string, count: number): readonly string[] {
  const { next } = schedule(text);
  const found: string[] = [];
  for (let at = Date.parse(from); found.length < count;) {
    at = next(at) as number;
    found.push(new Date(at).toISOString());
  }
  return found;
}

describe('schedules', () => {
  test('five fields are minutes, six begin with seconds, and both are UTC', () => {
    expect(nexts('*/5 * * * *', '2026-11-20T10:01:00Z', 2)).toEqual([
      '2026-11-20T10:05:00.000Z',
      '2026-11-20T10:10:00.000Z',
    ]);
    expect(nexts('*/20 * * * * *', '2026-11-20T10:00:59.500Z', 2)).toEqual([
      '2026-11-20T10:01:00.000Z',
      '2026-11-20T10:01:20.000Z',
    ]);
  });

  test('in a time zone, over the hour that does not exist and the one that comes twice', () => {
    expect(nexts('CRON_TZ=Europe/Berlin 30 2 * * *', '2026-03-28T12:00:00Z', 2)).toEqual([
      '2026-03-29T01:00:00.000Z',
      '2026-03-30T00:30:00.000Z',
    ]);
    expect(nexts('TZ=Europe/Berlin 30 2 * * *', '2026-10-24T12:00:00Z', 2)).toHaveLength(2);
    expect(schedule('CRON_TZ=Europe/Berlin 30 2 * * *').timeZone).toBe('Europe/Berlin');
    expect(schedule('30 2 * * *').timeZone).toBe('UTC');
  });

  test.each(['', 'hourly', '60 * * * *', '* * *', '0 0 31 2 *', 'CRON_TZ=Mars/Base * * * * *'])(
    '%j is refused',
    (text) => {
      expect(parseSchedule(text)).toHaveProperty('wrong');
    },
  );
});

describe('a schedule that runs', () => {
  async function ticks(text: string, count: number, chance = 0): Promise<readonly number[]> {
    const clock = virtualClock(Date.UTC(2026, 10, 20, 10));
    const begun = clock.now();
    const ending = new AbortController();
    const found: number[] = [];
    await runSchedule(schedule(text), {
      clock,
      chance: () => chance,
      signal: ending.signal,
      onTick() {
        found.push(clock.now() - begun);
        if (found.length === count) ending.abort('enough');
      },
    });
    return found;
  }

  test('ticks at its times', async () => {
    expect(await ticks('*/5 * * * *', 3)).toEqual([300_000, 600_000, 900_000]);
    expect(await ticks('* * * * * *', 3)).toEqual([1_000, 2_000, 3_000]);
  });

  test('each a little late, so that many do not come together: a tenth of the gap, ten seconds at most', async () => {
    expect(await ticks('* * * * * *', 3, 0.5)).toEqual([1_050, 2_050, 3_050]);
    expect(await ticks('0 * * * *', 2, 1)).toEqual([3_610_000, 7_210_000]);
  });
});
