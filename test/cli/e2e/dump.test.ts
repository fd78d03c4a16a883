// `converge dump` as a process: streams, exit codes, files.
import { spawnSync } from 'node:child_process';
import { readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startSandbox } from '../../../src/sandbox/server.ts';
import { inFolder } from '../../kit/scratch.ts';
import { TRICKY } from '../../dump/random-team.ts';
import { startCli } from '../support/spawn-cli.ts';

const VALUES = Object.fromEntries(
  TRICKY.filter((value) => !value.includes('\0') && !value.includes('\uFFFD')).map((value, at) => [`V_${at}`, value]),
);
const SEED = {
  teams: [
    {
      slug: 'acme',
      id: 41,
      projects: [{ name: 'shop', deployments: [{ type: 'prod' as const, default: true, env: VALUES }] }],
    },
  ],
};

it(
  'prints the document on stdout and all else on stderr, and a shell reads the values back',
  { timeout: 60_000 },
  async () => {
    const sandbox = await startSandbox({ seed: SEED });
    const env = { CONVEX_TEAM_ACCESS_TOKEN: 'sandbox', CONVEX_PROVISION_HOST: sandbox.url };
    try {
      await inFolder({}, async (cwd) => {
        const dumped = await startCli(['dump', '--values-file', 'values.env'], { cwd, env }).result;
        expect(dumped.code, dumped.stderr).toBe(0);
        expect(dumped.stdout.startsWith('# yaml-language-server: $schema=node_modules/convex-converge/schema/')).toBe(
          true,
        );
        expect(dumped.stderr).toContain('Written: values.env (values in clear)');
        expect(dumped.stderr).toContain('Set these where the tool runs');
        expect((await stat(join(cwd, 'values.env'))).mode & 0o777).toBe(0o600);
        await writeFile(join(cwd, 'convex.state.yaml'), dumped.stdout);
        const print = `process.stdout.write(JSON.stringify(process.env))`;
        const read = spawnSync('/bin/sh', ['-ec', `set -a; . ./values.env; exec "${process.execPath}" -e '${print}'`], {
          cwd,
          env: { PATH: process.env['PATH'] ?? '' },
          encoding: 'utf8',
        });
        expect(read.status, read.stderr).toBe(0);
        const values = JSON.parse(read.stdout) as Record<string, string>;
        const planned = await startCli(['plan', '--detailed-exitcode'], { cwd, env: { ...values, ...env } }).result;
        expect(planned.code, planned.stdout + planned.stderr).toBe(0);
        const validated = await startCli(['validate', '--warnings-as-errors'], { cwd }).result;
        expect(validated.code, validated.stdout).toBe(0);
        const again = await startCli(['dump', '--values-file', 'values.env'], { cwd, env }).result;
        expect(again.stdout).toBe(dumped.stdout);
      });
    } finally {
      await sandbox.close();
    }
  },
);

it('never writes values through a link, or over another file', { timeout: 60_000 }, async () => {
  const sandbox = await startSandbox({ seed: SEED });
  const env = { CONVEX_TEAM_ACCESS_TOKEN: 'sandbox', CONVEX_PROVISION_HOST: sandbox.url };
  try {
    await inFolder({ mine: 'mine\n' }, async (cwd) => {
      await symlink('mine', join(cwd, 'link'));
      for (const file of ['mine', 'link']) {
        const refused = await startCli(['dump', '--values-file', file], { cwd, env }).result;
        expect(refused.code).toBe(1);
        expect(refused.stdout).toBe('');
      }
      expect(await readFile(join(cwd, 'mine'), 'utf8')).toBe('mine\n');
    });
  } finally {
    await sandbox.close();
  }
});

it.each([
  ['--sanitize', '--include-values'],
  ['--secrets', 'sops', '--include-values'],
  ['--secrets', 'vault'],
  ['--secrets-file', 'x'],
  ['--secrets', 'sops', '--values-file', 'x'],
])('wrong usage: dump %s %s %s %s', async (...argv) => {
  const ran = await startCli(['dump', ...argv.filter((arg) => typeof arg === 'string')]).result;
  expect(ran.code).toBe(64);
  expect(ran.stdout).toBe('');
});

it('a dump has one format', async () => {
  const ran = await startCli(['dump', '--format', 'json']).result;
  expect(ran.code).toBe(64);
  expect(JSON.parse(ran.stdout)).toMatchObject({ kind: 'error', diagnostics: [{ code: 'CVG706' }] });
});
