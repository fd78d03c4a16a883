import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Change } from '../../src/model/change.ts';
import { LONGEST_MARKDOWN } from '../../src/report/markdown-writer.ts';
import { htmlText, markdownCode, markdownText } from '../../src/report/markup.ts';
import { planMarkdown } from '../../src/report/plan-markdown.ts';
import { onCpu } from '../kit/cpu.ts';
import { at, change, CONVERGED, field, LARGE, plan } from './examples.ts';
import { dangersIn, html } from './markdown.ts';

const OPTIONS = { command: 'plan', elsewhere: null } as const;

const ATTACKS = [
  '@everyone',
  'hey @acme/team',
  'fixes #1, GH-12',
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '</details></summary></code><h1>x',
  '```\n::add-mask::x\n```',
  '| a | b |',
  '[x](javascript:alert(1))',
  '![x](https://evil.example/pixel.png)',
  'https://evil.example/?a=1',
  'www.evil.example',
  'evil@example.com',
  ':tada:',
  '$x^2$ and `$`',
  '<!-- converge -->',
  '\u202egnp.exe\u2066',
  '\x1b[31mred',
  '- [ ] task',
  '1. one',
  '# heading',
  '***bold*** __x__ ~~y~~',
  '&lt;b&gt; &amp;',
  String.raw`\\`,
];
const NASTY = fc.oneof(fc.constantFrom(...ATTACKS), fc.string({ unit: 'binary', maxLength: 30 }));
describe('strings from outside', () => {
  test.each(ATTACKS)('%j is text, in prose, in code, in a table', (attack) => {
    for (const written of [markdownText(attack), markdownCode(attack)]) {
      expect(dangersIn(written)).toEqual([]);
      expect(dangersIn(`| a | b |\n|---|---|\n| ${written} | x |`)).toEqual([]);
      expect(html(`| a |\n|---|\n| ${written} |`).match(/<td/g)).toHaveLength(1);
      expect(html(`- ${written}`).match(/<li>/g)).toHaveLength(1);
    }
    expect(htmlText(attack)).not.toMatch(/[<>"'`]|&(?!#\d+;)/);
  });

  test('code shows them as they are', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (text) => {
        fc.pre(/^[\x20-\x7e]*$/.test(text) && text.trim() === text && text !== '' && !/##|^:/.test(text));
        const [, shown = ''] = /<code>(.*)<\/code>/s.exec(html(markdownCode(text))) ?? [];
        const decoded = shown
          .replace(/&lt;/g, '<')
          .replace(/&gt;/g, '>')
          .replace(/&quot;/g, '"')
          .replace(/&amp;/g, '&');
        expect(decoded).toBe(text);
      }),
      { seed: 20261121 },
    );
  });
});

describe('a plan as Markdown', () => {
  test('shows everything it holds', async () => {
    await expect(planMarkdown(LARGE, { ...OPTIONS, elsewhere: 'plan.html' })).toMatchFileSnapshot('golden/plan.md');
  });

  test('says when nothing differs', () => {
    expect(planMarkdown(CONVERGED, OPTIONS)).toContain('**No changes');
  });

  test('a hostile team is inert', () => {
    fc.assert(
      fc.property(NASTY, NASTY, NASTY, (a, b, c) => {
        const hostile = plan({
          target: { ...LARGE.target, teamSlug: a, dialect: b },
          changes: [
            change(`project:${a}`, { fields: [field(b, { before: c, after: a })], selector: c }),
            change(`project:${a}/deployment:${b}`, {
              action: 'delete',
              takes: [at(`project:${a}/deployment:${b}/env-var:${c}`)],
            }),
            change(`project:${a}/domain:${c}`, {
              records: [{ type: 'TXT', name: a, value: b, why: c }],
              where: { file: c, line: 1, column: 1 },
            }),
          ],
          refusals: [{ rule: 'protect', addresses: [at(a)], message: b, override: c }],
          unmanaged: [at(a), at(b)],
          unreadable: [{ collection: a, error: { code: 'forbidden', message: b } }],
          diagnostics: [{ severity: 'warning', code: 'CVG503', summary: a, hint: b }],
        });
        expect(dangersIn(planMarkdown(hostile, { command: 'plan', elsewhere: c }))).toEqual([]);
      }),
      { seed: 20261121, numRuns: 300 },
    );
  });

  test('does not depend on the order it is given', () => {
    const turned = {
      ...LARGE,
      changes: LARGE.changes.toReversed(),
      unmanaged: LARGE.unmanaged.toReversed(),
      diagnostics: LARGE.diagnostics.toReversed(),
    };
    expect(planMarkdown(turned, OPTIONS)).toBe(planMarkdown(LARGE, OPTIONS));
  });

  const many = (n: number, of: Partial<Change>): readonly Change[] =>
    Array.from({ length: n }, (_, i) =>
      change(`project:p${String(i % 50)}/deployment:d/env-var:NAME_${String(i)}`, {
        fields: [field('value', { sensitive: true })],
        ...of,
      }),
    );

  test('stays under the limit of a comment, and says how much is left out', () => {
    const changes = many(5_000, {});
    const text = planMarkdown(plan({ changes }), { command: 'plan', elsewhere: 'the artifact plan.html' });
    expect(text.length).toBeLessThan(LONGEST_MARKDOWN);
    const shown = text.match(/^\| `\+ create`/gm)?.length ?? 0;
    const left = [...text.matchAll(/… and (\d+) more, see the artifact plan/g)].reduce(
      (sum, [, n]) => sum + Number(n),
      0,
    );
    expect(shown + left).toBe(5_000);
    expect(text.match(/<details>/g)?.length).toBe(text.match(/<\/details>/g)?.length);
  });

  test('what is deleted comes before what is made, and is never folded', () => {
    const changes = [
      ...many(3_000, {}),
      ...many(40, { action: 'delete', reason: 'undeclared', fields: [] }).map((one) => ({
        ...one,
        address: at(`${one.address}_OLD`),
      })),
    ];
    const text = planMarkdown(plan({ changes }), OPTIONS);
    expect(text.match(/^\| `- delete`/gm)).toHaveLength(40);
    expect(text.indexOf('`- delete`')).toBeLessThan(text.indexOf('<details>'));
    expect(text.lastIndexOf('`- delete`')).toBeLessThan(text.indexOf('<details>'));
  });

  test('the longest strings do not push it over the limit', () => {
    const long = '&'.repeat(10_000);
    const refusals = Array.from({ length: 50 }, () => ({
      rule: 'protect' as const,
      addresses: [],
      message: long,
      override: long,
    }));
    const hostile = plan({
      target: { ...LARGE.target, teamSlug: long },
      scope: { target: [long], exclude: [] },
      refusals,
      changes: many(100, { selector: long }),
    });
    expect(planMarkdown(hostile, { command: 'plan', elsewhere: long.slice(0, 100) }).length).toBeLessThan(
      LONGEST_MARKDOWN,
    );
  });

  test('5,000 changes are rendered quickly', async () => {
    const large = plan({ changes: many(5_000, {}) });
    expect((await onCpu(() => planMarkdown(large, OPTIONS))).ms).toBeLessThan(2_000);
  });
});
