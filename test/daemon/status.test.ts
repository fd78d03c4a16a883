import { describe, expect, test } from 'vitest';
import { newsOf } from '../../src/compose/news.ts';
import { changeControlMetrics } from '../../src/daemon/change-control-metrics.ts';
import { metricsText } from '../../src/daemon/metrics-text.ts';
import { metricsPage } from '../../src/daemon/metrics.ts';
import { liveness, readiness, syncOf } from '../../src/daemon/readiness.ts';
import { statusDocument } from '../../src/daemon/status-json.ts';
import { openTally } from '../../src/daemon/tally.ts';
import type { Address } from '../../src/model/address.ts';
import type { Round, View, WatchStatus } from '../../src/model/watch-status.ts';
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
    const page = await metricsPage({
      status: STATUS,
      totals: tally.totals(),
      usage: { reads: 8, writes: 1, throttled: 1, waitedMs: 1_250 },
      process: { residentBytes: 104_857_600, cpuSeconds: 1.5 },
      now: NOW,
      others: [],
    });
    await expect(page).toMatchFileSnapshot('golden/metrics.txt');
  });

  test('/metrics before the first run: what is not known is absent, and nothing is ready', async () => {
    const page = await metricsPage({
      status: { ...STATUS, round: null, view: null, succeededAt: null },
      totals: openTally('x').totals(),
      usage: { reads: 0, writes: 0, throttled: 0, waitedMs: 0 },
      process: { residentBytes: 1, cpuSeconds: 0 },
      now: NOW,
      others: [],
    });
    expect(page).toContain('converge_ready 0\n');
    expect(page).toContain('converge_sync_state{state="unknown"} 1\n');
    expect(page).not.toMatch(/^converge_(?:observation_age_seconds|last_success_timestamp_seconds) /m);
  });
});

describe('pauses, suspensions and windows', () => {
  const address = 'site:b' as Address;
  const pause = { address: 'site:a/**', owner: 'ada', reason: 'a demo', held: [], where: null };
  const expires = new Date(NOW + 60_000).toISOString();
  const view: View = {
    ...VIEW,
    plan: { ...PLAN, changes: [], paused: [{ ...pause, expires }] },
    suspended: { team: false, addresses: [address], differing: [] },
    windows: [
      { within: null, open: true, opensAt: null, where: { file: 'state.yaml', line: 1, column: 1 } },
      { within: address, open: false, opensAt: NOW + 3_600_000, where: { file: 'state.yaml', line: 9, column: 1 } },
    ],
  };
  const status: WatchStatus = { ...STATUS, view };

  test('stand in the status; what is suspended is never in sync', () => {
    expect(statusDocument(status, NOW)).toMatchObject({
      sync: 'suspended',
      pauses: [{ address: 'site:a/**', owner: 'ada', reason: 'a demo', from: 'request', held: [] }],
      suspended: { team: false, addresses: [address] },
      windows: [
        { within: null, open: true, opensAt: null },
        { within: address, open: false, opensAt: '2026-11-20T11:00:30Z' },
      ],
    });
    expect(syncOf({ ...status, view: { ...view, plan: PLAN } }, NOW)).toBe('differs');
    expect(statusDocument(status, NOW + 60_000)).toMatchObject({ pauses: [] });
  });

  test('what the document ignores with a reason stands beside them: in sync is not the whole truth', () => {
    const ignored = {
      address: 'site:*',
      fields: ['title'],
      reason: 'a fair',
      expires: '2026-12-01T00:00:00Z',
      things: [address],
      differing: [address],
    };
    const quiet = { ...PLAN, changes: [], ignored: [{ ...ignored, where: null }] };
    const told: WatchStatus = { ...STATUS, view: { ...VIEW, plan: quiet } };
    expect(statusDocument(told, NOW)).toMatchObject({ sync: 'in-sync', ignored: [ignored] });
  });

  test('are counted, with the time at which they end', async () => {
    const lines = async (now: number): Promise<readonly string[]> =>
      (await metricsText(changeControlMetrics(view, now)))
        .split('\n')
        .filter((line) => !line.startsWith('#') && line !== '');
    expect(await lines(NOW)).toEqual([
      'converge_pauses 1',
      `converge_pause_expiry_timestamp_seconds ${NOW / 1000 + 60}`,
      'converge_suspended_projects 1',
      'converge_closed_windows 1',
      `converge_window_opening_timestamp_seconds ${NOW / 1000 + 3600}`,
    ]);
    expect((await lines(NOW + 60_000))[0]).toBe('converge_pauses 0');
  });

  test('are news when they begin and when they end, once', () => {
    const round: Round = { ...ROUND, held: [], view };
    const told = (before: View | null, after: View): readonly string[] =>
      newsOf({ round: ROUND, view: before }, { ...round, view: after }).map(({ type }) => type);
    const plain: View = { ...VIEW, plan: { ...PLAN, changes: [] } };
    expect(told(plain, view)).toEqual(['pause-began', 'suspended', 'round-ended']);
    expect(told(view, view)).toEqual(['round-ended']);
    expect(told(view, plain)).toEqual(['pause-ended', 'resumed', 'round-ended']);
    // What is only left out has not gone.
    const [change] = PLAN.changes;
    const differing = change === undefined ? [] : [change.address];
    const before = { ...plain, plan: { ...PLAN, changes: PLAN.changes.slice(0, 1) } };
    expect(told(before, { ...plain, suspended: { team: true, addresses: [], differing } })).toEqual([
      'suspended',
      'round-ended',
    ]);
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
  const page = (status: WatchStatus): Promise<string> =>
    metricsPage({
      status,
      totals: openTally('api.example.com').totals(),
      usage: { reads: 0, writes: 0, throttled: 0, waitedMs: 0 },
      process: { residentBytes: 1, cpuSeconds: 1 },
      now: NOW,
      others: [],
    });

  test('that follows is ready while it sees the Lease, and knows nothing of the platform, whatever it once read', async () => {
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
    const said = await page(follower);
    expect(said).toContain('converge_leader 0\n');
    expect(said).toContain('converge_lease_failures_total 3\n');
    expect(said).not.toMatch(/converge_(?:sync_state|drift|resources|observation|held)/);
  });

  test('that leads says all, and one that is alone says nothing of leading', async () => {
    const leader: WatchStatus = { ...STATUS, lease: { ...lease, role: 'leader' } };
    expect(await page(leader)).toContain('converge_leader 1\n');
    expect(await page(leader)).toContain('converge_sync_state{state="differs"} 1\n');
    expect(await page(STATUS)).not.toContain('converge_leader');
    expect(statusDocument(STATUS, NOW)).not.toHaveProperty('replica');
  });
});
