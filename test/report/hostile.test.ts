// A hostile team in every format: names, values and messages that try to be more than text. A new format is a new row.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Plan } from '../../src/model/change.ts';
import type { Drift } from '../../src/model/drift.ts';
import type { ApplyReport } from '../../src/model/outcome.ts';
import { applyDocument, refusedDocument } from '../../src/report/apply-json.ts';
import { applyJunit, unappliedJunit } from '../../src/report/apply-junit.ts';
import { applyMarkdown, refusedMarkdown } from '../../src/report/apply-markdown.ts';
import { applySarif, unappliedSarif } from '../../src/report/apply-sarif.ts';
import { renderApply, renderRefused } from '../../src/report/apply-text.ts';
import { diagnosticClaims, planClaims } from '../../src/report/claim.ts';
import { diagnosticsMarkdown } from '../../src/report/diagnostic-markdown.ts';
import { renderDiagnostics } from '../../src/report/diagnostic-text.ts';
import { diagnosticsJunit } from '../../src/report/diagnostics-junit.ts';
import { driftDocument } from '../../src/report/drift-json.ts';
import { driftJunit } from '../../src/report/drift-junit.ts';
import { driftMarkdown } from '../../src/report/drift-markdown.ts';
import { driftSarif } from '../../src/report/drift-sarif.ts';
import { renderDrift } from '../../src/report/drift-text.ts';
import { errorDocument } from '../../src/report/error-json.ts';
import { jsonText } from '../../src/report/plain-json.ts';
import { planDocument } from '../../src/report/plan-json.ts';
import { planJunit } from '../../src/report/plan-junit.ts';
import { planMarkdown } from '../../src/report/plan-markdown.ts';
import { renderPlan } from '../../src/report/plan-text.ts';
import { sarifLog } from '../../src/report/sarif-log.ts';
import { applyHtml, refusedHtml } from '../../src/report/html/apply-html.ts';
import { problemsHtml } from '../../src/report/html/diagnostics-html.ts';
import { driftHtml } from '../../src/report/html/drift-html.ts';
import { planHtml } from '../../src/report/html/plan-html.ts';
import { onCpu } from '../kit/cpu.ts';
import { ATTACKS, infect } from './attacks.ts';
import { at, change, field, LARGE, LARGE_DRIFT, META, PARTLY, place, plan } from './examples.ts';
import { dangersIn as htmlDangersIn } from './html.ts';
import { dangersIn } from './markdown.ts';
import { expectJunit, expectSarif } from './validators.ts';

/** What there is to report, and a string from outside that is in none of it. */
interface World {
  readonly plan: Plan;
  readonly apply: ApplyReport;
  readonly drift: Drift;
  readonly text: string;
}

interface Format {
  readonly plan: (world: World) => string;
  readonly apply: (world: World) => string;
  readonly refused: (world: World) => string;
  readonly drift: (world: World) => string;
  readonly diagnostics: (world: World) => string;
  /** What of it is more than text; empty: nothing. */
  readonly dangers: (printed: string) => readonly unknown[];
  /** Holds it to the standard of its format, where one exists. Slow. */
  readonly validate?: (printed: string) => void | Promise<void>;
}

const HTML = { ...META, page: { style: '', script: '' } };
const SCREEN = { color: false, width: 80 };
const collections = { 'env-var': 'env' };

/** Anything a terminal or a CI console would act on; our own line breaks apart. */
const active = (printed: string): readonly string[] =>
  printed.match(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]|^\s*::|##\w*\[/gmu) ?? [];

const sarifAbout = (command: string, text: string) => ({ ...META, command, successful: true, document: text });

