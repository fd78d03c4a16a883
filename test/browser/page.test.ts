// The daemon's page as a person meets it: the real server, the real page, the Chromium of the machine.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WatchStatus } from '../../src/model/watch-status.ts';
import { openBrowser, openDaemon, openWindow, TOKEN } from './bench.ts';
import { deploymentAt, team, type Deviation } from './team.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

const NAMES = ['shop', 'billing', 'support'];
const DEVIATIONS: readonly Deviation[] = [
  { project: 0, deployment: 0, variable: 'STRIPE_KEY' },
  {
    project: 1,
    deployment: 1,
    variable: 'OLD',
    action: 'delete',
    held: { because: 'refused', why: 'over the threshold' },
  },
  { project: 2, deployment: 2, variable: 'URL', held: { because: 'stalled', why: 'it failed 10 times' } },
];
const SMALL = { projects: 3, deployments: 3, names: NAMES };
const synced = (): WatchStatus => team(SMALL, Date.now());
const differing = (): WatchStatus => team({ ...SMALL, deviations: DEVIATIONS, mode: 'apply' }, Date.now());

const changes = (page: Page) => page.locator('.changes > li');
const row = (page: Page, address: string) => page.locator(`.row[data-address="${address}"]`);
/** Waits for it. */
const says = (page: Page, selector: string, text: string | RegExp): Promise<void> =>
  page.locator(selector).filter({ hasText: text }).first().waitFor();

test('what differs, why it is held, how old that is; names of fields and never a value', async () => {
  await using daemon = await openDaemon(differing());
  await using window = await openWindow(browser, daemon.url);
  const { page } = window;
  await says(page, '#headline-word', '3 differ');
  await says(page, '#age', /^Observed \d+ s ago, next look in \d+ min\.$/);
  expect(await changes(page).count()).toBe(3);
  expect((await changes(page).first().innerText()).replaceAll(/\s+/g, ' ')).toBe(
    'support / preview/feature-2 / env-var URL stalled update there, and different value stalled it failed 10 times',
  );
  expect(await row(page, 'project:billing').innerText()).toMatch(/billing\s+1 held/);
  // Each thing with its own age; what contains others is as old as the oldest of them.
  const ages = await page.locator('.row .row-age').allInnerTexts();
  expect(ages.map((text) => text.replace(/^\d+ s$/, 'now')).slice(0, 4)).toEqual(['2 min', '1 min', '2 min', 'now']);
  await row(page, 'project:shop').click();
  await says(page, '#chosen', 'shop');
  expect(await changes(page).count()).toBe(1);
  expect(await page.content()).not.toContain('never-shown');
  await page.getByRole('button', { name: 'Show everything' }).click();
  await page.locator('.chip[data-only="held"]').click();
  expect(await page.locator('.row .label').allInnerTexts()).toEqual(['billing', 'preview/feature-1']);
  expect(window.complaints).toEqual([]);
});

test('what happens is there without a reload', async () => {
  await using daemon = await openDaemon(synced());
  await using window = await openWindow(browser, daemon.url);
  const { page } = window;
  await says(page, '#headline-word', 'In sync');
  await says(page, '#link-text', 'live');
  daemon.become(differing());
  await says(page, '#headline-word', '3 differ');
  await says(page, '.changes', 'STRIPE_KEY');
  daemon.become({ ...differing(), phase: 'reconciling' });
  await says(page, '#age', 'looking again now');
  daemon.become(synced());
  await says(page, '#headline-word', 'In sync');
  expect(await changes(page).count()).toBe(0);
  expect(window.complaints).toEqual([]);
});

