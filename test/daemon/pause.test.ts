// /api/pause over a real socket.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { pauseApi } from '../../src/daemon/pause-api.ts';
import { openPauseDesk, pausesInProcess } from '../../src/daemon/pause-desk.ts';
import { openServer, type Server } from '../../src/daemon/server.ts';
import type { PauseStore } from '../../src/model/pause.ts';
import { Secret } from '../../src/model/secret.ts';

const TOKEN = 'a-long-bearer-token';
const NOW = Date.UTC(2026, 10, 20, 12);
const PAUSE = { address: 'site:a', owner: 'ada', reason: 'fire', duration: '2h' };
const KEPT = { address: 'site:a', owner: 'ada', reason: 'fire', expires: '2026-11-20T14:00:00Z' };

let server: Server;
let store: PauseStore;
let now = NOW;
let events: string[] = [];

beforeEach(async () => {
  now = NOW;
  events = [];
  store = pausesInProcess();
  const desk = openPauseDesk(store, {
    now: () => now,
    whyNot: (address) => (address.startsWith('site:') ? null : 'no such kind'),
    onAdded: () => void events.push('added'),
    onLifted: () => void events.push('lifted'),
  });
  const where = { file: 'state.yaml', line: 3, column: 5 };
  const written = { ...KEPT, address: 'site:b', held: [], where };
  server = await openServer({
    listen: { host: '127.0.0.1', port: 0 },
    names: [],
    token: () => Promise.resolve(new Secret(TOKEN)),
    live: () => ({ ok: true }),
    ready: () => ({ ok: true }),
    metrics: () => '',
    status: () => ({}),
    reconcile: () => undefined,
    history: () => {
      throw new Error('nobody asks for the past here');
    },
    setLogLevel: () => undefined,
    hook: null,
    pauses: pauseApi(desk, () => [written, { ...written, address: 'site:a', where: null }]),
  });
});

afterEach(() => server.close());

async function send(method: string, body?: unknown, token: string | null = TOKEN) {
  const response = await fetch(`${server.url}/api/pause`, {
    method,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
  });
  return { status: response.status, body: await response.json() };
}

test('a pause is kept, told, listed beside those of the document, and lifted', async () => {
  expect(await send('POST', PAUSE)).toEqual({ status: 200, body: { paused: KEPT } });
  expect(events).toEqual(['added']);
  expect(await store.read()).toMatchObject([{ address: 'site:a', expires: NOW + 7_200_000, where: null }]);
  const documented = {
    ...KEPT,
    address: 'site:b',
    from: 'document',
    where: { file: 'state.yaml', line: 3, column: 5 },
  };
  expect(await send('GET')).toEqual({
    status: 200,
    body: { pauses: [documented, { ...KEPT, from: 'request' }] },
  });
  // One that is asked for again replaces the first.
  const longer = { address: 'site:a', owner: 'bob', reason: 'still', expires: '2026-11-21' };
  expect(await send('POST', longer)).toMatchObject({ status: 200 });
  expect(await store.read()).toMatchObject([{ owner: 'bob', expires: Date.UTC(2026, 10, 21) }]);
  expect(await send('DELETE', { address: 'site:b' })).toMatchObject({ status: 404 });
  expect(await send('DELETE', { address: 'site:a' })).toMatchObject({
    status: 200,
    body: { lifted: { owner: 'bob' } },
  });
  expect(await send('DELETE', { address: 'site:a' })).toMatchObject({ status: 404 });
  expect(events).toEqual(['added', 'added', 'lifted']);
});

test('what has expired is not listed, and cannot be lifted', async () => {
  await send('POST', PAUSE);
  now += 7_200_000;
  expect(await send('GET')).toMatchObject({ body: { pauses: [{ address: 'site:b' }] } });
  expect(await send('DELETE', { address: 'site:a' })).toMatchObject({ status: 404 });
});

test('where they are kept cannot be reached: 503, and nothing is said to be paused', async () => {
  Object.assign(store, { write: () => Promise.reject(new Error('conflict')) });
  expect(await send('POST', PAUSE)).toMatchObject({ status: 503 });
  Object.assign(store, { read: () => Promise.reject(new Error('gone')) });
  expect(await send('GET')).toMatchObject({ status: 503 });
  expect(await send('DELETE', { address: 'site:a' })).toMatchObject({ status: 503 });
  // It may have been kept all the same: a run that goes does not know of it.
  expect(events).toEqual(['added']);
});

test('two at once are both kept', async () => {
  const addresses = ['site:a', 'site:b', 'site:c'];
  await Promise.all(addresses.map((address) => send('POST', { ...PAUSE, address })));
  expect((await store.read()).map(({ address }) => address).toSorted()).toEqual(addresses);
});

test('who has no bearer neither pauses nor lifts, also on loopback; reading is for who is on this machine', async () => {
  expect(await send('POST', PAUSE, null)).toMatchObject({ status: 401 });
  expect(await send('DELETE', { address: 'site:a' }, 'another')).toMatchObject({ status: 401 });
  expect(await send('GET', undefined, null)).toMatchObject({ status: 200 });
  expect(events).toEqual([]);
});

describe('what is no pause is refused with what was expected', () => {
  test.each<[string, unknown, number, RegExp]>([
    ['no JSON', '{', 400, /no JSON/],
    ['no object', [], 422, /expected an object/],
    ['another key', { ...PAUSE, force: true }, 422, /^unknown key "force"$/],
    ['no owner', { ...PAUSE, owner: undefined }, 422, /^owner must be a text that is not empty$/],
    ['a blank reason', { ...PAUSE, reason: ' ' }, 422, /^reason must be a text that is not empty$/],
    ['a novel', { ...PAUSE, reason: 'x'.repeat(1001) }, 422, /^reason is longer than 1000 characters$/],
    ['no end', { ...PAUSE, duration: undefined }, 422, /^exactly one of expires and duration is needed$/],
    ['two ends', { ...PAUSE, expires: '2026-11-21' }, 422, /^exactly one of expires and duration is needed$/],
    ['no time', { ...PAUSE, duration: undefined, expires: 'soon' }, 422, /^expires must be a date/],
    ['over 30 days', { ...PAUSE, duration: '31d' }, 422, /30 days at most/],
    [
      'over 30 days by date',
      { ...PAUSE, duration: undefined, expires: '2026-12-21' },
      422,
      /30 days from now are the most/,
    ],
    [
      'the past',
      { ...PAUSE, duration: undefined, expires: '2026-11-20' },
      422,
      /^it would have expired at 2026-11-20T00:00:00Z$/,
    ],
    ['nothing', { ...PAUSE, duration: '0s' }, 422, /^it would have expired/],
    ['what cannot exist', { ...PAUSE, address: 'sight:a' }, 422, /matches nothing that can exist: no such kind/],
    ['too much', `{"address":"${'x'.repeat(20_000)}"}`, 413, /^a body of 16384 bytes at most$/],
  ])('%s', async (_what, body, status, error) => {
    const said = await send('POST', body);
    expect(said).toMatchObject({
      status,
      body: { error: expect.stringMatching(error) as unknown },
    });
    expect([events, await store.read()]).toEqual([[], []]);
  });
});
