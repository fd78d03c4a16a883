import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Address } from '../../src/model/address.ts';
import type { Plan } from '../../src/model/change.ts';
import type { ApplyReport } from '../../src/model/outcome.ts';
import { applyDocument } from '../../src/report/apply-json.ts';
import { renderApply, renderRefused, renderStale } from '../../src/report/apply-text.ts';
import { renderDiagnostics } from '../../src/report/diagnostic-text.ts';
import { eventLine } from '../../src/report/event-line.ts';
import { jsonText } from '../../src/report/plain-json.ts';
import { planDocument } from '../../src/report/plan-json.ts';
import { renderPlan } from '../../src/report/plan-text.ts';
import { sanitize } from '../../src/report/sanitize.ts';
import { renderValidated } from '../../src/report/validate-text.ts';
import { change, field, LARGE, META, PARTLY, plan } from './examples.ts';

/** Anything a terminal or a CI console would act on; our own line breaks apart. */
const ACTIVE = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]|^\s*::|##\w*\[/mu;

const ATTACK =
  '\x1b[31mred\x1b]8;;http://evil\x07 \u009b2J \u202egnp.exe\u2066 \u200b\n::add-mask::x\r\n##[error]y ##vso[task.x]z \ud800 \u2028 \u{e0041}';

const NASTY = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(ATTACK, '::add-mask::a', ' ::error::', '\n', '\x1b', '##[group]', '\u202e', ''),
);

const SEED = 20260102;

describe('sanitize', () => {
  test('makes every attack visible and keeps the rest', () => {
    expect(sanitize('\x1b[31mred')).toBe(String.raw`\u001b[31mred`);
    expect(sanitize('a\nb\tc\rd')).toBe(String.raw`a\nb\tc\rd`);
    expect(sanitize('\u202etxt \u{e0041}')).toBe(String.raw`\u202etxt \u{e0041}`);
    expect(sanitize('::add-mask::x')).toBe(String.raw`\u003a:add-mask::x`);
    expect(sanitize('see ##[error]')).toBe(String.raw`see #\u0023[error]`);
    expect(sanitize('Zürich 東京 🚀 ## title a::b')).toBe('Zürich 東京 🚀 ## title a::b');
  });

  test('leaves nothing active in any string, and nothing to do for a second pass', () => {
    fc.assert(
      fc.property(NASTY, (text) => {
        const clean = sanitize(text);
        expect(clean).not.toMatch(ACTIVE);
        expect(clean).not.toContain('\n');
        expect(sanitize(clean)).toBe(clean);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });
});

/** Every string in a value replaced: what a hostile platform or plan file could put there. */
function infect<T>(value: T, text: string): T {
  if (typeof value === 'string') return text as T;
  if (Array.isArray(value)) return value.map((item) => infect(item as unknown, text)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, infect(inner as unknown, text)])) as T;
}

describe('no document or text lets control characters through', () => {
  const options = { color: false, width: 40, command: 'plan', collections: { 'env-var': ATTACK } } as const;

  test('in any string of a plan, a report, a diagnostic or an event', () => {
    fc.assert(
      fc.property(NASTY, (text) => {
        const sick: Plan = infect(LARGE, text);
        const report: ApplyReport = { ...infect(PARTLY, text), plan: sick };
        const texts = new Map([[text, `${text}: ${text}\n`.repeat(50)]]);
        const outputs = [
          renderPlan(sick, options),
          renderRefused({ plan: sick, refusals: sick.refusals }, options),
          renderStale({ plan: sick, moved: [text] }, options),
          renderDiagnostics(sick.diagnostics, texts, options),
          renderValidated({ declared: { [text]: 2 }, diagnostics: sick.diagnostics, texts }, options),
          jsonText(planDocument(sick, META)),
          ...report.outcomes.map((outcome) => eventLine({ type: 'change-finished', outcome }) ?? ''),
          eventLine({ type: 'draining', signal: text }) ?? '',
        ];
        for (const output of outputs) expect(output).not.toMatch(ACTIVE);
      }),
      { seed: SEED, numRuns: 200 },
    );
  });

  test('nor in what a report of an apply says', () => {
    const error = { code: ATTACK, message: ATTACK };
    const report = {
      ...PARTLY,
      outcomes: PARTLY.outcomes.map((outcome) => ({ ...outcome, error, because: ATTACK })),
      notApplied: [ATTACK as Address],
      proof: { converged: false, remaining: [ATTACK as Address], pending: [ATTACK as Address] },
    };
    expect(renderApply(report, options)).not.toMatch(ACTIVE);
    expect(jsonText(applyDocument(report, META))).not.toMatch(ACTIVE);
  });

  test('and JSON keeps the text all the same', () => {
    const changes = [change('p:a', { fields: [field('name', { after: ATTACK })] })];
    const document = planDocument(plan({ changes }), META);
    expect(JSON.parse(jsonText(document))).toEqual(document);
  });
});
