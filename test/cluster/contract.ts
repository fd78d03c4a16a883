// What the lease client and the elector rely on, of a cluster. The stand-in and a real API server both pass it.
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/compose/machine.ts';
import { clusterOf } from '../../src/daemon/lease/cluster.ts';
import { openElector, type Elector } from '../../src/daemon/lease/elector.ts';
import type { Found, LeaseApi } from '../../src/daemon/lease/lease-api.ts';
import { openLeaseClient } from '../../src/daemon/lease/lease-client.ts';
import { leaseNote, MOST_NOTE_BYTES } from '../../src/daemon/lease/lease-note.ts';
import { annotated, newLease, released, renewed, taken, type LeaseName } from '../../src/daemon/lease/lease-record.ts';
import { leaseTimes, type LeaseTimes } from '../../src/daemon/lease/lease-times.ts';
import { LEASE, NAMESPACE, type Backend } from './backend.ts';
import { openPod, type Pod } from './pod.ts';

const NAME: LeaseName = { namespace: NAMESPACE, name: LEASE };
const CALL = { timeoutMs: 5_000 };

function clientOf(pod: Pod, name: LeaseName = NAME): LeaseApi {
  const cluster = clusterOf(pod.env);
  if ('wrong' in cluster) throw new Error(cluster.wrong);
  return openLeaseClient(cluster, name, '0');
}

const holdOf = (identity: string) => ({ identity, termMs: 5_000, now: Date.now() });

async function found(reply: ReturnType<LeaseApi['read' | 'update']>): Promise<Found['record']> {
  const got = await reply;
  if (got.type !== 'found') throw new Error(JSON.stringify(got));
  return got.record;
}

/** An elector with a term that does nothing but last; what happened to it, in order. */
function electing(api: LeaseApi, identity: string, times = shortTimes()) {
  const happened: string[] = [];
  const elector = openElector({
    api,
    lease: NAME,
    identity,
    times,
    clock: systemClock,
    chance: Math.random,
    noteName: 'test/note',
    onChange: () => undefined,
    async term({ drain, abort }) {
      happened.push('leads');
      const either = AbortSignal.any([drain, abort]);
      if (!either.aborted) await new Promise((resolve) => either.addEventListener('abort', resolve, { once: true }));
      happened.push(`drains: ${String(drain.reason)}`);
      return 'drained';
    },
  });
  return { elector, happened };
}

function shortTimes(): LeaseTimes {
  const times = leaseTimes(6_000, 1_000);
  if ('wrong' in times) throw new Error(times.wrong);
  return times;
}

const leads = (elector: Elector) => until(() => elector.mayWrite() === null);

