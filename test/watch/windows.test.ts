import { describe, expect, test } from 'vitest';
import { openWindows } from '../../src/compose/windows.ts';
import type { ChangeWindow } from '../../src/model/change-window.ts';

const where = { file: 'state.yaml', line: 1, column: 1 };
const HOUR = 3_600_000;

async function standing(windows: readonly Partial<ChangeWindow>[], now: string): Promise<string> {
  const whole = windows.map((window) => ({
    schedule: '0 0 * * *',
    durationMs: HOUR,
    timeZone: 'UTC',
    where,
    ...window,
  }));
  const opened = await openWindows([{ within: null, windows: whole, where }]);
  const [found] = opened.windows?.at(Date.parse(now)) ?? [];
  if (found === undefined) return 'always open';
  return found.open ? 'open' : `opens ${found.opensAt === null ? 'never' : new Date(found.opensAt).toISOString()}`;
}

describe('a change window', () => {
  const night = { schedule: '0 22 * * 1-5', durationMs: 2 * HOUR };
  test.each([
    ['2026-11-20T21:59:59.999Z', 'opens 2026-11-20T22:00:00.000Z'],
    ['2026-11-20T22:00:00.000Z', 'open'],
    ['2026-11-20T23:59:59.999Z', 'open'],
    ['2026-11-21T00:00:00.000Z', 'opens 2026-11-23T22:00:00.000Z'],
  ])('at %s: %s', async (now, said) => expect(await standing([night], now)).toBe(said));

  test.each([
    // 02:30 is skipped on this night, and comes twice on the other.
    ['2026-03-29T00:00:00Z', 'opens 2026-03-29T01:00:00.000Z'],
    ['2026-10-25T00:45:00Z', 'open'],
    ['2026-10-24T00:45:00Z', 'open'],
    ['2026-10-24T23:45:00Z', 'opens 2026-10-25T00:30:00.000Z'],
  ])('in a night in which clocks change, at %s: %s', async (now, said) => {
    expect(await standing([{ schedule: '30 2 * * *', timeZone: 'Europe/Berlin' }], now)).toBe(said);
  });

  test('one that opens again before it closes is always open', async () => {
    for (const now of ['2026-11-20T12:00:00Z', '2026-11-20T12:00:59.999Z'])
      expect(await standing([{ schedule: '* * * * *' }], now)).toBe('open');
  });

  test('of several one is enough, and the first to open is told', async () => {
    const noon = { schedule: '0 12 * * *' };
    expect(await standing([night, noon], '2026-11-20T12:30:00Z')).toBe('open');
    expect(await standing([night, noon], '2026-11-20T23:30:00Z')).toBe('open');
    expect(await standing([night, noon], '2026-11-20T13:00:00Z')).toBe('opens 2026-11-20T22:00:00.000Z');
  });

  test('none in the list: always open, and nothing is loaded for it', async () => {
    expect(await standing([], '2026-11-20T13:00:00Z')).toBe('always open');
  });
});