describe('law J: an old view is never in sync', () => {
  const claims = async (page: Page): Promise<readonly string[]> =>
    (await page.locator('#headline-word, .row .note, .chip').allInnerTexts()).filter(
      (text) => /in sync/i.test(text) && !/was/.test(text),
    );

  test('when the daemon is gone: since when, what was, and nothing that is; it comes back by itself', async () => {
    await using daemon = await openDaemon(synced());
    await using window = await openWindow(browser, daemon.url);
    const { page } = window;
    await says(page, '#headline-word', 'In sync');
    await daemon.stop();
    await says(page, '#banner', /^Disconnected, last seen \d+ s ago\./);
    await says(page, '#headline-word', 'Unknown');
    await says(page, '#age', /^It was in sync when last heard of/);
    await says(page, '#link-text', 'disconnected');
    // "was" before a note is drawn by the style.
    expect(await page.locator('html').getAttribute('data-old')).toBe('');
    const before = await page
      .locator('.row .note')
      .first()
      .evaluate((note) => getComputedStyle(note, '::before').content);
    expect(before).toBe('"was "');
    expect((await page.locator('.chip').allInnerTexts()).every((text) => text.includes('was'))).toBe(true);
    await daemon.start();
    await says(page, '#headline-word', 'In sync');
    expect(await page.locator('#banner').isVisible()).toBe(false);
  });

  test('when the last run failed, or none has followed', async () => {
    const status = synced();
    await using daemon = await openDaemon(status);
    await using window = await openWindow(browser, daemon.url);
    const { page } = window;
    await says(page, '#headline-word', 'In sync');
    const { round } = status;
    if (round === null) throw new Error('no round');
    daemon.become({
      ...status,
      round: { ...round, id: 8, result: 'invalid', problem: 'the document is invalid: state.yaml:3:1', view: null },
    });
    await says(page, '#headline-word', 'Invalid document');
    await says(page, '#reason', 'the document is invalid: state.yaml:3:1');
    expect(await claims(page)).toEqual(
      // Drawn with "was" before it.
      (await page.locator('.row .note').allInnerTexts()).filter((text) => text === 'in sync'),
    );
    expect(await page.locator('html').getAttribute('data-old')).toBe('');
    daemon.become({ ...status, freshUntil: Date.now() - 1 });
    await says(page, '#reason', 'none has followed it');
    expect(await page.locator('html').getAttribute('data-old')).toBe('');
  });

  test('before the first run there is nothing to say', async () => {
    await using daemon = await openDaemon({ ...synced(), round: null, view: null, succeededAt: null });
    await using window = await openWindow(browser, daemon.url);
    await says(window.page, '#headline-word', 'First look');
    await says(window.page, '#tree-none', 'Nothing is known yet.');
    await says(window.page, '#panel', 'Nothing was observed yet.');
    expect(await window.page.locator('.row').count()).toBe(0);
  });
});

test('where no stream comes through it asks again and again', async () => {
  await using daemon = await openDaemon(synced());
  await using window = await openWindow(browser, 'about:blank');
  const { page } = window;
  await page.route('**/api/events', (route) => route.fulfill({ status: 404, body: '{}' }));
  await page.goto(daemon.url);
  await says(page, '#link-text', 'asking every 5 s');
  await says(page, '#headline-word', 'In sync');
  daemon.become(differing());
  await says(page, '#headline-word', '3 differ');
  expect(await changes(page).count()).toBe(3);
});

