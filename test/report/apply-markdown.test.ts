import { describe, expect, test } from 'vitest';
import { applyMarkdown, refusedMarkdown, staleMarkdown } from '../../src/report/apply-markdown.ts';
import { diagnosticsMarkdown } from '../../src/report/diagnostic-markdown.ts';
import { LONGEST_MARKDOWN } from '../../src/report/markdown-writer.ts';
import { at, LARGE, PARTLY } from './examples.ts';
import { dangersIn } from './markdown.ts';

const ATTACK = '@everyone <img src=x onerror=alert(1)> [x](https://evil.example) `a` | b |\n::add-mask::x :tada: #1';

describe('the report of an apply as Markdown', () => {
  test('shows what did not succeed, what is proven and what it cost', async () => {
    await expect(applyMarkdown(PARTLY, null)).toMatchFileSnapshot('golden/apply.md');
  });

  test('strings from outside are text', () => {
    const address = at(`project:${ATTACK}`);
    const hostile = applyMarkdown(
      {
        ...PARTLY,
        outcomes: [
          {
            address,
            action: 'create',
            status: 'failed',
            attempts: 2,
            error: { code: 'conflict', message: ATTACK },
            because: ATTACK,
          },
        ],
        notApplied: [address],
        proof: { converged: false, remaining: [address], pending: [address] },
      },
      ATTACK,
    );
    expect(dangersIn(hostile)).toEqual([]);
    expect(dangersIn(staleMarkdown({ plan: LARGE, moved: [ATTACK] }, ATTACK))).toEqual([]);
    const refusal = { rule: 'protect', addresses: [address], message: ATTACK, override: ATTACK } as const;
    expect(dangersIn(refusedMarkdown({ plan: LARGE, refusals: [refusal] }, null))).toEqual([]);
    const diagnostic = { severity: 'error', code: 'CVG201', summary: ATTACK, hint: ATTACK } as const;
    expect(
      dangersIn(diagnosticsMarkdown([{ ...diagnostic, where: { file: ATTACK, line: 1, column: 1 } }], null)),
    ).toEqual([]);
  });

  test('a thousand errors stay under the limit of a comment, and say how many there are', () => {
    const errors = Array.from({ length: 5_000 }, (_, n) => ({
      severity: 'error' as const,
      code: 'CVG201' as const,
      summary: `mistake ${n} ${'&'.repeat(100)}`,
    }));
    const text = diagnosticsMarkdown(errors, 'errors.json');
    expect(text.length).toBeLessThan(LONGEST_MARKDOWN);
    expect(text).toContain('**5000 errors**');
    const shown = text.match(/^- /gm)?.length ?? 0;
    expect(text).toContain(`… and ${5_000 - shown} more, see errors.json`);
  });
});
