// What people with assistive technology would stumble over, in every state that looks different.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, openDaemon, openWindow } from './bench.ts';
import { team } from './team.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

const DEVIATIONS = [
  { project: 0, deployment: 0, variable: 'A' },
  { project: 1, deployment: 0, variable: 'B', held: { because: 'refused', why: 'over the threshold' } },
  { project: 1, deployment: 1, variable: 'C', held: { because: 'stalled', why: 'it failed 10 times' } },
] as const;

async function findings(page: Page): Promise<readonly string[]> {
  const found = await page.evaluate(`${AXE}; axe.run(document, { resultTypes: ['violations'] })`);
  return (found as AxeResults).violations.flatMap(({ id, impact, nodes }) =>
    nodes.map((node) => `${impact} ${id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`),
  );
}

test.each<[string, BrowserContextOptions, (page: Page) => Promise<unknown>]>([
  ['light', { colorScheme: 'light' }, () => Promise.resolve()],
  ['dark', { colorScheme: 'dark' }, () => Promise.resolve()],
  ['a phone', { viewport: { width: 390, height: 844 }, isMobile: true }, (page) => page.locator('#tab-tree').click()],
  ['runs', {}, (page) => page.keyboard.press('3')],
  ['notes, dark', { colorScheme: 'dark' }, (page) => page.keyboard.press('4')],
  ['the token', {}, (page) => page.keyboard.press('r')],
  ['the shortcuts, dark', { colorScheme: 'dark' }, (page) => page.keyboard.press('?')],
])('%s', async (_, options, act) => {
  await using daemon = await openDaemon(
    team({ projects: 3, deployments: 3, deviations: DEVIATIONS, mode: 'apply' }, Date.now()),
  );
  // The checker itself is a script that the page does not know.
  await using window = await openWindow(browser, daemon.url, { bypassCSP: true, reducedMotion: 'reduce', ...options });
  await window.page.locator('.changes').waitFor({ state: 'attached' });
  await act(window.page);
  expect(await findings(window.page)).toEqual([]);
});

test.each(['light', 'dark'] as const)('disconnected, %s', async (colorScheme) => {
  await using daemon = await openDaemon(team({ projects: 3, deployments: 3, deviations: DEVIATIONS }, Date.now()));
  await using window = await openWindow(browser, daemon.url, { bypassCSP: true, colorScheme });
  await window.page.locator('.changes').waitFor();
  await daemon.stop();
  await window.page.locator('#banner').waitFor();
  expect(await findings(window.page)).toEqual([]);
});
