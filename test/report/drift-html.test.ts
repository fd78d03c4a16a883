import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Drift, DriftItem } from '../../src/model/drift.ts';
import { driftHtml } from '../../src/report/html/drift-html.ts';
import { countTicks, timeTicks } from '../../src/report/html/plots/axes.ts';
import { stackedColumns } from '../../src/report/html/plots/stacked-columns.ts';
import { onCpu } from '../kit/cpu.ts';
import { DRIFT_SINCE, PAST, READ_AT } from './drift-past.ts';
import { at, LARGE_DRIFT, META } from './examples.ts';
import { dangersIn, dataOf, seenWithoutScripts } from './html.ts';

const OPTIONS = { ...META, page: { style: '/* style */', script: '/* script */' }, past: null };

const IGNORED = {
  address: 'project:docs/**',
  fields: [],
  reason: 'the new host is not ready',
  expires: '2026-02-01T00:00:00Z',
  things: [at('project:docs')],
  differing: [],
  where: null,
};

describe('drift for browsers', () => {
  test('shows everything it holds', async () => {
    await expect(driftHtml(LARGE_DRIFT, OPTIONS)).toMatchFileSnapshot('golden/drift.html');
  });

  test('with a history also shows since when, how much over time, and when it ended', async () => {
    const text = driftHtml(DRIFT_SINCE, { ...OPTIONS, past: PAST });
    await expect(text).toMatchFileSnapshot('golden/drift-past.html');
    expect(driftHtml(LARGE_DRIFT, OPTIONS)).not.toContain('How much differed');
    expect(seenWithoutScripts(text)).toContain('as declared until 2026-01-01 07:04 UTC');
    expect(text).toContain('<desc id="ages-about">under 1 h: 1, 1 h to 1 d: 2, 1 d to 7 d: 1, 7 d to 30 d: 1');
  });

  test('says what is ignored on purpose', () => {
    const seen = seenWithoutScripts(driftHtml({ ...LARGE_DRIFT, ignored: [IGNORED] }, OPTIONS));
    expect(seen).toContain('project:docs/** until 2026-02-01 00:00 UTC');
    expect(seen).toContain('the new host is not ready. It matches 1 thing.');
  });

  test('says without scripts what drifted and who it was', () => {
    const seen = seenWithoutScripts(driftHtml(LARGE_DRIFT, OPTIONS));
    expect(seen).toMatch(/changed.*env-var LOG_LEVEL.*by Ada \(member 7\), dashboard, 2026-01-01 12:00 UTC/);
    expect(seen).toContain('No permission.');
  });

  test('says that there is none only as far as was looked', () => {
    const none: Drift = { ...LARGE_DRIFT, items: [], unreadable: [], unmanaged: [], diagnostics: [] };
    expect(driftHtml(none, OPTIONS)).toContain('data-tone="good"');
    expect(driftHtml(none, OPTIONS)).toContain('No drift');
    expect(driftHtml({ ...none, unreadable: LARGE_DRIFT.unreadable }, OPTIONS)).toContain('No drift, not all was read');
  });

  test('is equal for equal drift in whatever order', () => {
    const { items, unmanaged, unreadable } = DRIFT_SINCE;
    const turned = {
      unmanaged: unmanaged.toReversed(),
      unreadable: unreadable.toReversed(),
      items: items.toReversed(),
    };
    const past = { ...PAST, episodes: PAST.episodes.toReversed() };
    expect(driftHtml({ ...DRIFT_SINCE, ...turned }, { ...OPTIONS, past })).toBe(
      driftHtml(DRIFT_SINCE, { ...OPTIONS, past: PAST }),
    );
  });

  test('a hostile team is inert', () => {
    const nasty = fc.oneof(
      fc.constantFrom(
        '<script>x</script>',
        '</title></svg><img src=x onerror=x>',
        '"><b',
        '\u202ea',
        '&lt;',
        '%3Cb%3E',
      ),
      fc.string({ unit: 'binary', maxLength: 20 }),
    );
    fc.assert(
      fc.property(nasty, nasty, nasty, (a, b, c) => {
        const [example] = DRIFT_SINCE.items;
        if (example === undefined) throw new Error('no example');
        const item: DriftItem = {
          ...example,
          address: at(`project:${a}/deployment:${b}`),
          fields: [b],
          by: { actor: 'member', id: a, name: b, via: c, at: '2026-01-01T00:00:00Z', ip: a },
        };
        const drift = {
          ...DRIFT_SINCE,
          target: { ...DRIFT_SINCE.target, teamSlug: a },
          items: [item, { ...example, address: at(c), kind: a, where: { file: b, line: 1, column: 1 } }],
          coverage: [{ kind: c, declared: 2, live: 1, unmanaged: 1 }],
          ignored: [{ ...IGNORED, address: a, fields: [b], reason: c }],
        };
        const [first] = PAST.episodes;
        if (first === undefined) throw new Error('no example');
        const past = { ...PAST, episodes: [{ ...first, address: at(`project:${b}`) }] };
        const text = driftHtml(drift, { ...OPTIONS, past });
        expect(dangersIn(text)).toEqual([]);
        expect(dataOf(text)).toMatchObject({ noun: 'drifted thing' });
      }),
      { seed: 20261121, numRuns: 200 },
    );
  });

  test('2,000 drifted things and 5,000 episodes: under 2 s and 3 MB', async () => {
    const [item] = DRIFT_SINCE.items.slice(4);
    const [episode] = PAST.episodes;
    if (item === undefined || episode === undefined) throw new Error('no example');
    const address = (i: number) => at(`project:p${i % 300}/deployment:production/env-var:NAME_${i}`);
    const drift = {
      ...DRIFT_SINCE,
      items: Array.from({ length: 2_000 }, (_, i) => ({ ...item, address: address(i) })),
    };
    const episodes = Array.from({ length: 5_000 }, (_, i) => ({
      ...episode,
      address: address(i),
      seenAt: READ_AT - (i % 1_200) * 1_000_000,
      goneAt: i % 3 === 0 ? null : READ_AT - (i % 1_200) * 500_000,
    }));
    const { ms, result } = await onCpu(() => driftHtml(drift, { ...OPTIONS, past: { ...PAST, episodes } }));
    expect(ms).toBeLessThan(2_000);
    expect(Buffer.byteLength(result)).toBeLessThan(3_000_000);
  });
});