/** Polls; the test's own time limit is the bound. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  await expect.poll(async () => holds(), { timeout: 30_000, interval: 25 }).toBe(true);
}

export function leaseContract(open: () => Promise<Backend>): void {
  const at: { backend: Backend | null; pod: Pod | null } = { backend: null, pod: null };
  const backend = (): Backend => at.backend as Backend;
  const pod = (): Pod => at.pod as Pod;

  beforeAll(async () => {
    at.backend = await open();
    at.pod = await openPod(at.backend, 'pod-one');
  }, 120_000);
  afterAll(async () => {
    await at.pod?.[Symbol.asyncDispose]();
    await at.backend?.[Symbol.asyncDispose]();
  }, 60_000);
  beforeEach(async () => {
    await backend().remove(LEASE);
    await pod().put('token', await backend().token());
    await pod().put('ca.crt', backend().ca);
  });

  describe('a Lease', () => {
    test('is absent, made once, and read as it was made', async () => {
      const api = clientOf(pod());
      expect(await api.read(CALL)).toEqual({ type: 'absent' });
      const made = await found(api.create(newLease(NAME, holdOf('one')), CALL));
      expect(made).toMatchObject({ holder: 'one', termMs: 5_000, transitions: 0 });
      expect(await api.create(newLease(NAME, holdOf('two')), CALL)).toEqual({ type: 'conflict' });
      expect((await found(api.read(CALL))).version).toBe(made.version);
      await api.close();
    });

    test('of two writes on one version the second is a conflict; what others wrote into it stays', async () => {
      const api = clientOf(pod());
      const made = await found(api.create(newLease(NAME, holdOf('one')), CALL));
      const noted = await found(api.update(annotated(made, 'test/note', 'kept').whole, CALL));
      expect(noted.version).not.toBe(made.version);
      expect(await api.update(renewed(made, holdOf('one')), CALL)).toEqual({ type: 'conflict' });
      const over = await found(api.update(taken(noted, holdOf('two')), CALL));
      expect(over).toMatchObject({ holder: 'two', transitions: 1, annotations: { 'test/note': 'kept' } });
      const free = await found(api.update(released(over, Date.now()), CALL));
      expect(free).toMatchObject({ holder: null, transitions: 1, annotations: { 'test/note': 'kept' } });
      await api.close();
    });

    test('that was deleted is not made again by who thinks he holds it', async () => {
      const api = clientOf(pod());
      const made = await found(api.create(newLease(NAME, holdOf('one')), CALL));
      await backend().remove(LEASE);
      expect(await api.update(renewed(made, holdOf('one')), CALL)).toEqual({ type: 'conflict' });
      expect(await api.read(CALL)).toEqual({ type: 'absent' });
      await api.close();
    });

    test('of another name is forbidden, and one that is no Lease is refused', async () => {
      const other = clientOf(pod(), { namespace: NAMESPACE, name: 'other' });
      expect(await other.read(CALL)).toMatchObject({ type: 'unanswered', why: expect.stringContaining('403') });
      const lease = newLease({ ...NAME, name: 'other' }, holdOf('one'));
      expect(await other.create(lease, CALL)).toMatchObject({ why: expect.stringContaining('403') });
      const api = clientOf(pod());
      expect(await api.create(lease, CALL)).toMatchObject({ why: expect.stringContaining('400') });
      const spec = { leaseDurationSeconds: 0 };
      expect(await api.create({ ...newLease(NAME, holdOf('one')), spec }, CALL)).toMatchObject({
        why: expect.stringContaining('422'),
      });
      const untimely = { renewTime: '2026-01-01T00:00:00Z' };
      expect(await api.create({ ...newLease(NAME, holdOf('one')), spec: untimely }, CALL)).toMatchObject({
        why: expect.stringContaining('400'),
      });
      await Promise.all([api.close(), other.close()]);
    });

    test('is reached again when token and authorities are replaced, and never without them', async () => {
      const api = clientOf(pod());
      expect(await api.read(CALL)).toEqual({ type: 'absent' });
      await pod().put('token', 'nobody');
      expect(await api.read(CALL)).toMatchObject({ type: 'unanswered', why: expect.stringContaining('401') });
      await pod().put('token', `${await backend().token()}\n`);
      expect(await api.read(CALL)).toEqual({ type: 'absent' });
      const foreign = new URL('../providers/tls/authority.pem', import.meta.url);
      await pod().put('ca.crt', await readFile(foreign, 'utf8'));
      expect(await api.read(CALL)).toMatchObject({ why: expect.stringMatching(/SELF_SIGNED|UNABLE_TO|CERT/) });
      await pod().put('ca.crt', backend().ca);
      expect(await api.read(CALL)).toEqual({ type: 'absent' });
      await api.close();
    });
  });

  describe('two electors', () => {
    test('one leads; given back, the other leads at once, and what was noted goes with the Lease', async () => {
      const [first, second] = [clientOf(pod()), clientOf(pod())];
      const one = electing(first, 'one');
      await leads(one.elector);
      const two = electing(second, 'two');
      await until(() => two.elector.standing().holder === 'one');
      expect(two.elector.mayWrite()).not.toBeNull();
      expect(await one.elector.annotate('paused')).toBeNull();
      expect(await two.elector.annotate('no')).toBe('this replica does not lead');
      const from = performance.now();
      one.elector.stop();
      await one.elector.ended;
      await leads(two.elector);
      // Far below the term: nobody waited for it to end.
      expect(performance.now() - from).toBeLessThan(3_000);
      expect(one.happened).toEqual(['leads', 'drains: stop']);
      expect(one.elector.mayWrite()).not.toBeNull();
      expect(two.elector.note()).toBe('paused');
      expect((await backend().lease(LEASE))?.transitions).toBe(1);
      two.elector.stop();
      await two.elector.ended;
      expect((await backend().lease(LEASE))?.holder).toBeNull();
      await Promise.all([first.close(), second.close()]);
    });

    test('a note is JSON, is written although somebody else wrote the Lease, and has a bound', async () => {
      const [first, other] = [clientOf(pod()), clientOf(pod())];
      const one = electing(first, 'one');
      await leads(one.elector);
      const note = leaseNote(() => one.elector);
      expect(note.read()).toBeUndefined();
      const seen = await found(other.read(CALL));
      await found(other.update(annotated(seen, 'test/other', 'theirs').whole, CALL));
      expect(await note.write([{ address: 'a', reason: 'ß' }])).toBeNull();
      expect(note.read()).toEqual([{ address: 'a', reason: 'ß' }]);
      expect((await backend().lease(LEASE))?.annotations).toEqual({
        'test/other': 'theirs',
        'test/note': '[{"address":"a","reason":"ß"}]',
      });
      expect(await note.write('x'.repeat(MOST_NOTE_BYTES))).toMatch(/longer than the 65536 bytes/);
      expect(await note.write(undefined)).toBeNull();
      expect((await backend().lease(LEASE))?.annotations).toEqual({ 'test/other': 'theirs' });
      one.elector.stop();
      await one.elector.ended;
      expect(await note.write([])).toBe('this replica does not lead');
      await Promise.all([first.close(), other.close()]);
    });

    test('who finds the Lease taken gives up at the next renewal', async () => {
      const [first, thief] = [clientOf(pod()), clientOf(pod())];
      const one = electing(first, 'one');
      await leads(one.elector);
      await until(async () => {
        const record = await found(thief.read(CALL));
        return (await thief.update(taken(record, holdOf('thief')), CALL)).type === 'found';
      });
      await until(() => one.happened.includes('drains: lost'));
      expect(one.elector.mayWrite()).toBe('the lease ended');
      expect(one.elector.standing()).toMatchObject({ isLeader: false, holder: 'thief' });
      one.elector.stop();
      await one.elector.ended;
      // It is not his to give back.
      expect((await backend().lease(LEASE))?.holder).toBe('thief');
      await Promise.all([first.close(), thief.close()]);
    });

    test('cut off from the cluster, it drains before its term ends, and follows', async () => {
      await using alone = await openPod(backend(), 'pod-alone');
      const api = clientOf(alone);
      const one = electing(api, 'one');
      await leads(one.elector);
      const from = performance.now();
      alone.cut();
      await until(() => one.happened.includes('drains: late'));
      expect(performance.now() - from).toBeLessThan(shortTimes().termMs);
      expect(one.elector.mayWrite()).toBe('the lease ended');
      await until(() => one.elector.standing().problem !== null);
      expect(one.elector.standing().isLeader).toBe(false);
      one.elector.stop();
      await one.elector.ended;
      await api.close();
    });
  });
}
