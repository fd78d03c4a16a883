// What somebody pauses at the leader holds for the next one: it is kept in the Lease.
import { expect, test } from 'vitest';
import { startSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { runEnded } from '../cli/support/watch-process.ts';
import { inFolder } from '../kit/scratch.ts';
import type { Backend } from './backend.ts';
import { documentOf, SEED, startReplica, type Replica } from './replicas.ts';

const PAUSED = 'project:shop/deployment:one';

export function pausesOutliveTheirLeader(open: () => Promise<Backend>): void {
  test(
    'a pause outlives the leader that was asked for it, and is lifted at the next one',
    { timeout: 90_000 },
    async () => {
      await using backend = await open();
      const sandbox = await startSandbox({ seed: SEED });
      const files = { 'a/convex.state.yaml': documentOf('a'), 'b/convex.state.yaml': documentOf('b') };
      await inFolder(files, async (folder) => {
        const replicas: Replica[] = [];
        try {
          const first = await startReplica(backend, sandbox, { id: 'a', cwd: `${folder}/a` });
          replicas.push(first);
          await first.daemon.next(runEnded({ cause: 'start', result: 'done' }));
          const second = await startReplica(backend, sandbox, { id: 'b', cwd: `${folder}/b` });
          replicas.push(second);
          const pause = { address: PAUSED, owner: 'ada', reason: 'an incident', duration: '1h' };
          await second.daemon.next(({ msg }) => msg === 'following');
          expect((await ask(second, 'POST', pause)).status).toBe(409);
          expect((await ask(first, 'POST', pause)).status).toBe(200);

          first.daemon.signal('SIGTERM');
          expect((await first.daemon.result).code).toBe(0);
          await second.daemon.next(runEnded({ result: 'done' }));
          const listed = await ask(second, 'GET');
          expect(listed.body).toMatchObject({ pauses: [{ address: PAUSED, owner: 'ada', from: 'request' }] });
          // Its own document asks for other values: it heals all but what is paused.
          expect([writerOf(sandbox, 'one'), writerOf(sandbox, 'two')]).toEqual(['by-a', 'by-b']);

          expect((await ask(second, 'DELETE', { address: PAUSED })).status).toBe(200);
          await second.daemon.next(runEnded({ changed: 1 }));
          expect(writerOf(sandbox, 'one')).toBe('by-b');
        } finally {
          for (const { daemon, pod } of replicas) {
            await daemon[Symbol.asyncDispose]();
            await pod[Symbol.asyncDispose]();
          }
          await sandbox.close();
        }
      });
    },
  );
}

async function ask({ daemon }: Replica, method: string, body?: unknown) {
  const reply = await fetch(`${daemon.url}/api/pause`, {
    method,
    headers: { authorization: 'Bearer bearer' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: reply.status, body: await reply.json() };
}

function writerOf(sandbox: Sandbox, name: string): string | undefined {
  return [...sandbox.platform.world.deployments.values()]
    .find(({ reference }) => reference === name)
    ?.env.get('WRITER');
}