describe('axes', () => {
  test('are of round times, few, inside', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2e12 }), fc.integer({ min: 60_000, max: 4e10 }), (from, span) => {
        const ticks = timeTicks(from, from + span);
        expect(ticks.length).toBeLessThanOrEqual(9);
        for (const { at: moment } of ticks) {
          expect(moment).toBeGreaterThanOrEqual(from);
          expect(moment).toBeLessThanOrEqual(from + span);
        }
      }),
    );
    const day = Date.parse('2026-01-01T00:00:00Z');
    expect(timeTicks(day, day + 86_400_000).map(({ label }) => label)).toEqual([
      '01-01',
      '03:00',
      '06:00',
      '09:00',
      '12:00',
      '15:00',
      '18:00',
      '21:00',
      '01-02',
    ]);
  });

  test.each([
    [0, [0, 1]],
    [1, [0, 1]],
    [7, [0, 2, 4, 6, 8]],
    [40, [0, 10, 20, 30, 40]],
    [4_321, [0, 2_000, 4_000, 6_000]],
  ])('count to %d', (most, ticks) => expect(countTicks(most)).toEqual(ticks));

  test('what goes over the colours is one series, and all of it is counted', () => {
    const spans = Array.from({ length: 20 }, (_, i) => ({ series: `s${i % 10}`, from: i, to: null }));
    const { plot, series } = stackedColumns(spans, { from: 0, to: 100, name: 'x', title: 'X' });
    expect(series).toEqual(['s0', 's1', 's2', 's3', 's4', 'others']);
    expect(String(plot)).toContain('20 at the most, 20 at the end.');
    expect(String(plot)).toContain('others: 10 at the end');
  });
});
