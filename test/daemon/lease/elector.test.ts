// What the elector does with time, under a clock that jumps; what it asks of a cluster is in test/cluster.
import { expect, test } from 'vitest';
import { openElector } from '../../../src/daemon/lease/elector.ts';
import type { LeaseApi } from '../../../src/daemon/lease/lease-api.ts';
import { decodeLease, type JsonObject, type LeaseRecord } from '../../../src/daemon/lease/lease-record.ts';
import { leaseTimes } from '../../../src/daemon/lease/lease-times.ts';
import type { Clock } from '../../../src/model/ports.ts';
import { virtualClock } from '../../providers/virtual-clock.ts';

const NAME = { namespace: 'ns', name: 'one' };
const TIMES = (() => {
  const times = leaseTimes(60_000, 30_000);
  if ('wrong' in times) throw new Error(times.wrong);
  return times;
})();

/** A Lease in memory. `down`: nobody answers. */
function leaseInMemory() {
  const state: { whole: JsonObject | null; version: number; down: boolean; reads: number } = {
    whole: null,
    version: 0,
    down: false,
    reads: 0,
  };
  const record = (): LeaseRecord | null => (state.whole === null ? null : decodeLease(state.whole));
  const put = (lease: JsonObject): { readonly type: 'found'; readonly record: LeaseRecord } => {
    const metadata = lease['metadata'] as JsonObject;
    state.whole = { ...lease, metadata: { ...metadata, resourceVersion: String(++state.version) } };
    return { type: 'found', record: record() as LeaseRecord };
  };
  const unanswered = { type: 'unanswered', why: 'down' } as const;
  const api: LeaseApi = {
    async read() {
      state.reads += 1;
      const now = record();
      if (state.down) return unanswered;
      return now === null ? { type: 'absent' } : { type: 'found', record: now };
    },
    async create(lease) {
      if (state.down) return unanswered;
      return state.whole === null ? put(lease) : { type: 'conflict' };
    },
    async update(lease) {
      if (state.down) return unanswered;
      const { resourceVersion } = lease['metadata'] as JsonObject;
      return resourceVersion === record()?.version ? put(lease) : { type: 'conflict' };
    },
    close: () => Promise.resolve(),
  };
  const hold = (identity: string): void =>
    void put({
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: 'one' },
      // Its clock is an hour ahead, and nobody minds.
      spec: { holderIdentity: identity, leaseDurationSeconds: 56, renewTime: '2100-01-01T00:00:00.000000Z' },
    });
  return { api, state, record, hold };
}

function electing(api: LeaseApi, clock: Clock, end: 'drained' | 'aborted' = 'drained') {
  const happened: string[] = [];
  const at = (): number => Math.round(clock.monotonic() / 1000);
  const elector = openElector({
    api,
    lease: NAME,
    identity: 'me',
    times: TIMES,
    clock,
    chance: () => 0,
    noteName: 'note',
    onChange: () => undefined,
    async term({ drain, abort }) {
      happened.push(`${at()} leads`);
      const aborted = new Promise<void>((resolve) => abort.addEventListener('abort', () => resolve(), { once: true }));
      const drained = new Promise<void>((resolve) => drain.addEventListener('abort', () => resolve(), { once: true }));
      await Promise.race([drained, aborted]);
      happened.push(`${at()} drains: ${String(drain.reason)}`);
      // Something hangs, except when it is asked to stop.
      if (drain.reason !== 'stop') await aborted;
      happened.push(`${at()} ended`);
      return end;
    },
  });
  return { elector, happened };
}

test('a holder that does not renew is replaced when its term is over as seen from here, whatever its clock says', async () => {
  const clock = virtualClock();
  const { api, hold, record } = leaseInMemory();
  hold('other');
  const { elector, happened } = electing(api, clock);
  await clock.sleep(100_000);
  expect(happened).toEqual(['56 leads']);
  expect(record()).toMatchObject({ holder: 'me', transitions: 1 });
  elector.stop();
  await elector.ended;
});

test('one that renews is waited for', async () => {
  const clock = virtualClock();
  const { api, hold } = leaseInMemory();
  hold('other');
  const { elector, happened } = electing(api, clock);
  for (let count = 0; count < 10; count += 1) {
    await clock.sleep(50_000);
    hold('other');
  }
  expect(happened).toEqual([]);
  elector.stop();
  await elector.ended;
});

test('a Lease that is deleted frees nobody before the term of who had it', async () => {
  const clock = virtualClock();
  const { api, hold, state } = leaseInMemory();
  hold('other');
  const { elector, happened } = electing(api, clock);
  await clock.sleep(10_000);
  state.whole = null;
  await clock.sleep(40_000);
  expect(happened).toEqual([]);
  await clock.sleep(10_000);
  expect(happened).toEqual(['56 leads']);
  elector.stop();
  await elector.ended;
});

test('not answered, it drains when no write may begin, aborts a margin before the end, and leads again when it can', async () => {
  const clock = virtualClock();
  const { api, state } = leaseInMemory();
  const { elector, happened } = electing(api, clock);
  await clock.sleep(1);
  expect(elector.mayWrite()).toBeNull();
  state.down = true;
  await clock.sleep(TIMES.writeMs - 2);
  expect(elector.mayWrite()).toBeNull();
  await clock.sleep(2);
  expect(elector.mayWrite()).toBe('the lease ended');
  await clock.sleep(60_000);
  expect(happened).toEqual(['0 leads', '21 drains: late', '51 ended']);
  state.down = false;
  await clock.sleep(3_000);
  // Nobody else has had it: there is nothing to wait for.
  expect(happened).toHaveLength(4);
  expect(elector.mayWrite()).toBeNull();
  elector.stop();
  await elector.ended;
  expect(happened.at(-2)).toContain('drains: stop');
});

test('a machine that slept: its steady clock stood still, the other did not, and the term is over', async () => {
  const steady = virtualClock();
  let slept = 0;
  const clock: Clock = { ...steady, now: () => steady.now() + slept };
  const { api, hold, record } = leaseInMemory();
  const { elector, happened } = electing(api, clock);
  await clock.sleep(1_000);
  expect(elector.mayWrite()).toBeNull();
  slept = 3_600_000;
  hold('other');
  expect(elector.mayWrite()).toBe('the lease ended');
  await clock.sleep(10_000);
  expect(happened.slice(0, 2)).toEqual(['0 leads', '7 drains: late']);
  expect(record()?.holder).toBe('other');
  elector.stop();
  await elector.ended;
});

test('a stop drains first, and only then gives the Lease back', async () => {
  const clock = virtualClock();
  const { api, record } = leaseInMemory();
  const { elector, happened } = electing(api, clock);
  await clock.sleep(30_000);
  expect(record()?.holder).toBe('me');
  elector.stop();
  await elector.ended;
  expect(happened).toEqual(['0 leads', '30 drains: stop', '30 ended']);
  expect(record()).toMatchObject({ holder: null, termMs: 1_000 });
  expect(elector.mayWrite()).not.toBeNull();
});

test('what was given up may still happen, so the Lease is kept until its term ends', async () => {
  const clock = virtualClock();
  const { api, record } = leaseInMemory();
  const { elector } = electing(api, clock, 'aborted');
  await clock.sleep(30_000);
  elector.stop();
  await elector.ended;
  expect(record()).toMatchObject({ holder: 'me', termMs: TIMES.termMs });
});
