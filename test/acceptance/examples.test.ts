// Every example is validated and applied, and then there is nothing left to do.
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { parseSeed } from '../../src/sandbox/seed.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { converge } from '../kit/converge.ts';
import { inFolder } from '../kit/scratch.ts';
import { sopsPrograms } from '../kit/sops-programs.ts';

const examples = join(import.meta.dirname, '../../examples');

it.each([
  ['convex.state.yaml', 22, 'sandbox.seed.yaml', 'official'],
  ['many-files', 11, 'sandbox.seed.yaml', 'official'],
  ['domains.state.yaml', 8, 'sandbox.seed.yaml', 'official'],
  // What selectors match counts as declared.
  ['previews/convex.state.yaml', 15, 'previews/sandbox.seed.yaml', 'official'],
  ['thousands/convex.state.yaml', 17, 'thousands/sandbox.seed.yaml', 'official'],
  ['invariants.state.yaml', 9, 'sandbox.seed.yaml', 'official'],
  ['catalog', 10, 'sandbox.seed.yaml', 'catalog'],
] as const)('%s', async (file, declared, seed, dialect) => {
  const seedFile = join(examples, seed);
  const sandbox = await startSandbox({ dialect, seed: parseSeed(await readFile(seedFile, 'utf8'), seedFile) });
  const env = {
    CONVEX_PROVISION_HOST: sandbox.url,
    CONVEX_TEAM_ACCESS_TOKEN: 'sandbox',
    STRIPE_KEY: 'one',
    STRIPE_TEST_KEY: 'two',
    APP_LICENSE_KEY: 'three',
  };
  const flags = ['-f', file, '--dialect', dialect, '--rate', '500'];
  const run = (...argv: readonly string[]) => converge([...argv, ...flags], { cwd: examples, env });
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

// Its windows are times of the week, so the date stands still; timers go on.
it.each([
  ['in a window', '2026-11-20T21:30:00Z', 0],
  ['outside', '2026-11-20T12:00:00Z', 3],
] as const)('change-control.state.yaml, %s', async (_when, now, exit) => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(now) });
  const sandbox = await startSandbox();
  try {
    const env = { CONVEX_PROVISION_HOST: sandbox.url, CONVEX_TEAM_ACCESS_TOKEN: 'sandbox' };
    const run = (...argv: readonly string[]) =>
      converge([...argv, '-f', 'change-control.state.yaml', '--rate', '500'], { cwd: examples, env });
    expect(await run('validate')).toMatchObject({ exit: 0 });
    expect(await run('apply', '--auto-approve')).toMatchObject({ exit });
    // What is not in the shop has no window.
    expect(await run('apply', '--auto-approve', '--target', 'project:billing')).toMatchObject({ exit: 0 });
    expect(await run('plan', '--detailed-exitcode')).toMatchObject({ exit });
  } finally {
    vi.useRealTimers();
    await sandbox.close();
  }
});

/** What the SOPS files of the example hold: the stand-in prints it, and the real sops must find the same in them. */
const DECRYPTED = {
  'shop.sops.yaml': {
    stripe: { key: 'not-a-real-key-1' },
    webhooks: [{ name: 'orders', secret: 'not-a-real-secret-2' }],
    tls: {
      'certificate.pem': '-----BEGIN CERTIFICATE-----\nbm90IGEgcmVhbCBjZXJ0aWZpY2F0ZQ==\n-----END CERTIFICATE-----\n',
    },
  },
  'production.sops.yaml': { MAIL_PASSWORD: 'not-a-real-password-3', SEARCH_KEY: 'not-a-real-key-4' },
};

// One run more where this machine has sops: the names of the tests say which were used.
it.each(sopsPrograms())('sops, decrypted by $name', async ({ PATH, standIn }) => {
  const seedFile = join(examples, 'sandbox.seed.yaml');
  const sandbox = await startSandbox({ seed: parseSeed(await readFile(seedFile, 'utf8'), seedFile) });
  try {
    await inFolder({}, async (cwd) => {
      await cp(join(examples, 'sops'), cwd, { recursive: true });
      for (const [file, tree] of Object.entries(standIn ? DECRYPTED : {}))
        await writeFile(join(cwd, `${file}.decrypted.json`), JSON.stringify(tree));
      const env = {
        CONVEX_PROVISION_HOST: sandbox.url,
        CONVEX_TEAM_ACCESS_TOKEN: 'sandbox',
        PATH,
        SOPS_AGE_KEY_FILE: join(cwd, 'example-key.txt'),
      };
      const applied = await converge(['apply', '--auto-approve', '--rate', '500'], { cwd, env });
      expect(applied.exit, applied.stderr).toBe(0);
      const planned = await converge(['plan', '--detailed-exitcode', '--rate', '500'], { cwd, env });
      expect(planned.exit, planned.stdout).toBe(0);
      const printed = [applied, planned].map(({ stdout, stderr }) => stdout + stderr).join('');
      expect(printed).toContain('env-var:MAIL_PASSWORD');
      expect(printed).not.toContain('not-a-real');
      const live = [...sandbox.platform.world.deployments.values()].find(
        ({ project, reference }) => project.slug === 'shop' && reference === 'production',
      );
      expect(Object.fromEntries(live?.env ?? [])).toMatchObject({
        STRIPE_KEY: 'not-a-real-key-1',
        ORDERS_WEBHOOK_SECRET: 'not-a-real-secret-2',
        CERTIFICATE: DECRYPTED['shop.sops.yaml'].tls['certificate.pem'],
        ...DECRYPTED['production.sops.yaml'],
      });
    });
  } finally {
    await sandbox.close();
  }
});