describe('the token', () => {
  const give = async (page: Page, token: string): Promise<void> => {
    await page.locator('#token').fill(token);
    await page.getByRole('button', { name: 'Use it' }).click();
  };
  const traces = (page: Page): Promise<string> =>
    page.evaluate(() =>
      JSON.stringify([
        location.href,
        Object.entries(localStorage),
        Object.entries(sessionStorage),
        document.cookie,
        history.state,
        document.documentElement.outerHTML,
        [...document.querySelectorAll('input')].map(({ value }) => value),
      ]),
    );

  test('asking for a run needs it; a wrong one is said; it leaves no trace', async () => {
    await using daemon = await openDaemon(synced());
    await using window = await openWindow(browser, daemon.url);
    const { page } = window;
    const urls: string[] = [];
    page.on('request', (request) => urls.push(request.url()));
    await says(page, '#headline-word', 'In sync');
    await page.keyboard.press('r');
    await give(page, 'wrong');
    await says(page, '#token-error', 'The daemon does not take this token.');
    expect(daemon.asked()).toBe(0);
    await give(page, TOKEN);
    await says(page, '#toast', 'Asked.');
    expect(daemon.asked()).toBe(1);
    expect(await traces(page)).not.toContain(TOKEN);
    expect(urls.join(' ')).not.toContain(TOKEN);
    // Asked once for as long as the page is open, and not longer.
    await page.getByRole('button', { name: 'Reconcile now' }).click();
    await expect.poll(() => daemon.asked(), { timeout: 5_000 }).toBe(2);
    await page.reload();
    await says(page, '#headline-word', 'In sync');
    await page.keyboard.press('r');
    expect(await page.locator('#token-dialog').isVisible()).toBe(true);
    await page.keyboard.press('Escape');
    expect(await page.locator('#token-dialog').isVisible()).toBe(false);
  });

  test('a daemon without one says so', async () => {
    await using daemon = await openDaemon(synced(), { token: () => Promise.resolve(null) });
    await using window = await openWindow(browser, daemon.url);
    await says(window.page, '#headline-word', 'In sync');
    await window.page.keyboard.press('r');
    await give(window.page, TOKEN);
    await says(window.page, '#toast', 'This daemon has no token set');
    expect(daemon.asked()).toBe(0);
  });

  test('off loopback nothing is shown without it', async () => {
    await using daemon = await openDaemon(differing(), { listen: { host: '0.0.0.0', port: 0 } });
    await using window = await openWindow(browser, daemon.url);
    const { page } = window;
    await says(page, '#token-why', 'This daemon shows itself only to those who have its token.');
    expect(await page.locator('body').innerText()).not.toMatch(/shop|STRIPE_KEY|acme/);
    await page.keyboard.press('Escape');
    expect(await page.locator('#token-dialog').isVisible()).toBe(true);
    await give(page, 'wrong');
    await says(page, '#token-error', 'The daemon does not take this token.');
    await give(page, TOKEN);
    await says(page, '#headline-word', '3 differ');
    expect(await traces(page)).not.toContain(TOKEN);
  });
});

test('everything can be done with the keyboard', async () => {
  await using daemon = await openDaemon(differing());
  await using window = await openWindow(browser, daemon.url);
  const { page } = window;
  const focused = (): Promise<string | null> =>
    page.evaluate(() => document.activeElement?.getAttribute('data-address') ?? document.activeElement?.id ?? null);
  await says(page, '#headline-word', '3 differ');
  await page.keyboard.press('t');
  expect(await focused()).toBe('project:billing');
  await page.keyboard.press('ArrowRight');
  expect(await focused()).toBe(deploymentAt(1, 1, NAMES));
  expect(await changes(page).count()).toBe(1);
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  expect(await row(page, 'project:billing').getAttribute('aria-expanded')).toBe('false');
  await page.keyboard.press('ArrowDown');
  expect(await focused()).toBe('project:shop');
  await page.keyboard.press('End');
  expect(await focused()).toBe(deploymentAt(2, 0, NAMES));
  expect(await page.locator('.row[tabindex="0"]').count()).toBe(1);
  await page.keyboard.press('/');
  expect(await focused()).toBe('search');
  await page.keyboard.type('feature-2');
  expect(await page.locator('.row .label').allInnerTexts()).toHaveLength(6);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  for (const [key, tab] of [
    ['2', 'drift'],
    ['3', 'runs'],
    ['4', 'notes'],
    ['1', 'changes'],
  ] as const) {
    await page.keyboard.press(key);
    expect(await page.locator(`#tab-${tab}`).getAttribute('aria-selected')).toBe('true');
  }
  await page.locator('#tab-changes').focus();
  await page.keyboard.press('ArrowRight');
  expect(await focused()).toBe('tab-drift');
  await page.keyboard.press('?');
  await says(page, '#keys', 'Reconcile now');
  await page.keyboard.press('Escape');
  await page.keyboard.press('d');
  expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
  await page.reload();
  expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
  expect(window.complaints).toEqual([]);
});

