// Notifications over real HTTP, through the same way out as the daemon's.
import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/compose/machine.ts';
import { openPoster } from '../../../src/compose/post.ts';
import { openNotifier, type Notifier } from '../../../src/daemon/notify/open-notifier.ts';
import { readNotifyFile } from '../../../src/daemon/notify/read-notify-file.ts';
import type { Address } from '../../../src/model/address.ts';
import type { Clock } from '../../../src/model/ports.ts';
import { Secret } from '../../../src/model/secret.ts';
import type { WatchNews } from '../../../src/model/watch-status.ts';
import { NO_PROXIES } from '../../../src/providers/http/proxies.ts';
import { at, difference, KEY } from '../history/runs.ts';
import { ROUND } from '../statuses.ts';
import { startReceiver } from './receiver.ts';

const KEY_TEXT = 'a-signing-key-of-the-receiver';
/** Real time, and waits between tries that are none. */
const hasty: Clock = {
  ...systemClock,
  sleep: (ms, signal) => systemClock.sleep(ms >= 5_000 || ms === 50 ? ms : 0, signal),
};

interface Bench {
  readonly notifier: Notifier;
  readonly news: readonly WatchNews[];
  /** Something drifted. */
  readonly drift: (...addresses: readonly Address[]) => void;
  readonly end: () => Promise<void>;
}

function bench(url: string, lines: readonly string[], clock: Clock = hasty): Bench {
  const read = readNotifyFile(
    `version: 1\ntargets:\n  - name: ops\n    urlFrom: { env: URL }\n${lines.map((line) => `    ${line}\n`).join('')}`,
    'n.yaml',
  );
  if (!('targets' in read)) throw new Error(read.problems.join('\n'));
  const news: WatchNews[] = [];
  const poster = openPoster({ ca: null, proxies: NO_PROXIES });
  const secrets: Readonly<Record<string, string>> = { URL: url, KEY: KEY_TEXT };
  const notifier = openNotifier({
    targets: read.targets,
    clock,
    chance: () => 0,
    tool: '0.1.0',
    mode: 'apply',
    session: 'abc',
    post: poster.post,
    secret: (place) =>
      Promise.resolve('env' in place ? new Secret(secrets[place.env] ?? '') : 'its file cannot be read'),
    onNews: (one) => void news.push(one),
  });
  let run = 0;
  return {
    notifier,
    news,
    drift(...addresses) {
      const opened = addresses.map((address) => ({
        ...difference(address),
        origin: 'live' as const,
        seenAt: 0,
        run: 1,
        lastEqualAt: null,
        goneAt: null,
        healedBy: null,
        healedIn: null,
      }));
      notifier.onRound(
        { ...ROUND, id: ++run, outcomes: [], held: [] },
        { id: run, opened, closed: [], origin: 'live' },
      );
    },
    async end() {
      await notifier.close(5_000);
      await poster.close();
    },
  };
}

test('a webhook is signed over its time and its body, and says names, never a value', async () => {
  await using receiver = await startReceiver();
  const on = bench(receiver.url, ['type: webhook', 'secretFrom: { env: KEY }']);
  on.drift(KEY);
  const { method, headers, body } = await receiver.next();
  await on.end();
  expect([method, headers['content-type'], headers['user-agent']]).toEqual([
    'POST',
    'application/json',
    'converge/0.1.0',
  ]);
  const seconds = String(headers['converge-timestamp']);
  const expected = createHmac('sha256', KEY_TEXT).update(`${seconds}.${body}`).digest('hex');
  expect(headers['converge-signature']).toBe(`v1=${expected}`);
  expect(Math.abs(Number(seconds) - Date.now() / 1000)).toBeLessThan(60);
  expect(JSON.parse(body)).toEqual({
    kind: 'notification',
    formatVersion: '1.0',
    id: headers['converge-id'],
    tool: '0.1.0',
    at: expect.any(String),
    run: 1,
    mode: 'apply',
    team: { id: 41, slug: 'acme' },
    events: [
      {
        rule: 'drift',
        message: 'the live side differs from the document',
        detail: null,
        count: 1,
        items: [{ address: KEY, kind: 'setting', action: 'update', note: 'differs', fields: ['value'] }],
        more: 0,
      },
    ],
    earlier: { messages: 0, things: {} },
  });
  expect(body).not.toContain('shown-after');
  expect(on.news).toEqual([{ type: 'notified', target: 'ops', rules: ['drift'] }]);
});

test('what the documentation gives receivers tells ours from others', async () => {
  const docs = await readFile('docs/notifications.md', 'utf8');
  const [, code = ''] = /```js\n([\s\S]+?)```/.exec(docs) ?? [];
  const { isFromConverge } = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as {
    readonly isFromConverge: (headers: IncomingHttpHeaders, body: Buffer, key: string) => boolean;
  };
  await using receiver = await startReceiver();
  const on = bench(receiver.url, ['type: webhook', 'secretFrom: { env: KEY }']);
  on.drift(KEY);
  const { headers, body } = await receiver.next();
  await on.end();
  expect(isFromConverge(headers, Buffer.from(body), KEY_TEXT)).toBe(true);
  expect(isFromConverge(headers, Buffer.from(`${body} `), KEY_TEXT)).toBe(false);
  expect(isFromConverge(headers, Buffer.from(body), 'another key')).toBe(false);
  const old = { ...headers, 'converge-timestamp': String(Number(headers['converge-timestamp']) - 301) };
  expect(isFromConverge(old, Buffer.from(body), KEY_TEXT)).toBe(false);
  expect(isFromConverge({}, Buffer.from(body), KEY_TEXT)).toBe(false);
});

