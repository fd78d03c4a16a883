// The daemon's own server before a browser of the machine, with a status that the test sets.
import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { systemClock } from '../../src/compose/machine.ts';
import { openHistory } from '../../src/daemon/history/open-history.ts';
import { openEventStream, type EventStream } from '../../src/daemon/event-stream.ts';
import { readPageShell } from '../../src/daemon/page-shell.ts';
import { pulseOf, runJson } from '../../src/daemon/pulse.ts';
import { liveness, readiness } from '../../src/daemon/readiness.ts';
import { openServer, type Server, type ServerOptions } from '../../src/daemon/server.ts';
import { statusDocument } from '../../src/daemon/status-json.ts';
import { openTree } from '../../src/daemon/tree-json.ts';
import { Secret } from '../../src/model/secret.ts';
import { served } from '../daemon/served.ts';
import type { WatchStatus } from '../../src/model/watch-status.ts';

export const TOKEN = 'a-bearer-for-the-page';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
];

/** Debian's Chromium, or the one that `CHROMIUM` names. Throws where there is none: nothing is skipped in silence. */
export async function openBrowser(): Promise<Browser> {
  const named = process.env['CHROMIUM'];
  const found = [named ?? PLACES].flat().find((place) => existsSync(place));
  if (found === undefined)
    throw new Error('no Chromium on this machine: `apt-get install chromium`, or name one with CHROMIUM=/path/to/it');
  return chromium.launch({ executablePath: found, args: ['--no-sandbox', '--disable-gpu'] });
}

export interface Daemon extends AsyncDisposable {
  readonly url: string;
  readonly events: EventStream;
  /** From now on this is what it says of itself, to those who follow too. */
  become(status: WatchStatus): void;
  /** How often a run was asked for. */
  asked(): number;
  stop(): Promise<void>;
  /** On the port that it had. */
  start(): Promise<void>;
}

export async function openDaemon(
  first: WatchStatus,
  options: Partial<Pick<ServerOptions, 'listen' | 'token' | 'reconcile'>> = {},
): Promise<Daemon> {
  let status = first;
  let asked = 0;
  const history = await openHistory({
    file: null,
    bounds: { ageMs: 86_400_000, bytes: 16 * 1024 * 1024 },
    clock: systemClock,
    onState: () => undefined,
  });
  const tree = openTree();
  const shell = await readPageShell();
  const treeNow = (): ReturnType<typeof tree> => tree(status.view);
  const open = async (port: number): Promise<{ readonly server: Server; readonly events: EventStream }> => {
    const events = openEventStream({
      clock: systemClock,
      state: () => pulseOf(status, Date.now(), treeNow().etag),
    });
    const server = await openServer(
      served({
        listen: { host: options.listen?.host ?? '127.0.0.1', port },
        token: options.token ?? (() => Promise.resolve(new Secret(TOKEN))),
        live: () => liveness(status, Date.now()),
        ready: () => readiness(status, Date.now()),
        status: () => statusDocument(status, Date.now()),
        reconcile: options.reconcile ?? (() => void asked++),
        history: () => history,
        page: { shell, tree: treeNow, events },
      }),
    );
    return { server, events };
  };
  let now = await open(0);
  const port = Number(new URL(now.server.url).port);
  const stop = async (): Promise<void> => {
    now.events.close();
    await now.server.close();
  };
  return {
    url: `http://127.0.0.1:${port}`,
    get events() {
      return now.events;
    },
    become(next) {
      const isRun = next.round !== status.round && next.round !== null;
      status = next;
      if (isRun && next.round !== null) now.events.tell('run', runJson(next.round));
      now.events.changed();
    },
    asked: () => asked,
    stop,
    async start() {
      now = await open(port);
    },
    async [Symbol.asyncDispose]() {
      await stop().catch(() => undefined);
    },
  };
}

export interface Window extends AsyncDisposable {
  readonly page: Page;
  /** Errors of the console and of scripts, and what the policy refused. */
  readonly complaints: readonly string[];
}

export async function openWindow(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Window> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`thrown: ${error.message}`));
  // An empty history, where a test says nothing else.
  await page.route('**/api/runs?*', (route) =>
    route.fulfill({ json: { kind: 'runs', formatVersion: '1.0', runs: [], next: null } }),
  );
  await page.route('**/api/drift?*', (route) =>
    route.fulfill({ json: { kind: 'drift-history', formatVersion: '1.0', episodes: [] } }),
  );
  await page.goto(url);
  return {
    page,
    complaints,
    async [Symbol.asyncDispose]() {
      await context.close();
    },
  };
}
