import { describe, expect, test } from 'vitest';
import { openParser } from '../../src/page/event-parser.js';
import { duration, segmentsOf, span, visible } from '../../src/page/format.js';
import { lanesOf, ticksOf } from '../../src/page/timeline.js';
import type { Episode } from '../../src/page/documents.d.ts';

describe('names of others', () => {
  test.each([
    ['a\u202Eb', String.raw`a\u{202e}b`],
    ['\u001B[31mred', String.raw`\u{1b}[31mred`],
    ['a\u200Bb\n', String.raw`a\u{200b}b\u{a}`],
    ['\uD800', String.raw`\u{d800}`],
    ['<b>مشروع</b>', '<b>مشروع</b>'],
  ])('%j', (text, shown) => expect(visible(text)).toBe(shown));

  test('one that never ends does', () => expect(visible('x'.repeat(5_000))).toHaveLength(301));

  test('an address is read by its segments, also one that is none', () => {
    expect(segmentsOf('site:a%2Fb/machine:%E0%A4%A')).toEqual([
      { kind: 'site', key: 'a/b' },
      { kind: 'machine', key: '%E0%A4%A' },
    ]);
    expect(segmentsOf('env')).toEqual([{ kind: '', key: 'env' }]);
  });
});

test('spans and durations', () => {
  expect([-4, 59, 60, 3_599, 7_200, 172_800].map(span)).toEqual(['0 s', '59 s', '1 min', '59 min', '2 h', '2 d']);
  expect([0.0844, 1.25, 125].map(duration)).toEqual(['84 ms', '1.3 s', '2 min 5 s']);
});

describe('events out of pieces', () => {
  test('wherever they are cut', () => {
    const text = ': alive\n\nevent: status\ndata: {"a":1}\n\nevent: run\ndata: {}\n\n';
    for (let cut = 0; cut <= text.length; cut++) {
      const seen: string[] = [];
      const parse = openParser((event, data) => void seen.push(`${event} ${data}`));
      parse(text.slice(0, cut));
      parse(text.slice(cut));
      expect(seen).toEqual(['status {"a":1}', 'run {}']);
    }
  });
});

describe('the timeline of drift', () => {
  const NOW = Date.UTC(2026, 10, 20, 12);
  const hour = 3_600_000;
  const episode = (address: string, seen: number, gone: number | null): Episode => ({
    address,
    kind: 'setting',
    action: 'update',
    reason: 'differs',
    fields: [],
    seenAt: new Date(NOW - seen * hour).toISOString(),
    goneAt: gone === null ? null : new Date(NOW - gone * hour).toISOString(),
    healedBy: null,
    run: 1,
  });
  const frame = { since: NOW - 24 * hour, now: NOW, most: 2 };

  test('a lane for each thing, what differs now on top, cut at the frame', () => {
    const { lanes, hidden } = lanesOf(
      [episode('a', 12, 6), episode('b', 30, 18), episode('c', 6, null), episode('a', 40, 30), episode('d', 50, 48)],
      frame,
    );
    expect(lanes.map(({ address, bars }) => [address, bars.map(({ from, to, open }) => [from, to, open])])).toEqual([
      ['c', [[0.75, 1, true]]],
      ['a', [[0.5, 0.75, false]]],
    ]);
    expect(hidden).toBe(1);
  });

  test('nonsense is left out', () => {
    expect(lanesOf([{ ...episode('a', 1, null), seenAt: 'yesterday' }], frame).lanes).toEqual([]);
  });

  test.each([24, 168, 720])('few ticks, all inside of %i hours', (hours) => {
    const ticks = ticksOf(NOW - hours * hour, NOW);
    expect(ticks.length).toBeGreaterThan(2);
    expect(ticks.length).toBeLessThan(10);
    for (const { share } of ticks) expect(share >= 0 && share <= 1).toBe(true);
  });
});
