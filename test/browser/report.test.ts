// Reports as a person meets them: the file that the command writes, in the Chromium of the machine.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readReportPage } from '../../src/compose/report-page.ts';
import type { Plan } from '../../src/model/change.ts';
import { applyHtml } from '../../src/report/html/apply-html.ts';
import { problemsHtml } from '../../src/report/html/diagnostics-html.ts';
import { driftHtml } from '../../src/report/html/drift-html.ts';
import type { HtmlOptions } from '../../src/report/html/page.ts';
import { planHtml } from '../../src/report/html/plan-html.ts';
import { CONVERGED, LARGE, META, PARTLY, change, field, place, plan } from '../report/examples.ts';
import { DRIFT_SINCE, PAST } from '../report/drift-past.ts';
import { openBrowser } from './bench.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let browser: Browser;
let folder: string;
let options: HtmlOptions;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'converge-report-'));
  options = { ...META, page: await readReportPage() };
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
});

/** Opens a report from the disk; whatever it complains of or asks the network for is in `complaints`. */
async function openReport(text: string, context: BrowserContextOptions = {}) {
  const file = path.join(folder, 'report.html');
  await writeFile(file, text);
  const window = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...context });
  const page = await window.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`thrown: ${error.message}`));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (!request.url().startsWith('data:') && request.url() !== pathToFileURL(file).href)
      complaints.push(`request: ${request.url()}`);
  });
  await page.goto(pathToFileURL(file).href);
  return { page, complaints, [Symbol.asyncDispose]: () => window.close() };
}

const planned = (shown: Plan): string => planHtml(shown, { ...options, command: 'plan', rate: 20 });
const drifted = (): string => driftHtml(DRIFT_SINCE, { ...options, past: PAST });
const rowsOf = (page: Page) => page.locator('.row:visible');
const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent ?? '');

describe('a plan', () => {
  test('is drawn without a complaint and without the network', async () => {
    await using report = await openReport(planned(LARGE));
    const { page, complaints } = report;
    await page.locator('#tools').waitFor();
    expect(await page.locator('h1').textContent()).toBe('12 changes, refused');
    expect(await rowsOf(page).count()).toBe(12);
    expect(await page.locator('.row', { hasText: 'SENTRY_DSN' }).textContent()).toContain('the live value is withheld');
    expect(complaints).toEqual([]);
  });

  test('is searched by name, by kind of change, by line, and the search is left with Escape', async () => {
    await using report = await openReport(planned(LARGE));
    const { page, complaints } = report;
    await page.keyboard.press('/');
    await page.keyboard.type('production stripe');
    expect(await rowsOf(page).count()).toBe(2);
    expect(await page.locator('.status').textContent()).toBe('2 of 12 changes');
    await page.keyboard.press('Escape');
    expect(await rowsOf(page).count()).toBe(12);
    await page.locator('.chip', { hasText: 'delete' }).click();
    expect(await rowsOf(page).count()).toBe(2);
    await page.locator('.chip', { hasText: 'delete' }).click();
    await page.locator('input').fill('yaml:19');
    expect(await rowsOf(page).count()).toBe(1);
    await page.locator('input').fill('nothing is called so');
    expect(await rowsOf(page).count()).toBe(0);
    expect(await page.locator('#list').textContent()).toContain('None here.');
    expect(complaints).toEqual([]);
  });

  test('opens and closes from the keyboard, and what is deleted stays', async () => {
    await using report = await openReport(planned(LARGE));
    const { page } = report;
    await page.keyboard.press('c');
    expect(await rowsOf(page).count()).toBe(3);
    await page.locator('summary').first().focus();
    expect(await focused(page)).toContain('blog');
    await page.keyboard.press('ArrowDown');
    expect(await focused(page)).toContain('shop');
    await page.keyboard.press('ArrowRight');
    // The browser tells of what was opened a moment later.
    await expect.poll(() => rowsOf(page).count(), { timeout: 10_000 }).toBe(9);
    await page.keyboard.press('ArrowDown');
    expect(await focused(page)).toContain('eu');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    expect(await focused(page)).toContain('shop');
    await page.keyboard.press('e');
    expect(await rowsOf(page).count()).toBe(12);
  });

  test('says without scripts what matters', async () => {
    await using report = await openReport(planned(LARGE), { javaScriptEnabled: false });
    const { page, complaints } = report;
    for (const text of ['12 changes, refused', 'To allow it in one run', 'takes 6:', 'FEATURE_X'])
      expect(await page.getByText(text).first().isVisible(), text).toBe(true);
    expect(await page.locator('#tools').isVisible()).toBe(false);
    expect(complaints).toEqual([]);
  });

  test('with names that would be markup is text', async () => {
    const attack = '"><img src=x onerror=alert(1)></script><script>alert(2)</script>';
    const name = encodeURIComponent(attack);
    const hostile = plan({
      target: { ...LARGE.target, teamSlug: attack },
      changes: [
        change(`project:${name}`, { fields: [field(attack, { after: attack })], selector: attack }),
        change(`project:${name}/deployment:${name}`, { action: 'delete', reason: 'undeclared' }),
      ],
      diagnostics: [{ severity: 'warning', code: 'CVG503', summary: attack }],
    });
    await using report = await openReport(planned(hostile));
    const { page, complaints } = report;
    await page.locator('#tools').waitFor();
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.locator('.group .key').first().textContent()).toBe(attack);
    expect(complaints).toEqual([]);
  });

  test('of 5,000 changes is drawn, searched, opened and scrolled without jank', async () => {
    const changes = Array.from({ length: 5_000 }, (_, i) =>
      change(`project:app-${String(i % 500)}/deployment:production/env-var:NAME_${String(i)}`, {
        ...(i % 5 === 0 ? { action: 'delete', reason: 'undeclared' } : {}),
        fields: i % 5 === 0 ? [] : [field('value', { sensitive: true })],
        where: i % 5 === 0 ? null : place(i),
      }),
    );
    await using report = await openReport(planned(plan({ changes })));
    const { page, complaints } = report;
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
    /** Milliseconds of work of the page's thread that `act` takes. */
    const workOf = async (act: () => Promise<unknown>): Promise<number> => {
      const taken = async (): Promise<number> => {
        const { metrics } = await devtools.send('Performance.getMetrics');
        return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1_000;
      };
      const before = await taken();
      await act();
      await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
      return (await taken()) - before;
    };
    const loading = await workOf(() => page.reload());
    const searching = await workOf(() => page.locator('input').fill('app-499 name_4999'));
    expect(await rowsOf(page).count()).toBe(1);
    const clearing = await workOf(() => page.locator('input').fill(''));
    await page.locator('h1').click();
    const opening = await workOf(() => page.keyboard.press('e'));
    const STEPS = 60;
    const scrolling = await workOf(() =>
      page.evaluate(async (steps) => {
        for (let step = 0; step < steps; step++) {
          scrollBy(0, 1_500);
          await new Promise((resolve) => requestAnimationFrame(resolve));
        }
      }, STEPS),
    );
    console.log(JSON.stringify({ loading, searching, clearing, opening, frame: scrolling / STEPS }));
    expect(await page.evaluate(() => scrollY)).toBeGreaterThan(50_000);
    expect(loading).toBeLessThan(MOST_MS.loading);
    expect(Math.max(searching, clearing, opening)).toBeLessThan(MOST_MS.key);
    expect(scrolling / STEPS).toBeLessThan(MOST_MS.frame);
    expect(complaints).toEqual([]);
  });
});

