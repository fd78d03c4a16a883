import { describe, expect, test } from 'vitest';
import { metricsPage } from '../../src/daemon/metrics.ts';
import { liveness, readiness, syncOf } from '../../src/daemon/readiness.ts';
import { statusDocument } from '../../src/daemon/status-json.ts';
import { openTally } from '../../src/daemon/tally.ts';
import type { WatchStatus } from '../../src/model/watch-status.ts';
import { NOW, PLAN, ROUND, STATUS, VIEW } from './statuses.ts';

const whyNot = (status: WatchStatus, now = NOW): string | null => {
  const verdict = readiness(status, now);
  return verdict.ok ? null : verdict.why;
};
const SYNCED: WatchStatus = { ...STATUS, view: { ...VIEW, plan: { ...PLAN, changes: [] } } };

describe('what may be said of the team', () => {
  test('in sync, and what differs, while the last reading is whole and young', () => {
    expect(whyNot(STATUS)).toBeNull();
    expect(syncOf(STATUS, NOW)).toBe('differs');
    expect(syncOf(SYNCED, NOW)).toBe('in-sync');
  });

  test.each<[string, Partial<WatchStatus>, string]>([
    ['before the first run', { round: null, view: null }, 'the first run has not ended'],
    [
      'after an invalid document',
      { round: { ...ROUND, result: 'invalid', problem: 'state.yaml is wrong' } },
      'state.yaml is wrong',
    ],
    ['after a failed read', { round: { ...ROUND, result: 'failed', problem: 'unreachable' } }, 'unreachable'],
    ['when it is old', { freshUntil: NOW - 1 }, 'the last observation is 12 s old, and none has followed it'],
  ])('nothing %s, whatever was in sync before', (_when, part, why) => {
    const status = { ...SYNCED, ...part };
    expect(whyNot(status)).toBe(why);
    expect(syncOf(status, NOW)).toBe('unknown');
    expect(statusDocument(status, NOW)).toMatchObject({ ready: false, reason: why, sync: 'unknown' });
  });

  test('every statement carries the age of its observation', () => {
    expect(statusDocument(SYNCED, NOW)).toMatchObject({
      sync: 'in-sync',
      observedAt: '2026-11-20T10:00:18.000Z',
      observationAgeSeconds: 12,
    });
    expect(statusDocument(SYNCED, NOW + 5_000)).toMatchObject({ observationAgeSeconds: 17 });
  });

  test('a run in which nothing happens for ten minutes hangs; a loop that waits does not', () => {
    expect(liveness({ ...STATUS, running: true }, NOW + 500_000).ok).toBe(true);
    expect(liveness({ ...STATUS, running: true }, NOW + 600_000)).toMatchObject({ ok: false });
    expect(liveness(STATUS, NOW + 1e9).ok).toBe(true);
  });
});

describe('what is served', () => {
  test('/api/status, whole', async () => {
    await expect(`${JSON.stringify(statusDocument(STATUS, NOW), null, 2)}\n`).toMatchFileSnapshot(
      'golden/status.json.txt',
    );
  });

  test('/api/status shows no value, not even of a visible variable', () => {
    expect(JSON.stringify(statusDocument(STATUS, NOW))).not.toMatch(/shown-(?:before|after)/);
  });

  test('/metrics, whole', async () => {
    const tally = openTally('api.example.com');
    const request = { type: 'request', method: 'GET', path: '/v1/x', ms: 3, attempt: 1 } as const;
    tally.onEvent({ ...request, host: 'api.example.com', status: 200 });
    tally.onEvent({ ...request, host: 'api.example.com', status: 200 });
    tally.onEvent({ ...request, host: 'happy-otter-123.example.com', status: 429 });
    tally.onEvent({ ...request, host: 'happy-otter-123.example.com', status: null });
    tally.onRound(ROUND);
    tally.onRound({ ...ROUND, result: 'failed', ms: 45_000, outcomes: [] });
    tally.onRound({ ...ROUND, ms: 10_000_000, outcomes: [] });
    const page = metricsPage({
      status: STATUS,
      totals: tally.totals(),
      usage: { reads: 8, writes: 1, throttled: 1, waitedMs: 1_250 },
      process: { residentBytes: 104_857_600, cpuSeconds: 1.5 },
      now: NOW,
    });
    await expect(page).toMatchFileSnapshot('golden/metrics.txt');
  });

  test('/metrics before the first run: what is not known is absent, and nothing is ready', () => {
    const page = metricsPage({
      status: { ...STATUS, round: null, view: null, succeededAt: null },
      totals: openTally('x').totals(),
      usage: { reads: 0, writes: 0, throttled: 0, waitedMs: 0 },
      process: { residentBytes: 1, cpuSeconds: 0 },
      now: NOW,
    });
    expect(page).toContain('converge_ready 0\n');
    expect(page).toContain('converge_sync_state{state="unknown"} 1\n');
    expect(page).not.toMatch(/^converge_(?:observation_age_seconds|last_success_timestamp_seconds) /m);
  });
});

describe('a replica', () => {
  const lease: NonNullable<WatchStatus['lease']> = {
    lease: 'ns/one',
    identity: 'me_1',
    role: 'follower',
    isSeen: true,
    holder: 'other_2',
    problem: null,
    unanswered: 3,
  };
  const follower: WatchStatus = { ...STATUS, lease };
  const page = (status: WatchStatus): string =>
    metricsPage({
      status,
      totals: openTally('api.example.com').totals(),
      usage: { reads: 0, writes: 0, throttled: 0, waitedMs: 0 },
      process: { residentBytes: 1, cpuSeconds: 1 },
      now: NOW,
    });

  test('that follows is ready while it sees the Lease, and knows nothing of the platform, whatever it once read', () => {
    expect(whyNot(follower)).toBeNull();
    expect(whyNot({ ...follower, round: null, view: null })).toBeNull();
    expect(whyNot({ ...follower, lease: { ...lease, isSeen: false } })).toBe(
      'the Lease ns/one: it has not been read yet',
    );
    expect(whyNot({ ...follower, lease: { ...lease, problem: 'no answer' } })).toBe('the Lease ns/one: no answer');
    expect(syncOf(follower, NOW)).toBe('unknown');
    expect(statusDocument(follower, NOW)).toMatchObject({
      replica: { role: 'follower', identity: 'me_1', lease: 'ns/one', leader: 'other_2', problem: null },
    });
    const said = page(follower);
    expect(said).toContain('converge_leader 0\n');
    expect(said).toContain('converge_lease_failures_total 3\n');
    expect(said).not.toMatch(/converge_(?:sync_state|drift|resources|observation|held)/);
  });

  test('that leads says all, and one that is alone says nothing of leading', () => {
    const leader: WatchStatus = { ...STATUS, lease: { ...lease, role: 'leader' } };
    expect(page(leader)).toContain('converge_leader 1\n');
    expect(page(leader)).toContain('converge_sync_state{state="differs"} 1\n');
    expect(page(STATUS)).not.toContain('converge_leader');
    expect(statusDocument(STATUS, NOW)).not.toHaveProperty('replica');
  });
});
