// Three daemons as processes of their own at one Lease and one platform, and what must not happen to any of them.
import { expect, test } from 'vitest';
import { leaseTimes } from '../../src/daemon/lease/lease-times.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { startCli } from '../cli/support/spawn-cli.ts';
import { followWatch, runEnded, type WatchProcess } from '../cli/support/watch-process.ts';
import { inFolder } from '../kit/scratch.ts';
import { LEASE, type Backend } from './backend.ts';
import { openPod, type Pod } from './pod.ts';

const LEASE_MS = 6_000;
const TIMEOUT_MS = 1_000;
export const REFERENCES = ['one', 'two', 'three', 'four', 'five', 'six'];
/** Of polls, of the way of a request, and of a busy machine. */
const SLACK_MS = 400;

export interface Replica {
  readonly id: string;
  readonly pod: Pod;
  readonly daemon: WatchProcess;
  readonly pid: number;
}

interface Held {
  readonly at: number;
  readonly holder: string | null;
}

/** Every write of a replica carries its name, so that the platform's log says whose it was. */
export const documentOf = (id: string): string => `version: 1
team: acme
projects:
  - slug: shop
    deployments:
${REFERENCES.map((reference) => `      - { reference: ${reference}, type: dev, env: { WRITER: by-${id} } }\n`).join('')}`;

export const SEED = {
  teams: [
    {
      slug: 'acme',
      projects: [
        {
          name: 'Shop',
          slug: 'shop',
          deployments: REFERENCES.map((reference) => ({ reference, type: 'dev' as const })),
        },
      ],
    },
  ],
};

export function threeReplicas(open: () => Promise<Backend>): void {
  test(
    'three replicas: one killed, one stopped beyond its lease, one cut off; never two write',
    { timeout: 180_000 },
    async () => {
      await using backend = await open();
      const sandbox = await startSandbox({ seed: SEED, latencyMs: 30 });
      const ids = ['a', 'b', 'c'];
      const files = Object.fromEntries(ids.map((id) => [`${id}/convex.state.yaml`, documentOf(id)]));
      await inFolder(files, async (folder) => {
        const replicas = new Map<string, Replica>();
        const history: Held[] = [];
        const ending = new AbortController();
        const recording = record(backend, history, ending.signal);
        const drifting = drift(sandbox, ending.signal);
        try {
          await Promise.all(
            ids.map(
              async (id) => void replicas.set(id, await startReplica(backend, sandbox, { id, cwd: `${folder}/${id}` })),
            ),
          );
          await story(sandbox, [...replicas.values()], history);
          judge(sandbox, history);
          for (const { daemon } of replicas.values()) expect(crashes(daemon)).toEqual([]);
        } catch (error) {
          const said = [...replicas.values()].map(
            ({ id, daemon }) =>
              `${id}: ${daemon.lines
                .slice(-15)
                .map((line) => JSON.stringify(line))
                .join('\n')}`,
          );
          throw new Error(said.join('\n'), { cause: error });
        } finally {
          ending.abort();
          for (const { daemon, pod } of replicas.values()) {
            await daemon[Symbol.asyncDispose]();
            await pod[Symbol.asyncDispose]();
          }
          await Promise.all([recording, drifting]);
          await sandbox.close();
        }
      });
    },
  );
}

