import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { readReportPage } from '../../src/compose/report-page.ts';
import type { Change } from '../../src/model/change.ts';
import { applyHtml, refusedHtml, staleHtml } from '../../src/report/html/apply-html.ts';
import { problemsHtml } from '../../src/report/html/diagnostics-html.ts';
import { markup } from '../../src/report/html/html.ts';
import type { HtmlOptions } from '../../src/report/html/page.ts';
import { planHtml } from '../../src/report/html/plan-html.ts';
import { onCpu } from '../kit/cpu.ts';
import { APPLIED, at, change, CONVERGED, field, LARGE, META, PARTLY, place, plan } from './examples.ts';
import { dangersIn, dataOf, elementsIn, seenWithoutScripts } from './html.ts';

/** Not the page's own style and script, which golden files would have to follow. */
const PLAIN: HtmlOptions = { ...META, page: { style: '/* style */', script: '/* script */' } };
const PLAN = { ...PLAIN, command: 'plan', rate: 20 } as const;
let whole: HtmlOptions;
beforeAll(async () => {
  whole = { ...META, page: await readReportPage() };
});

const ATTACKS = [
  '<script>alert(1)</script>',
  '</script><script>alert(1)</script>',
  '<!--<script>',
  '<img src=x onerror=alert(1)>',
  '"><svg onload=alert(1)>',
  "' onmouseover='alert(1)",
  '</title></style></details></main>',
  '&lt;b&gt; &amp; &#60;',
  ']]>',
  '\u202egnp.exe\u2066',
  '\x1b[31mred\u0000',
  '\u2028\u2029',
  'javascript:alert(1)',
  '${alert(1)} {{7*7}}',
  '%3Cscript%3E',
  '\ud800',
];
const NASTY = fc.oneof(fc.constantFrom(...ATTACKS), fc.string({ unit: 'binary', maxLength: 30 }));

describe('a template', () => {
  test('makes text of what is put into it, and leaves its own HTML', () => {
    expect(String(markup`<p title="${'"<'}">${'<b>'}${markup`<i>${1}</i>`}${null}${[markup`a`, markup`b`]}</p>`)).toBe(
      '<p title="&#34;&#60;">&#60;b&#62;<i>1</i>ab</p>',
    );
  });
});

