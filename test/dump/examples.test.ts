// Every example that is applied can be dumped, and what is dumped has nothing to do.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseSeed } from '../../src/sandbox/seed.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { converge } from '../kit/converge.ts';
import { inFolder } from '../kit/scratch.ts';

const examples = join(import.meta.dirname, '../../examples');

it.each([
  ['convex.state.yaml', 'sandbox.seed.yaml', 'official'],
  ['many-files', 'sandbox.seed.yaml', 'official'],
  ['domains.state.yaml', 'sandbox.seed.yaml', 'official'],
  ['previews/convex.state.yaml', 'previews/sandbox.seed.yaml', 'official'],
  ['catalog', 'sandbox.seed.yaml', 'catalog'],
] as const)('%s', { timeout: 60_000 }, async (file, seed, dialect) => {
  const seedFile = join(examples, seed);
  const sandbox = await startSandbox({ dialect, seed: parseSeed(await readFile(seedFile, 'utf8'), seedFile) });
  const env = {
    CONVEX_PROVISION_HOST: sandbox.url,
    CONVEX_TEAM_ACCESS_TOKEN: 'sandbox',
    STRIPE_KEY: 'one',
    STRIPE_TEST_KEY: 'two',
    APP_LICENSE_KEY: 'three',
  };
  const flags = ['--dialect', dialect, '--rate', '500'];
  try {
    const argv = ['apply', '-f', file, '--auto-approve', '--max-delete-percent', '100', ...flags];
    const applied = await converge(argv, { cwd: examples, env });
    expect(applied.exit, applied.stderr).toBe(0);
    await inFolder({}, async (cwd) => {
      const dumped = await converge(['dump', '--include-values', ...flags], { cwd, env });
      expect(dumped.exit, dumped.stderr).toBe(0);
      await writeFile(join(cwd, 'convex.state.yaml'), dumped.stdout);
      const planned = await converge(['plan', '--detailed-exitcode', ...flags], { cwd, env });
      expect(planned.exit, planned.stdout + planned.stderr).toBe(0);
    });
  } finally {
    await sandbox.close();
  }
});
