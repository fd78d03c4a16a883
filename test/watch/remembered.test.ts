// Listings from memory: which are good, and when they are not any more.
import { beforeEach, expect, test } from 'vitest';
import type { Address } from '../../src/model/address.ts';
import { PlatformError } from '../../src/model/error.ts';
import type { Listing } from '../../src/model/kind.ts';
import type { LiveResource } from '../../src/model/resource.ts';
import { rememberListings, type Remembered } from '../../src/reconcile/remembered.ts';
import { memoryProvider, newMemory, put, type Memory } from '../engine/memory-provider.ts';

const signal = new AbortController().signal;
let platform: Memory;
let now: number;
let goodForMs: number;
let memory: Remembered<Memory>;

beforeEach(() => {
  platform = newMemory();
  now = 1_000_000;
  goodForMs = 1_000;
  put(platform, 'machine', 'site-a', { id: 'one', size: 's' });
  put(platform, 'machine', 'site-a', { id: 'two', size: 's' });
  put(platform, 'setting', 'machine-one', { name: 'A', value: 'x' });
  put(platform, 'setting', 'machine-two', { name: 'B', value: 'y' });
  const clock = { now: () => now, monotonic: () => now, sleep: () => Promise.reject(new Error('nobody waits')) };
  memory = rememberListings(memoryProvider(platform), { clock, goodForMs: () => goodForMs });
});

const machine = (id: string): LiveResource => ({
  address: `site:a/machine:${id}` as Address,
  kind: 'machine',
  key: id,
  parent: 'site:a' as Address,
  id: `machine-${id}`,
  spec: { id },
  facts: {},
});

function list(kind: string, parents: readonly LiveResource[] | 'team'): Promise<Listing> {
  const found = memory.provider.kinds.find(({ name }) => name === kind);
  if (found === undefined) throw new Error(kind);
  return found.list(platform, { parents, signal });
}

/** What was asked of the platform since the last time. */
const calls = (): readonly string[] => platform.calls.splice(0);
const settingsOf = async (...ids: readonly string[]): Promise<readonly unknown[]> =>
  (await list('setting', ids.map(machine))).items.map(({ spec }) => spec['value']);

test('what is good is not asked for again, and what is not is', async () => {
  expect(await settingsOf('one')).toEqual(['x']);
  expect(calls()).toEqual(['list setting machine-one']);
  expect(await settingsOf('one', 'two')).toEqual(['x', 'y']);
  expect(calls()).toEqual(['list setting machine-two']);
  now += 1_000;
  await settingsOf('one', 'two');
  expect(calls()).toEqual(['list setting machine-one', 'list setting machine-two']);
  goodForMs = 0;
  await settingsOf('one');
  expect(calls()).toEqual(['list setting machine-one']);
});

test('a whole listing is another place than those of its containers', async () => {
  await list('machine', 'team');
  await list('machine', 'team');
  await list('machine', []);
  expect(calls()).toEqual(['list machine all', 'list machine all']);
});

test('what is remembered says when it was read, and what is of now says nothing', async () => {
  expect((await list('setting', [machine('one')])).readAt).toBeUndefined();
  now += 300;
  const one = ['machine-one', 1_000_000] as const;
  expect([...((await list('setting', [machine('one'), machine('two')])).readAt ?? [])]).toEqual([one]);
  now += 300;
  expect([...((await list('setting', [machine('one'), machine('two')])).readAt ?? [])]).toEqual([
    one,
    ['machine-two', 1_000_300],
  ]);
});

test('what moved is forgotten: of a kind, of a container, everything', async () => {
  const all = (): Promise<unknown> => Promise.all([settingsOf('one', 'two'), list('machine', 'team')]);
  await all();
  calls();
  expect(memory.forget([{ kind: 'setting', of: ({ id }) => id === 'machine-two' }])).toBe(true);
  await all();
  expect(calls()).toEqual(['list setting machine-two']);
  memory.forget([{ kind: 'machine', of: () => false }]);
  await all();
  // A whole listing is about any container.
  expect(calls()).toEqual(['list machine all']);
  expect(memory.forget([{ kind: 'pointer' }])).toBe(false);
  memory.forget('everything');
  await all();
  expect(calls()).toHaveLength(3);
});