const FORMATS: Readonly<Record<string, Format>> = {
  text: {
    plan: ({ plan: sick }) => renderPlan(sick, { ...SCREEN, command: 'plan', collections }),
    apply: ({ apply }) => renderApply(apply, SCREEN),
    refused: ({ plan: sick }) => renderRefused({ plan: sick, refusals: sick.refusals }, SCREEN),
    drift: ({ drift }) => renderDrift(drift, { color: false, collections, readAt: META.createdAt }),
    diagnostics: ({ plan: sick, text }) =>
      renderDiagnostics(sick.diagnostics, new Map([[text, `${text}\n`.repeat(50)]]), SCREEN),
    dangers: active,
  },
  json: {
    plan: ({ plan: sick }) => jsonText(planDocument(sick, META)),
    apply: ({ apply }) => jsonText(applyDocument(apply, META)),
    refused: ({ plan: sick }) => jsonText(refusedDocument({ plan: sick, refusals: sick.refusals }, META)),
    drift: ({ drift }) => jsonText(driftDocument(drift, META)),
    diagnostics: ({ plan: sick }) => jsonText(errorDocument(sick.diagnostics)),
    dangers: active,
    validate: (printed) => void JSON.parse(printed),
  },
  markdown: {
    plan: ({ plan: sick, text }) => planMarkdown(sick, { command: 'plan', elsewhere: text }),
    apply: ({ apply, text }) => applyMarkdown(apply, text),
    refused: ({ plan: sick, text }) => refusedMarkdown({ plan: sick, refusals: sick.refusals }, text),
    drift: ({ drift, text }) => driftMarkdown(drift, { elsewhere: text, readAt: META.createdAt }),
    diagnostics: ({ plan: sick, text }) => diagnosticsMarkdown(sick.diagnostics, text),
    // The word joiner is ours: it keeps what would be a mention from being one.
    dangers: (printed) => [...active(printed.replaceAll('\u2060', '')), ...dangersIn(printed)],
  },
  html: {
    plan: ({ plan: sick }) => planHtml(sick, { ...HTML, command: 'plan', rate: 20 }),
    apply: ({ apply }) => applyHtml(apply, HTML),
    refused: ({ plan: sick }) => refusedHtml({ plan: sick, refusals: sick.refusals }, HTML),
    drift: ({ drift }) => driftHtml(drift, { ...HTML, past: null }),
    diagnostics: ({ plan: sick, text }) =>
      problemsHtml(
        { diagnostics: sick.diagnostics, texts: new Map([[text, `${text}\n`.repeat(50)]]) },
        { ...HTML, name: 'Errors' },
      ),
    dangers: htmlDangersIn,
  },
  sarif: {
    plan: ({ plan: sick, text }) => jsonText(sarifLog(planClaims(sick), sarifAbout('plan', text))),
    apply: ({ apply, text }) => jsonText(applySarif(apply, sarifAbout('apply', text))),
    refused: ({ plan: sick, text }) =>
      jsonText(unappliedSarif(sick, { refusals: sick.refusals, diagnostics: [] }, sarifAbout('apply', text))),
    drift: ({ drift, text }) => jsonText(driftSarif(drift, sarifAbout('drift', text))),
    diagnostics: ({ plan: sick, text }) =>
      jsonText(sarifLog(diagnosticClaims(sick.diagnostics), sarifAbout('validate', text))),
    dangers: (printed) => [...active(printed), ...linksIn(printed)],
    validate: (printed) => expectSarif(JSON.parse(printed)),
  },
  junit: {
    plan: ({ plan: sick, text }) => planJunit(sick, { ...META, command: 'plan', unchanged: [text] }),
    apply: ({ apply }) => applyJunit(apply, META),
    refused: ({ plan: sick }) => unappliedJunit(sick, { refusals: sick.refusals, diagnostics: [] }, META),
    drift: ({ drift }) => driftJunit(drift, META),
    diagnostics: ({ plan: sick, text }) =>
      diagnosticsJunit(sick.diagnostics, { ...META, command: 'validate', files: [text] }),
    dangers: (printed) => [
      ...active(printed),
      ...(printed.match(/[\uFFFE\uFFFF]|&(?!#\d+;)|<!|<\?(?!xml version="1.0" encoding="UTF-8"\?>\n)/g) ?? []),
      ...[...printed.matchAll(/<\/?([^\s/>]*)/g)].filter(([, tag = '']) => !JUNIT_TAGS.has(tag) && tag !== '?xml'),
    ],
    validate: expectJunit,
  },
};

const JUNIT_TAGS: ReadonlySet<string> = new Set(
  'testsuites testsuite properties property testcase failure error skipped system-out system-err'.split(' '),
);

/** A message of SARIF in which `[text](target)` is a link. */
function linksIn(printed: string): readonly string[] {
  const found: string[] = [];
  JSON.parse(printed, (key, value: unknown) => {
    if (key === 'text' && typeof value === 'string') found.push(...(value.match(/(?<!\\)\[[^\]]*\]\(/g) ?? []));
    return value;
  });
  return found;
}

const DOCUMENTS = ['plan', 'apply', 'refused', 'drift', 'diagnostics'] as const;

function worldOf(text: string): World {
  const sick = infect(LARGE, text);
  return { plan: sick, apply: { ...infect(PARTLY, text), plan: sick }, drift: infect(LARGE_DRIFT, text), text };
}

describe.each(Object.entries(FORMATS))('%s', (_, format) => {
  test.each(DOCUMENTS)('of %s: nothing from outside is more than text', (name) => {
    for (const attack of ATTACKS) expect([attack, format.dangers(format[name](worldOf(attack)))]).toEqual([attack, []]);
  });

  test('nor is anything that nobody thought of', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), fc.constantFrom(...DOCUMENTS), (text, name) => {
        expect(format.dangers(format[name](worldOf(text)))).toEqual([]);
      }),
      { seed: 20261121, numRuns: 60 },
    );
  });

  const { validate } = format;
  if (validate === undefined) return;
  test('and its readers can read it', { timeout: 60_000 }, async () => {
    for (const [index, attack] of ATTACKS.entries()) {
      const name = DOCUMENTS[index % DOCUMENTS.length] ?? 'plan';
      const printed = format[name](worldOf(attack));
      expect(printed).not.toBe('');
      await validate(printed);
    }
  });

  describe('5,000 changes', () => {
    const changes = Array.from({ length: 5_000 }, (_unused, i) =>
      change(`project:p${String(i % 50)}/deployment:d${String(i % 7)}/env-var:NAME_${String(i)}`, {
        action: i % 3 === 0 ? 'create' : 'update',
        fields: [field('value', { sensitive: true }), field('other', { before: 'a', after: 'b' })],
        where: place(i + 1),
      }),
    );
    const addresses = changes.map(({ address }) => address);
    const large: World = {
      plan: plan({
        changes,
        unmanaged: addresses.map((address) => at(`${address}_OLD`)),
        diagnostics: addresses.map((address, i) => ({
          severity: 'warning',
          code: 'CVG503',
          summary: 'said of it',
          address,
          where: place(i + 1),
        })),
        refusals: [{ rule: 'threshold', addresses, message: 'too much', override: null }],
      }),
      apply: {
        ...PARTLY,
        outcomes: addresses.map((address) => ({ address, action: 'update', status: 'failed', attempts: 1 })),
      },
      drift: {
        ...LARGE_DRIFT,
        items: addresses.map((address, i) => ({
          address,
          kind: 'env-var',
          moved: i % 2 === 0 ? 'changed' : 'missing',
          fields: ['value'],
          severity: 'high',
          where: place(i + 1),
          unattributed: 'no event about it in the time of --since',
        })),
      },
      text: 'state.yaml',
    };

    test.each(DOCUMENTS)('%s is rendered in less than two seconds', async (name) => {
      // The better of two: the first also compiles, and whatever else this process does is counted too.
      const [one, two] = [await onCpu(() => format[name](large)), await onCpu(() => format[name](large))];
      expect(one.result.length).toBeGreaterThan(0);
      expect(Math.min(one.ms, two.ms)).toBeLessThan(2_000);
    });
  });

  test.each(DOCUMENTS)('equal inputs give equal bytes: %s', (name) => {
    const world: World = { plan: LARGE, apply: PARTLY, drift: LARGE_DRIFT, text: 'state.yaml' };
    expect(format[name](structuredClone(world))).toBe(format[name](world));
  });
});