describe('a report for browsers', () => {
  test('of a plan shows everything it holds', async () => {
    await expect(planHtml(LARGE, PLAN)).toMatchFileSnapshot('golden/plan.html');
  });

  test('of an apply shows what did not succeed first', async () => {
    await expect(applyHtml(PARTLY, PLAIN)).toMatchFileSnapshot('golden/apply.html');
  });

  test('of a document shows its mistakes with their lines', async () => {
    const diagnostics = [
      { severity: 'error', code: 'CVG201', summary: 'unknown key "naem"', hint: 'did you mean name?', where: place(2) },
      { severity: 'warning', code: 'CVG309', summary: 'looks like a credential', where: place(1, 1), also: place(2) },
    ] as const;
    const texts = new Map([['convex.state.yaml', 'version: 1\nprojectx: naem\n']]);
    const text = problemsHtml({ diagnostics, texts, declared: null }, { ...PLAIN, name: 'Validation' });
    await expect(text).toMatchFileSnapshot('golden/validate.html');
  });

  test('is one file that forbids everything but its own style and script', () => {
    const text = planHtml(LARGE, { ...whole, command: 'plan', rate: 20 });
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(text)?.[1]?.replaceAll('&#39;', "'");
    const within = (tag: string): readonly string[] =>
      [...text.matchAll(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`, 'g'))].map(([, inner = '']) => inner);
    const digest = (inner: string): string => `'sha256-${createHash('sha256').update(inner).digest('base64')}'`;
    expect(policy).toMatch(/^default-src 'none'; /);
    expect(within('script').map(digest)).toEqual([/script-src (\S+);/.exec(policy ?? '')?.[1]]);
    expect(within('style').map(digest)).toEqual([/style-src (\S+);/.exec(policy ?? '')?.[1]]);
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(text).not.toMatch(/\s(?:src|href)="(?!#|data:,")/);
    expect(text).not.toMatch(/\sstyle="|\son\w+="|innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(/);
  });

  test('says without scripts what it comes to, what refuses it and all that is deleted', () => {
    const seen = seenWithoutScripts(planHtml(LARGE, PLAN));
    expect(seen).toContain('12 changes, refused');
    expect(seen).toContain('deployments hold data, and deleting or replacing them was not allowed');
    expect(seen).toContain('To allow it in one run: --allow-delete deployment');
    expect(seen).toMatch(/delete.*shop \/ deployment old/);
    expect(seen).toMatch(/takes 6: env-var AUTH_DOMAIN/);
    expect(seen).toMatch(/forces replacement/);
    expect(seen).toContain('the token may not read this deployment');
    expect(seen).toMatch(/create.*project blog/);
    const long = plan({ changes: many(5_000, {}) });
    expect(seenWithoutScripts(planHtml(long, PLAN))).toMatch(/project app-0\s*10 create/);
    expect(planHtml(LARGE, PLAN)).not.toMatch(/<details>[^]*takes/);
  });

  test('of a plan says what it costs where, what is dearest first, and what it covers', () => {
    const containers = [
      { address: at('project:blog'), writes: 3, invalidations: 0 },
      { address: at('project:shop/deployment:production'), writes: 2, invalidations: 2 },
    ];
    const cost = { requests: 34, seconds: 2, rate: 20, containers };
    const coverage = [{ kind: 'thing', declared: 8, live: 7, unmanaged: 3 }];
    const seen = seenWithoutScripts(planHtml({ ...LARGE, cost, coverage }, PLAN));
    expect(seen).toMatch(/shop \/ deployment production22[^]*project blog30/);
    expect(seen).toContain('thing87370 %');
  });

  test('says when nothing differs, and what was applied, refused or stale', () => {
    expect(planHtml(CONVERGED, PLAN)).toContain('<span>No changes</span>');
    expect(applyHtml(APPLIED, PLAIN)).toContain('data-tone="good"');
    expect(refusedHtml({ plan: LARGE, refusals: LARGE.refusals }, PLAIN)).toContain('Refused, nothing was written');
    expect(staleHtml({ plan: null, moved: ['project:shop is <gone>'] }, PLAIN)).toContain('is &#60;gone&#62;');
  });

  test('is equal, byte by byte, for equal plans in whatever order they are given, apart from the time', () => {
    const turned = {
      ...LARGE,
      changes: LARGE.changes.toReversed(),
      unmanaged: LARGE.unmanaged.toReversed(),
      refusals: LARGE.refusals.toReversed(),
      diagnostics: LARGE.diagnostics.toReversed(),
    };
    const text = planHtml(LARGE, PLAN);
    expect(planHtml(turned, PLAN)).toBe(text);
    const later = '2027-05-06T07:08:09.000Z';
    const again = planHtml(LARGE, { ...PLAN, createdAt: later });
    expect(again.replaceAll(later, META.createdAt).replace('2027-05-06 07:08 UTC', '2026-01-02 03:04 UTC')).toBe(text);
    expect(again).not.toBe(text);
  });

  test('a hostile team is inert', () => {
    const shape = elementsIn(planHtml(hostilePlan('a', 'b', 'c'), PLAN));
    fc.assert(
      fc.property(NASTY, NASTY, NASTY, (a, b, c) => {
        fc.pre(new Set([a, b, c]).size === 3);
        const text = planHtml(hostilePlan(a, b, c), PLAN);
        expect(dangersIn(text)).toEqual([]);
        // The elements of a harmless team, and no other.
        expect([...new Set(elementsIn(text))].sort()).toEqual([...new Set(shape)].sort());
        expect(dataOf(text)).toMatchObject({ noun: 'change' });
      }),
      { seed: 20261121, numRuns: 200 },
    );
  });

  test.each(ATTACKS)('%j is text in an apply, in a refusal, in a mistake', (attack) => {
    const address = at(`project:${attack}`);
    const outcome = { address, action: 'create', status: 'failed', attempts: 2, because: attack } as const;
    const report = {
      ...PARTLY,
      outcomes: [{ ...outcome, error: { code: 'conflict', message: attack } as const }],
      notApplied: [address],
      proof: { converged: false, remaining: [address], pending: [address] },
    };
    const diagnostic = { severity: 'error', code: 'CVG201', summary: attack, hint: attack } as const;
    const where = { file: attack, line: 1, column: 1 };
    for (const text of [
      applyHtml(report, PLAIN),
      staleHtml({ plan: LARGE, moved: [attack] }, PLAIN),
      problemsHtml(
        { diagnostics: [{ ...diagnostic, where }], texts: new Map([[attack, attack]]) },
        { ...PLAIN, name: 'x' },
      ),
    ])
      expect(dangersIn(text)).toEqual([]);
  });

  test.each<[string, Partial<Change>]>([
    ['created', {}],
    ['deleted', { action: 'delete', reason: 'undeclared', fields: [], where: null }],
    ['by selectors', { selector: 'project:app-*/eachDeployment#1', comparable: false, effect: 'at the next push' }],
  ])('5,000 %s: under 2 s and 3 MB', async (_, of) => {
    const large = plan({ changes: many(5_000, of) });
    const { ms, result } = await onCpu(() => planHtml(large, { ...whole, command: 'plan', rate: 20 }));
    expect(ms).toBeLessThan(2_000);
    expect(Buffer.byteLength(result)).toBeLessThan(3_000_000);
  });
});

function many(n: number, of: Partial<Change>): readonly Change[] {
  return Array.from({ length: n }, (_, i) =>
    change(`project:app-${String(i % 500)}/deployment:production/env-var:NAME_${String(i)}`, {
      fields: [field('value', { sensitive: true })],
      where: place(i),
      ...of,
    }),
  );
}

function hostilePlan(a: string, b: string, c: string) {
  return plan({
    target: { ...LARGE.target, teamSlug: a, dialect: b },
    scope: { target: [c], exclude: [] },
    changes: [
      change(`project:${a}`, { fields: [field(b, { before: c, after: a })], selector: c }),
      change(`project:${b}/deployment:${a}`, {
        action: 'delete',
        takes: [at(`project:${b}/deployment:${a}/env-var:${c}`)],
      }),
      change(`project:${c}/domain:${b}`, {
        records: [{ type: 'TXT', name: a, value: b, why: c }],
        where: { file: c, line: 1, column: 1 },
        interrupts: a,
        effect: b,
      }),
    ],
    refusals: [{ rule: 'protect', addresses: [at(`x${a}`)], message: b, override: c }],
    unmanaged: [at(a), at(b)],
    unreadable: [{ collection: a, error: { code: 'forbidden', message: b } }],
    unsettled: [{ address: at(c), because: a, records: [] }],
    paused: [{ address: a, owner: b, reason: c, expires: '2026-01-02T00:00:00Z', held: [at(b)], where: null }],
    diagnostics: [{ severity: 'warning', code: 'CVG503', summary: a, hint: b, where: { file: c, line: 1, column: 1 } }],
  });
}
