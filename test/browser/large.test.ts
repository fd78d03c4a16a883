// Five thousand deployments: few elements, short tasks, whatever one does.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, openDaemon, openWindow } from './bench.ts';
import { deploymentAt, team } from './team.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

const LARGE = { projects: 500, deployments: 10 };
/** A frame of 16 ms is the aim and is met on a desk; a loaded machine without a graphics card is given this. */
const LONGEST_TASK_MS = 400;

test('5,000 deployments are shown, scrolled, searched and brought up to date without jank', async () => {
  const deviations = Array.from({ length: 40 }, (_, index) => ({
    project: index * 12,
    deployment: index % 10,
    variable: 'A',
  }));
  await using daemon = await openDaemon(team({ ...LARGE, deviations }, Date.now()));
  await using window = await openWindow(browser, daemon.url);
  const { page } = window;
  await page.locator('#headline-word').filter({ hasText: '40 differ' }).waitFor();
  await page.evaluate(() => {
    const tasks: number[] = [];
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
      type: 'longtask',
    });
    Object.assign(globalThis, { tasks });
  });
  const tasks = (): Promise<readonly number[]> =>
    page.evaluate(() => (globalThis as unknown as { tasks: number[] }).tasks.splice(0));
  const rows = (): Promise<number> => page.locator('.row').count();

  await page.keyboard.press('t');
  await page.keyboard.press('*');
  const opened = await tasks();
  expect(await rows()).toBeLessThan(80);
  const frames = await page.evaluate(async () => {
    const scroller = document.getElementById('tree') as HTMLElement;
    const gaps: number[] = [];
    let last = performance.now();
    for (let step = 0; step < 120; step++) {
      scroller.scrollTop += 1_300;
      await new Promise((resolve) => requestAnimationFrame(resolve));
      gaps.push(performance.now() - last);
      last = performance.now();
    }
    return { gaps: gaps.sort((a, b) => a - b), at: scroller.scrollTop };
  });
  const scrolled = await tasks();
  expect(frames.at).toBeGreaterThan(100_000);
  expect(await rows()).toBeLessThan(80);
  await page.keyboard.press('End');
  expect(await page.evaluate(() => document.activeElement?.getAttribute('data-address'))).toBe(deploymentAt(499, 0));
  await page.locator('#search').fill('app-499/deployment:production');
  expect(await page.locator('.row').count()).toBe(2);
  await page.locator('#search').fill('');
  const searched = await tasks();
  for (let round = 0; round < 5; round++) {
    daemon.become(team({ ...LARGE, deviations: deviations.slice(round) }, Date.now()));
    await page
      .locator('#headline-word')
      .filter({ hasText: `${40 - round} differ` })
      .waitFor();
  }
  const refreshed = await tasks();
  const size = await page.evaluate(() => document.querySelectorAll('*').length);
  expect(size).toBeLessThan(1_500);
  const median = frames.gaps[60] ?? 0;
  const slowest = frames.gaps.at(-1) ?? 0;
  console.log(
    JSON.stringify({
      elements: size,
      frameMs: { median, p95: frames.gaps[113], slowest },
      opened,
      scrolled,
      searched,
      refreshed,
    }),
  );
  for (const all of [opened, scrolled, searched, refreshed]) expect(Math.max(0, ...all)).toBeLessThan(LONGEST_TASK_MS);
  expect(median).toBeLessThan(50);
  expect(window.complaints).toEqual([]);
});