async function story(sandbox: Sandbox, all: readonly Replica[], history: readonly Held[]): Promise<void> {
  const leader = (): Replica | undefined => all.find(({ id }) => history.at(-1)?.holder?.startsWith(`replica-${id}_`));
  const first = await leading(leader);
  await hasWritten(sandbox, first);
  for (const { daemon } of all.filter((one) => one !== first)) await checkFollower(daemon, first);

  // Killed: another leads within the lease.
  const killedAt = performance.now();
  first.daemon.signal('SIGKILL');
  const second = await leading(leader, first);
  expect(performance.now() - killedAt).toBeLessThan(LEASE_MS);

  // Stopped in the middle of its writes, until another leads and writes; then it goes on.
  await looksBeforeWrite(sandbox, second);
  process.kill(second.pid, 'SIGSTOP');
  const third = await leading(leader, second);
  await hasWritten(sandbox, third);
  const before = writesOf(sandbox, second).length;
  process.kill(second.pid, 'SIGCONT');
  await second.daemon.next(({ msg }) => msg === 'following');
  await third.daemon.next(runEnded());
  await third.daemon.next(runEnded());
  expect(writesOf(sandbox, second)).toHaveLength(before);

  // Cut off from the cluster, not from the platform: it stops by itself, before the one that was stopped leads.
  await hasWritten(sandbox, third);
  third.pod.cut();
  const cutAt = performance.now();
  await third.daemon.next(({ msg }) => msg === 'following');
  expect(await leading(leader, third)).toBe(second);
  expect(performance.now() - cutAt).toBeLessThan(LEASE_MS);
  await hasWritten(sandbox, second);
  expect(await third.daemon.get('/readyz')).toMatchObject({ status: 503 });

  // Given back: the Lease is free, and nobody has to wait.
  second.daemon.signal('SIGTERM');
  expect((await second.daemon.result).code).toBe(0);
  await expect.poll(() => history.at(-1)?.holder, { timeout: 5_000 }).toBeNull();
}

/** Each write fell into a term of who wrote, early enough to end within it; the holder in between was nobody else. */
function judge(sandbox: Sandbox, history: readonly Held[]): void {
  const times = leaseTimes(LEASE_MS, TIMEOUT_MS);
  if ('wrong' in times) throw new Error(times.wrong);
  const offset = offsets.get(sandbox) ?? 0;
  const wrong: string[] = [];
  let count = 0;
  for (const entry of sandbox.log) {
    const writer = writerOf(entry);
    if (writer === null) continue;
    count += 1;
    const at = entry.at + offset;
    const known = history.filter((held) => held.at <= at + SLACK_MS);
    const renewal = known.findLast(({ holder }) => holder?.startsWith(`replica-${writer}_`));
    const others = known.filter(
      (held) =>
        renewal !== undefined && held.at > renewal.at && held.at < at - SLACK_MS && held.holder !== renewal.holder,
    );
    if (renewal === undefined || others.length > 0 || at > renewal.at + times.writeMs + SLACK_MS)
      wrong.push(`${writer} at ${at}, renewed at ${String(renewal?.at)}, then ${JSON.stringify(others[0] ?? null)}`);
  }
  expect(wrong).toEqual([]);
  expect(count).toBeGreaterThan(10);
  // One after the other, and each only once until it led again.
  const turns = sandbox.log.map(writerOf).filter((writer) => writer !== null);
  const order = turns.filter((writer, index) => writer !== turns[index - 1]);
  expect(order).toHaveLength(4);
  expect(order[3]).toBe(order[1]);
}

async function checkFollower(daemon: WatchProcess, leader: Replica): Promise<void> {
  expect(await daemon.get('/readyz')).toEqual({ status: 200, body: 'ok\n' });
  expect(await daemon.status()).toMatchObject({
    phase: 'following',
    sync: 'unknown',
    replica: { role: 'follower', leader: expect.stringContaining(`replica-${leader.id}_`) },
  });
  const { body } = await daemon.get('/metrics');
  expect(body).toContain('converge_leader 0\n');
  expect(body).not.toContain('converge_sync_state');
  expect(body).not.toContain('converge_requests_total{');
  const asked = await fetch(`${daemon.url}/api/reconcile`, {
    method: 'POST',
    headers: { authorization: 'Bearer bearer' },
  });
  expect([asked.status, await asked.text()]).toEqual([409, expect.stringContaining(`replica-${leader.id}_`)]);
}