test('names of others are text: nothing runs, hides, turns around or goes on for ever', async () => {
  const names = [
    '<img src=x onerror=alert(1)>',
    '</script><script>alert(2)</script>',
    'abc\u202Egnp.exe',
    '\u001B[31mred',
    'x'.repeat(5_000),
    'javascript:alert(3)',
    '__proto__',
  ];
  const why = '<b onclick=alert(4)>bold</b> \u202E';
  const deviations = names.map((_, project) => ({
    project,
    deployment: 0,
    variable: '<svg/onload=alert(5)>',
    held: { because: 'refused' as const, why },
  }));
  const status = team({ projects: names.length, deployments: 2, names, deviations }, Date.now());
  const { round } = status;
  if (round === null) throw new Error('no round');
  await using daemon = await openDaemon(status);
  await using window = await openWindow(browser, daemon.url);
  const { page } = window;
  const dialogs: string[] = [];
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  await says(page, '#headline-word', '7 differ');
  const labels = await page.locator('.row[aria-level="1"] .label').allInnerTexts();
  expect(labels).toContain('<img src=x onerror=alert(1)>');
  expect(labels).toContain(String.raw`abc\u{202e}gnp.exe`);
  expect(labels).toContain(String.raw`\u{1b}[31mred`);
  expect(Math.max(...labels.map(({ length }) => length))).toBeLessThan(400);
  for (const tab of ['2', '3', '4', '1']) await page.keyboard.press(tab);
  await page.keyboard.press('t');
  await page.keyboard.press('End');
  expect(await page.locator('main img, main svg[onload], main b[onclick]').count()).toBe(0);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  expect([dialogs, window.complaints]).toEqual([[], []]);
});

test('the page could not run or fetch anything else if it wanted to', async () => {
  await using daemon = await openDaemon(synced());
  await using window = await openWindow(browser, daemon.url);
  await says(window.page, '#headline-word', 'In sync');
  const tried = await window.page.evaluate(async () => {
    const said = async (act: () => unknown): Promise<string> => {
      try {
        await act();
        return 'done';
      } catch (error) {
        return error instanceof Error ? error.name : 'thrown';
      }
    };
    return [
      await said(() => (document.body.innerHTML = '<p>markup</p>')),
      await said(() => fetch('http://127.0.0.2:9/')),
      await said(() =>
        (window as unknown as { trustedTypes: { createPolicy(name: string): unknown } }).trustedTypes.createPolicy(
          'mine',
        ),
      ),
    ];
  });
  expect(tried).toEqual(['TypeError', 'TypeError', 'TypeError']);
});