test('what was written is read again, and what is inside of what was made or deleted', async () => {
  const all = (): Promise<unknown> =>
    Promise.all([settingsOf('one', 'two'), list('machine', 'team'), list('sign', [machine('one')])]);
  await all();
  calls();
  const outcome = { status: 'failed', attempts: 1 } as const;
  memory.forgetWritten([{ ...outcome, action: 'update', address: 'site:a/machine:one/setting:A' as Address }]);
  await all();
  expect(calls()).toEqual(['list setting machine-one']);
  memory.forgetWritten([{ ...outcome, action: 'update', address: 'site:a/machine:one' as Address }]);
  await all();
  expect(calls()).toEqual(['list machine all']);
  memory.forgetWritten([{ ...outcome, action: 'create', address: 'site:a/machine:one' as Address }]);
  await all();
  expect(calls().toSorted()).toEqual(['list machine all', 'list setting machine-one', 'list sign machine-one']);
});

test('a listing that failed is not remembered, nor is the one before it', async () => {
  await settingsOf('one');
  calls();
  const error = new PlatformError('forbidden', 'no', { executed: 'no', retryable: false });
  const real = memoryProvider(platform);
  const failing = real.kinds.map((kind) => ({
    ...kind,
    list: () => Promise.resolve({ items: [], unreadable: [{ parentId: 'machine-one', error }] }),
  }));
  let kinds = real.kinds;
  const clock = { now: () => now, monotonic: () => now, sleep: () => Promise.reject(new Error('nobody waits')) };
  const switching = real.kinds.map((kind, index) => ({
    ...kind,
    list: (...args: Parameters<typeof kind.list>) => kinds[index]?.list(...args) ?? kind.list(...args),
  }));
  memory = rememberListings({ ...real, kinds: switching }, { clock, goodForMs: () => goodForMs });
  await settingsOf('one');
  kinds = failing;
  expect(await memory.reread({ kind: 'setting', parent: machine('one') }, signal)).toBe('failed');
  expect(memory.places()).toEqual([]);
  expect((await list('setting', [machine('one')])).unreadable).toHaveLength(1);
  kinds = real.kinds;
  calls();
  expect(await settingsOf('one')).toEqual(['x']);
  expect(calls()).toEqual(['list setting machine-one']);
});

test('what moves while it is being read is read again', async () => {
  platform.onCall = () => void memory.forget([{ kind: 'setting', of: ({ id }) => id === 'machine-one' }]);
  await settingsOf('one', 'two');
  platform.onCall = () => undefined;
  calls();
  await settingsOf('one', 'two');
  expect(calls()).toEqual(['list setting machine-one']);
});

test('what is not finished and what has run out is asked for each time', async () => {
  put(platform, 'sign', 'machine-one', { id: 'down' });
  await list('sign', [machine('one')]);
  await list('sign', [machine('one')]);
  expect(calls()).toEqual(['list sign machine-one', 'list sign machine-one']);
  put(platform, 'machine', 'site-a', { id: 'short', size: 's', until: now + 100 });
  await list('machine', 'team');
  await list('machine', 'team');
  expect(calls()).toEqual(['list machine all']);
  now += 100;
  await list('machine', 'team');
  expect(calls()).toEqual(['list machine all']);
});

test('reading anew says whether it is as it was, in whatever order', async () => {
  await settingsOf('one');
  const place = { kind: 'setting', parent: machine('one') };
  expect(await memory.reread(place, signal)).toBe('same');
  put(platform, 'setting', 'machine-one', { name: 'C', value: 'z' });
  expect(await memory.reread(place, signal)).toBe('differs');
  platform.items.reverse();
  expect(await memory.reread(place, signal)).toBe('same');
  platform.items = platform.items.map((item) => (item.spec['name'] === 'C' ? { ...item, spec: { name: 'C' } } : item));
  // Its value is withheld now.
  expect(await memory.reread(place, signal)).toBe('differs');
});

test('what nobody asks for any more is dropped; a container may have a new address', async () => {
  await settingsOf('one', 'two');
  memory.dropUnasked();
  const renamed = { ...machine('two'), address: 'site:a/machine:second' as Address };
  await list('setting', [renamed]);
  memory.dropUnasked();
  expect(memory.places().map(({ parent }) => parent)).toEqual([renamed]);
});