export async function startReplica(
  backend: Backend,
  sandbox: Sandbox,
  { id, cwd }: { readonly id: string; readonly cwd: string },
): Promise<Replica> {
  const pod = await openPod(backend, `replica-${id}`);
  await pod.put('namespace', 'converge');
  const flags = ['--lease', LEASE, '--lease-duration', `${LEASE_MS}ms`, '--timeout', `${TIMEOUT_MS}ms`];
  const running = startCli(
    [
      'watch',
      '--apply',
      '--listen',
      '127.0.0.1:0',
      '--schedule',
      '* * * * * *',
      '--concurrency',
      '1',
      '--rate',
      '200',
      ...flags,
    ],
    {
      cwd,
      env: {
        ...pod.env,
        CONVEX_TEAM_ACCESS_TOKEN: 'sandbox',
        CONVEX_PROVISION_HOST: sandbox.url,
        CONVERGE_HTTP_TOKEN_FILE: `${pod.env['CONVERGE_SERVICE_ACCOUNT_DIR'] ?? ''}/bearer`,
      },
    },
  );
  await pod.put('bearer', 'bearer');
  return { id, pod, daemon: await followWatch(running), pid: running.child.pid ?? 0 };
}

const offsets = new WeakMap<Sandbox, number>();

/** What colleagues do all the time: each value is a new one, so that each is healed. */
async function drift(sandbox: Sandbox, signal: AbortSignal): Promise<void> {
  const token = sandbox.platform.identify('sandbox');
  if (token === undefined || token === null) throw new Error('the sandbox refuses its own token');
  // The log's clock starts with the sandbox.
  const from = performance.now();
  await fetch(sandbox.url).then((reply) => reply.text());
  const entry = sandbox.log.at(-1);
  offsets.set(sandbox, from - (entry?.at ?? from));
  const deployments = [...sandbox.platform.world.deployments.values()];
  // One after the other: what somebody changes between plan and write is left alone.
  for (let count = 0; !signal.aborted; count += 1) {
    const deployment = deployments[count % deployments.length];
    if (deployment !== undefined)
      sandbox.platform.updateEnvironment({ token }, deployment, [{ name: 'WRITER', value: `drift-${count}` }]);
    await pause(250);
  }
}

/** The Lease as an administrator sees it change. */
async function record(backend: Backend, history: Held[], signal: AbortSignal): Promise<void> {
  for (let version = ''; !signal.aborted; await pause(25)) {
    const seen = await backend.lease(LEASE);
    if (seen === null || seen.version === version) continue;
    version = seen.version;
    history.push({ at: performance.now(), holder: seen.holder });
  }
}

async function leading(leader: () => Replica | undefined, not?: Replica): Promise<Replica> {
  await expect.poll(() => leader() !== undefined && leader() !== not, { timeout: 30_000, interval: 20 }).toBe(true);
  return leader() as Replica;
}

/** A write of this replica that was not there before the call. */
async function hasWritten(sandbox: Sandbox, replica: Replica): Promise<void> {
  const before = writesOf(sandbox, replica).length;
  await expect.poll(() => writesOf(sandbox, replica).length, { timeout: 30_000, interval: 5 }).toBeGreaterThan(before);
}

/** Between the look and its write: what comes back from the look is the first thing that a stopped process finds. */
async function looksBeforeWrite(sandbox: Sandbox, replica: Replica): Promise<void> {
  const looks = (): boolean => {
    const [before, last] = sandbox.log.slice(-2);
    return before !== undefined && last?.kind === 'read' && last.status === 0 && writerOf(before) === replica.id;
  };
  await expect.poll(looks, { timeout: 30_000, interval: 1 }).toBe(true);
}

type Entry = Sandbox['log'][number];

function writesOf(sandbox: Sandbox, { id }: Replica): readonly Entry[] {
  return sandbox.log.filter((entry) => writerOf(entry) === id);
}

function writerOf(entry: Entry): string | null {
  return entry.kind === 'write' ? (/by-([abc])\b/.exec(JSON.stringify(entry.requestBody ?? null))?.[1] ?? null) : null;
}

function crashes(daemon: WatchProcess): readonly unknown[] {
  return daemon.lines.filter(({ msg }) => msg === 'a bug ended the run');
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