/** Of the page's own thread. Measured on two shared cores without a graphics card: 190, 70, 27; for machines that are a third as fast. */
const MOST_MS = { loading: 900, key: 300, frame: 80 };

test('drift with its past is drawn, and found by who did it', async () => {
  await using report = await openReport(drifted());
  const { page, complaints } = report;
  await page.locator('#tools').waitFor();
  expect(await rowsOf(page).count()).toBe(7);
  await page.keyboard.press('/');
  await page.keyboard.type('ada');
  expect(await rowsOf(page).count()).toBe(1);
  expect(await page.getByRole('img', { name: 'How much differed' }).count()).toBe(1);
  const circles = await page
    .locator('.plot circle')
    .evaluateAll((all) =>
      all.map((one) => getComputedStyle(one).fill).filter((fill) => fill === 'rgb(0, 0, 0)' || fill === 'none'),
    );
  expect(circles).toEqual([]);
  expect(complaints).toEqual([]);
});

test('an apply and a document with mistakes are drawn without a complaint', async () => {
  const texts = new Map([['convex.state.yaml', 'version: 1\nprojectx: []\n']]);
  const diagnostic = { severity: 'error', code: 'CVG201', summary: 'unknown key', where: place(2, 1) } as const;
  for (const text of [
    applyHtml(PARTLY, options),
    problemsHtml({ diagnostics: [diagnostic], texts }, { ...options, name: 'Validation' }),
    planned(CONVERGED),
  ]) {
    await using report = await openReport(text);
    expect(await report.page.locator('h1').isVisible()).toBe(true);
    expect(report.complaints).toEqual([]);
  }
});

describe('nobody stumbles', () => {
  const phone = { viewport: { width: 390, height: 844 } };
  test.each<[string, () => string, BrowserContextOptions]>([
    ['a plan, light', () => planned(LARGE), { colorScheme: 'light' }],
    ['a plan, dark', () => planned(LARGE), { colorScheme: 'dark' }],
    ['a plan, on a phone', () => planned(LARGE), phone],
    ['nothing to do', () => planned(CONVERGED), {}],
    ['drift with its past, light', drifted, { colorScheme: 'light' }],
    ['drift with its past, dark', drifted, { colorScheme: 'dark' }],
    ['drift with its past, on a phone', drifted, phone],
    ['an apply, light', () => applyHtml(PARTLY, options), { colorScheme: 'light' }],
    ['an apply, dark, on a phone', () => applyHtml(PARTLY, options), { colorScheme: 'dark', ...phone }],
  ])('%s', async (_, text, context) => {
    // The checker itself is a script that the page does not know.
    await using report = await openReport(text(), { bypassCSP: true, ...context });
    const { page } = report;
    const found = await page.evaluate(`${AXE}; axe.run(document, { resultTypes: ['violations'] })`);
    expect(
      (found as AxeResults).violations.flatMap(({ id, impact, nodes }) =>
        nodes.map((node) => `${impact} ${id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`),
      ),
    ).toEqual([]);
    const { width, room } = await page.evaluate(() => ({
      width: document.documentElement.scrollWidth,
      room: innerWidth,
    }));
    expect(width).toBeLessThanOrEqual(room);
  });
});
