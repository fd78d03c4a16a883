import { describe, expect, test } from 'vitest';
import type { Drift, DriftItem } from '../../src/model/drift.ts';
import { driftMarkdown } from '../../src/report/drift-markdown.ts';
import { LONGEST_MARKDOWN } from '../../src/report/markdown-writer.ts';
import { at, LARGE_DRIFT, META } from './examples.ts';
import { dangersIn } from './markdown.ts';

const OPTIONS = { elsewhere: null, readAt: META.createdAt };

const many = (n: number, moved: DriftItem['moved']): readonly DriftItem[] =>
  Array.from({ length: n }, (_, i) => ({
    address: at(`project:p${String(i % 50)}/deployment:d/env-var:${moved}_${String(i)}`),
    kind: 'env-var',
    moved,
    fields: moved === 'changed' ? ['value'] : [],
    severity: 'medium',
    where: null,
    unattributed: 'no event about it in the time of --since',
  }));
const drift = (items: readonly DriftItem[]): Drift => ({ ...LARGE_DRIFT, items });

describe('drift as Markdown', () => {
  test('shows everything it holds', async () => {
    const text = driftMarkdown(LARGE_DRIFT, { ...OPTIONS, elsewhere: 'drift.html' });
    expect(dangersIn(text)).toEqual([]);
    await expect(text).toMatchFileSnapshot('golden/drift.md');
  });

  test('says when nothing moved, and as of when', () => {
    const text = driftMarkdown({ ...drift([]), unreadable: [], scope: { target: [], exclude: [] } }, OPTIONS);
    expect(text).toContain('**No drift');
    expect(text).toContain('Read at 2026-01-02T03:04:05.000Z.'.replaceAll(/:(?=\d)/g, ':\u2060'));
  });

  test('what is missing or unexpected comes first and is never folded', () => {
    const text = driftMarkdown(
      drift([...many(3_000, 'changed'), ...many(60, 'missing'), ...many(60, 'unexpected')]),
      OPTIONS,
    );
    const folded = text.indexOf('<details>');
    for (const moved of ['missing', 'unexpected']) {
      const rows = [...text.matchAll(new RegExp(`^\\| .*${moved}&#95;`, 'gm'))];
      expect(rows).toHaveLength(60);
      expect(rows.every(({ index }) => index < folded)).toBe(true);
    }
  });

  test('stays under the limit of a comment, and says how much is left out', () => {
    const text = driftMarkdown(drift(many(5_000, 'changed')), { ...OPTIONS, elsewhere: 'drift.json' });
    expect(text.length).toBeLessThan(LONGEST_MARKDOWN);
    const shown = text.match(/^\| `medium`/gm)?.length ?? 0;
    const left = [...text.matchAll(/… and (\d+) more, see drift.json/g)].reduce((sum, [, n]) => sum + Number(n), 0);
    // Two are unmanaged, one is ignored, one collection is unread, one diagnostic is told.
    expect(shown + left).toBeGreaterThanOrEqual(5_000);
    expect(shown + left).toBeLessThanOrEqual(5_005);
    expect(text.match(/<details>/g)?.length).toBe(text.match(/<\/details>/g)?.length);
  });

  test('does not depend on the order it is given', () => {
    const { items, unmanaged, unreadable } = LARGE_DRIFT;
    const turned = { ...LARGE_DRIFT, unmanaged: unmanaged.toReversed(), unreadable: unreadable.toReversed() };
    expect(driftMarkdown({ ...turned, items: items.toReversed() }, OPTIONS)).toBe(driftMarkdown(LARGE_DRIFT, OPTIONS));
  });
});
