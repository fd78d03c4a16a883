// What a run prints to may end before it: a pipe's reader, a terminal, a full disk. Real processes.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test, vi } from 'vitest';
import { MAIN } from '../support/spawn-cli.ts';
import { openWorld, type World } from './world.ts';

const UPDATE = '**/update_environment_variables';
const LATE = { faults: [{ match: { path: UPDATE }, effect: { kind: 'delay', ms: 1500 } }] } as const;
const APPLY = ['apply', '--auto-approve', '--report', 'json=apply.json'];

async function startedWriting(world: World) {
  const running = world.start(APPLY);
  await vi.waitUntil(() => world.writes() > 0, { timeout: 30_000, interval: 5 });
  return running;
}

const outcomes = async (world: World): Promise<readonly string[]> => {
  const report = JSON.parse(await world.read('apply.json')) as { readonly outcomes: readonly { status: string }[] };
  return report.outcomes.map(({ status }) => status);
};

test('a terminal that goes away (SIGHUP, twice as shells do) drains, and the report is written', async () => {
  await using world = await openWorld(LATE);
  const { child, result } = await startedWriting(world);
  child.kill('SIGHUP');
  child.stderr.once('data', () => child.kill('SIGHUP'));
  expect((await result).code).toBe(129);
  expect(await outcomes(world)).toEqual(['succeeded', 'succeeded']);
  expect(JSON.parse(await world.read('apply.json'))).toMatchObject({ interrupted: 'SIGHUP' });
});

test.each([['stdout'], ['stderr'], ['both']])('%s that nobody reads ends no run', async (which) => {
  await using world = await openWorld(LATE);
  const { child, result } = await startedWriting(world);
  if (which !== 'stderr') child.stdout.destroy();
  if (which !== 'stdout') child.stderr.destroy();
  expect((await result).code).toBe(0);
  expect(await outcomes(world)).toEqual(['succeeded', 'succeeded']);
  expect((await world.converge(['plan', '--detailed-exitcode'])).code).toBe(0);
});

test('a signal is heard although nobody reads', async () => {
  await using world = await openWorld(LATE);
  const { child, result } = await startedWriting(world);
  child.stdout.destroy();
  child.stderr.destroy();
  child.kill('SIGINT');
  expect((await result).code).toBe(130);
  expect(await outcomes(world)).toEqual(['succeeded', 'succeeded']);
});

test('stdout that cannot be written is an error at the end, not in the middle', async () => {
  await using world = await openWorld();
  const line = 'exec "$0" "$@" > /dev/full';
  const failed = await promisify(execFile)('sh', ['-c', line, process.execPath, MAIN, ...APPLY], {
    cwd: world.path('.'),
    env: { PATH: process.env['PATH'], ...world.env },
  }).catch((error: { code: number; stderr: string }) => error);
  expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining('stdout cannot be written (ENOSPC)') });
  expect(await outcomes(world)).toEqual(['succeeded', 'succeeded']);
});