describe('history', () => {
  const NOW = Date.now();
  const hours = (count: number): string => new Date(NOW - count * 3_600_000).toISOString();
  const episode = (project: number, variable: string, seen: number, gone: number | null, healedBy: string | null) => ({
    address: `${deploymentAt(project, 0, NAMES)}/env-var:${variable}`,
    kind: 'env-var',
    action: 'update',
    reason: 'differs',
    fields: ['value'],
    seenAt: hours(seen),
    goneAt: gone === null ? null : hours(gone),
    healedBy,
    run: 3,
  });
  const run = (id: number) => ({
    id,
    session: 1,
    cause: 'schedule',
    startedAt: hours(id / 12),
    seconds: 1.25,
    result: id === 2 ? 'failed' : 'done',
    problem: id === 2 ? 'the platform is down' : null,
    differs: 0,
    changed: 1,
    held: 0,
    requests: { reads: 8, writes: 1 },
  });

  test('drift on a timeline, runs with what they cost, older ones when asked', async () => {
    await using daemon = await openDaemon(synced());
    await using window = await openWindow(browser, 'about:blank');
    const { page } = window;
    const episodes = [episode(0, 'A', 2, null, null), episode(1, 'B', 9, 8, 'converge'), episode(1, 'C', 20, 3, null)];
    const asked: string[] = [];
    await page.route('**/api/drift?*', (route) => {
      asked.push(route.request().url());
      return route.fulfill({ json: { kind: 'drift-history', formatVersion: '1.0', episodes } });
    });
    await page.route('**/api/runs?*', (route) => {
      const isOlder = route.request().url().includes('before=2');
      const runs = isOlder ? [run(3)] : [run(1), run(2)];
      return route.fulfill({ json: { kind: 'runs', formatVersion: '1.0', runs, next: isOlder ? null : 2 } });
    });
    await page.goto(daemon.url);
    await says(page, '#headline-word', 'In sync');
    await page.locator('#tab-drift').click();
    await says(page, '.episodes', 'still differs');
    expect(await page.locator('.lane').count()).toBe(3);
    expect(await page.locator('rect.open, rect.healed, rect.gone').count()).toBe(3);
    await page.getByRole('button', { name: '7 days' }).click();
    await expect.poll(() => asked.length, { timeout: 5_000 }).toBeGreaterThan(1);
    expect(Date.now() - Date.parse(new URL(asked.at(-1) ?? '').searchParams.get('since') ?? '')).toBeGreaterThan(6e8);
    await row(page, 'project:billing').click();
    expect(await page.locator('.lane').count()).toBe(2);
    await page.locator('#tab-runs').click();
    await says(page, '.runs', 'the platform is down');
    expect((await page.locator('.runs tbody tr').first().innerText()).replaceAll(/\s+/g, ' ')).toMatch(
      /schedule done 1\.3 s 0 1 0 8 \+ 1$/,
    );
    await page.getByRole('button', { name: 'Show older ones' }).click();
    await expect.poll(() => page.locator('.runs tbody tr').count(), { timeout: 5_000 }).toBe(3);
    expect(await page.getByRole('button', { name: 'Show older ones' }).count()).toBe(0);
    expect(window.complaints).toEqual([]);
  });

  test('where there is none the page says so, and shows the runs that it sees', async () => {
    await using daemon = await openDaemon(synced());
    await using window = await openWindow(browser, 'about:blank');
    const { page } = window;
    for (const path of ['**/api/drift?*', '**/api/runs?*'])
      await page.route(path, (route) => route.fulfill({ status: 501, json: { error: 'not built' } }));
    await page.goto(daemon.url);
    await says(page, '#headline-word', 'In sync');
    await page.locator('#tab-drift').click();
    await says(page, '#panel', 'There is no history here');
    await page.locator('#tab-runs').click();
    await says(page, '#panel', 'This daemon keeps no history.');
    expect(await page.locator('.runs tbody tr').count()).toBe(1);
    const status = synced();
    if (status.round === null) throw new Error('no round');
    daemon.become({ ...status, round: { ...status.round, id: 8, startedAt: Date.now() } });
    await expect.poll(() => page.locator('.runs tbody tr').count(), { timeout: 10_000 }).toBe(2);
  });
});

test('on a phone: nothing is wider than the screen, and the tree is a tab', async () => {
  await using daemon = await openDaemon(differing());
  await using window = await openWindow(browser, daemon.url, {
    viewport: { width: 360, height: 740 },
    isMobile: true,
    hasTouch: true,
  });
  const { page } = window;
  await says(page, '#headline-word', '3 differ');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  expect(await page.locator('#tree').isVisible()).toBe(false);
  await page.locator('#tab-tree').tap();
  await row(page, 'project:billing').tap();
  await page.locator('#tab-changes').tap();
  await says(page, '#chosen', 'billing');
  expect(await changes(page).count()).toBe(1);
  const small = await page
    .locator('button:visible')
    .evaluateAll((buttons) =>
      buttons
        .filter((button) => button.getBoundingClientRect().height < 32)
        .map(({ id, className }) => id || className),
    );
  expect(small).toEqual([]);
  expect(window.complaints).toEqual([]);
});
