// Every example is validated and applied, and then there is nothing left to do.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseSeed } from '../../src/sandbox/seed.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { converge } from '../kit/converge.ts';

const examples = join(import.meta.dirname, '../../examples');

it.each([
  ['convex.state.yaml', 22],
  ['many-files', 11],
])('%s', async (file, declared) => {
  const seedFile = join(examples, 'sandbox.seed.yaml');
  const sandbox = await startSandbox({ seed: parseSeed(await readFile(seedFile, 'utf8'), seedFile) });
  const env = {
    CONVEX_PROVISION_HOST: sandbox.url,
    CONVEX_TEAM_ACCESS_TOKEN: 'sandbox',
    STRIPE_KEY: 'one',
    STRIPE_TEST_KEY: 'two',
  };
  const run = (...argv: readonly string[]) => converge([...argv, '-f', file, '--rate', '500'], { cwd: examples, env });
  try {
    const validated = await run('validate', '--format', 'json');
    expect(validated.exit, validated.stdout).toBe(0);
    expect(JSON.parse(validated.stdout)).toMatchObject({ valid: true, diagnostics: [] });
    expect(sandbox.log).toEqual([]);
    const applied = await run('apply', '--auto-approve', '--max-delete-percent', '100');
    expect(applied.exit, applied.stderr).toBe(0);
    const planned = await run('plan', '--detailed-exitcode', '--format', 'json');
    expect(planned.exit, planned.stdout).toBe(0);
    expect(JSON.parse(planned.stdout).summary).toEqual({
      create: 0,
      update: 0,
      replace: 0,
      delete: 0,
      'no-op': declared,
    });
  } finally {
    await sandbox.close();
  }
});
