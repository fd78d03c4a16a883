// A signal while a command of the document runs: the command is gone, nothing is sent, and the report says interrupted.
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { converge } from '../kit/converge.ts';
import { inFolder } from '../kit/scratch.ts';

const DOCUMENT = `version: 1
team: acme
projects:
  - slug: shop
    deployments:
      - reference: production
        env:
          HANGS: { fromCommand: [sh, -c, "( exec 3>held; echo > started; exec sleep 1000 ) & wait"] }
`;

const SMALL = 'version: 1\nteam: 41\nprojects: [{ slug: shop }]\n';

it.each([
  ['plan', 'SIGINT', 130],
  ['apply', 'SIGTERM', 143],
])('%s, %s', async (command, signal, exit) => {
  const sandbox = await startSandbox({});
  try {
    await inFolder({ 'convex.state.yaml': DOCUMENT }, async (cwd) => {
      for (const name of ['held', 'started']) execFileSync('mkfifo', [join(cwd, name)]);
      // Read to its end only when nothing holds it any more.
      const gone = readFile(join(cwd, 'held'));
      const signals = new EventEmitter();
      const [stdout, stderr] = [new PassThrough(), new PassThrough()];
      const printed = [text(stdout), text(stderr)];
      const ending = run([command, '--allow-exec'], {
        stdin: new PassThrough().end(),
        stdout,
        stderr,
        env: { CONVEX_PROVISION_HOST: sandbox.url, CONVEX_TEAM_ACCESS_TOKEN: 'sandbox', PATH: '/usr/bin:/bin' },
        cwd,
        signals,
      });
      await readFile(join(cwd, 'started'));
      signals.emit(signal, signal);
      expect(await ending).toBe(exit);
      await gone;
      stdout.end();
      stderr.end();
      expect((await Promise.all(printed)).join('')).toContain('interrupted');
      expect(sandbox.log).toEqual([]);
    });
  } finally {
    await sandbox.close();
  }
});

it.each(['plan', 'apply'])('%s, the time of --deadline over while the platform hangs', async (command) => {
  const sandbox = await startSandbox({
    faults: [{ match: { path: '**/projects', times: 'always' }, effect: { kind: 'hang' } }],
  });
  try {
    await inFolder({ 'convex.state.yaml': SMALL }, async (cwd) => {
      const env = { CONVEX_PROVISION_HOST: sandbox.url, CONVEX_TEAM_ACCESS_TOKEN: 'sandbox' };
      const ran = await converge([command, '--deadline', '100ms', '--timeout', '1h'], { cwd, env });
      expect(ran.exit).toBe(143);
      expect(ran.stderr).toContain('The time of --deadline is over: this ends as after SIGTERM.');
      expect(ran.stdout + ran.stderr).toContain('interrupted by SIGTERM before anything was written');
      expect(sandbox.log.filter(({ kind }) => kind === 'write')).toEqual([]);
    });
  } finally {
    await sandbox.close();
  }
});

it('a deadline that is not reached changes nothing, and holds nothing up', async () => {
  const sandbox = await startSandbox({});
  try {
    await inFolder({ 'convex.state.yaml': SMALL }, async (cwd) => {
      const env = { CONVEX_PROVISION_HOST: sandbox.url, CONVEX_TEAM_ACCESS_TOKEN: 'sandbox' };
      const ran = await converge(['plan', '--deadline', '24h'], { cwd, env });
      expect([ran.exit, ran.stderr]).toEqual([0, 'reading live state\n']);
    });
  } finally {
    await sandbox.close();
  }
});