test('a try after a failure has the same id, and its own time', async () => {
  await using receiver = await startReceiver((nth) =>
    nth < 3 ? { status: 503, headers: { 'retry-after': '0' } } : { status: 204 },
  );
  const on = bench(receiver.url, ['type: webhook']);
  on.drift(KEY);
  const ids = [await receiver.next(), await receiver.next(), await receiver.next()].map(
    ({ headers }) => headers['converge-id'],
  );
  await on.end();
  expect(ids).toEqual(['abc-1', 'abc-1', 'abc-1']);
  expect(on.notifier.metrics()[0]?.samples).toEqual([
    { labels: { target: 'ops', result: 'sent' }, value: 1 },
    { labels: { target: 'ops', result: 'failed' }, value: 0 },
    { labels: { target: 'ops', result: 'summed-up' }, value: 0 },
  ]);
});

describe('a failure is said without the URL', () => {
  async function failure(on: Bench): Promise<string> {
    on.drift(KEY);
    await on.end();
    const said = JSON.stringify([on.news, on.notifier.state()]);
    expect(said).not.toMatch(/very-secret|127\.0\.0\.1|localhost/);
    expect(on.notifier.state()).toMatchObject([{ target: 'ops', error: { why: expect.any(String) } }]);
    return on.news
      .map((one) => (one.type === 'notification-failed' ? `${one.why}, ${one.attempts}` : one.type))
      .join('; ');
  }

  test('a redirect is not followed', async () => {
    await using elsewhere = await startReceiver();
    await using receiver = await startReceiver(() => ({ status: 307, headers: { location: elsewhere.url } }));
    expect(await failure(bench(receiver.url, ['type: webhook']))).toBe('the receiver answered 307, 1');
    expect(elsewhere.received).toEqual([]);
  });

  test('a receiver that refuses, one that is not there, one that is no URL, one over plain http', async () => {
    await using receiver = await startReceiver(() => ({ status: 404, body: 'no such hook: very-secret-path' }));
    const gone = await startReceiver();
    await gone[Symbol.asyncDispose]();
    expect(await failure(bench(receiver.url, ['type: webhook']))).toBe('the receiver answered 404, 1');
    expect(await failure(bench(gone.url, ['type: webhook']))).toBe(
      'the receiver could not be reached (ECONNREFUSED), 6',
    );
    expect(await failure(bench('very-secret', ['type: webhook']))).toBe('what urlFrom gives is no http(s) URL, 1');
    expect(await failure(bench('http://example.com/very-secret', ['type: webhook']))).toMatch(
      /plainHttp is not set, 1$/,
    );
  });

  test('one that never answers is given up in its time', async () => {
    await using receiver = await startReceiver(() => 'hang');
    const sleep: Clock['sleep'] = (ms, signal) => hasty.sleep(ms === 10_000 ? 50 : ms, signal);
    const on = bench(receiver.url, ['type: webhook'], { ...hasty, sleep });
    expect(await failure(on)).toBe('no reply within 10 s, 6');
  });
});

test('a reply without end is not read on', async () => {
  await using receiver = await startReceiver(() => ({ status: 200, body: 'x'.repeat(5_000_000) }));
  const on = bench(receiver.url, ['type: webhook']);
  on.drift(KEY);
  await receiver.next();
  await on.end();
  expect(on.news).toMatchObject([{ type: 'notified' }]);
});

test('Slack: one text, eight lines, and nothing in it rings anybody', async () => {
  await using receiver = await startReceiver();
  const on = bench(receiver.url, ['type: slack']);
  const nasty = at('site:<!channel>&`@here`');
  on.drift(nasty, ...Array.from({ length: 9 }, (_, index) => at(`site:a/machine:m${index}`)));
  const { body, headers } = await receiver.next();
  await on.end();
  const sent = JSON.parse(body) as { readonly text: string };
  expect(sent).toMatchObject({ link_names: false, unfurl_links: false, unfurl_media: false });
  const lines = sent.text.split('\n');
  expect(lines.slice(0, 3)).toEqual([
    '*converge*, team `acme`, run 1',
    ':warning: the live side differs from the document (10)',
    "• `site:&lt;!channel&gt;&amp;'@here'` update, differs, fields `value`",
  ]);
  expect(lines.slice(-1)).toEqual(['• and 2 more']);
  expect(sent.text).not.toMatch(/[<>]/);
  expect(headers['converge-signature']).toBeUndefined();
});

test('a target that fails delays no other, and no run', async () => {
  await using stuck = await startReceiver(() => 'hang');
  const on = bench(stuck.url, ['type: webhook']);
  const before = performance.now();
  for (let count = 0; count < 200; count++) {
    on.drift(at(`site:s${count}`));
  }
  expect(performance.now() - before).toBeLessThan(2_000);
  expect(on.notifier.state()[0]?.waiting).toBeLessThanOrEqual(20);
  await on.notifier.close(0);
  await on.end();
});
