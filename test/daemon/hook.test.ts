// The door for what the platform sends, over a socket.
import { afterEach, expect, test } from 'vitest';
import { openServer, type Server } from '../../src/daemon/server.ts';
import type { Hook } from '../../src/daemon/hook.ts';
import type { Delivery } from '../../src/model/hints.ts';
import { served } from './served.ts';

let server: Server | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

const deliveries: Delivery[] = [];

async function serve(hook: Hook | null): Promise<string> {
  deliveries.length = 0;
  const heard = hook && ((delivery: Delivery) => (deliveries.push(delivery), hook(delivery)));
  server = await openServer(served({ hook: heard }));
  return `${server.url}/hooks/log-stream`;
}

const post = (url: string, body: string, more: RequestInit = {}): Promise<Response> =>
  fetch(url, { method: 'POST', body, ...more });

test('the bytes, the headers and the name arrive as they were sent, without a bearer', async () => {
  const url = await serve(() => Promise.resolve('taken'));
  const reply = await post(url, '[1, 2]\n', { headers: { 'x-webhook-signature': 'sha256=00' } });
  expect([reply.status, await reply.json()]).toEqual([202, { accepted: true }]);
  await post(`${url}/happy-otter-1`, '');
  expect(deliveries.map(({ body, of }) => [Buffer.from(body).toString(), of])).toEqual([
    ['[1, 2]\n', null],
    ['', 'happy-otter-1'],
  ]);
  expect(deliveries[0]?.headers['x-webhook-signature']).toBe('sha256=00');
});

test('every refusal looks alike; what we cannot judge may be sent again', async () => {
  const url = await serve(() => Promise.resolve('refused'));
  const replies = await Promise.all([post(url, ''), post(url, '[]'), post(`${url}/nobody`, 'x'.repeat(10_000))]);
  expect(new Set(await Promise.all(replies.map(async (one) => `${one.status} ${await one.text()}`)))).toEqual(
    new Set(['401 {"error":"not accepted"}\n']),
  );
  await server?.close();
  const other = await serve(() => Promise.resolve('unusable'));
  expect((await post(other, '[]')).status).toBe(503);
});

test('off unless it is asked for; only POST; not without end', async () => {
  expect((await post(await serve(null), '[]')).status).toBe(404);
  await server?.close();
  const url = await serve(() => Promise.resolve('taken'));
  expect((await fetch(url)).status).toBe(405);
  expect((await post(`${url}/a/b`, '[]')).status).toBe(404);
  const sent = await post(url, 'x'.repeat(1024 * 1024 + 1)).then(
    ({ status }) => status,
    () => 'cut',
  );
  expect([413, 'cut']).toContain(sent);
  expect(deliveries).toEqual([]);
});
