// What the main job must hold, on a real HTTP platform.
import { expect, it } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { converge } from '../kit/converge.ts';
import { inFolder } from '../kit/scratch.ts';

const DOCUMENT = `version: 1
team: acme
defaults: { region: aws-us-east-1 }
envSets:
  common: { LOG_LEVEL: info }
projects:
  - slug: shop
    name: Acme Shop
    deployments:
      - reference: production
        type: prod
        default: true
        envFrom: [common, { file: .env.production }, { file: .env.local, optional: true }]
        env: { STRIPE_KEY: { fromEnv: STRIPE_KEY }, FEATURE_X: "on", OLD_FLAG: { absent: true } }
      - reference: staging
        type: custom
        envFrom: [common]
        env: { CERTIFICATE: { fromFile: cert.pem, keepNewline: true }, LONG: { value: debug, visible: true } }
  - slug: billing
    deployments:
      - { reference: production, type: prod, default: true, region: aws-eu-west-1, envFrom: [common] }
      - { reference: dev/ci, type: dev, env: { ONLY: one } }
`;

it('makes two projects and four deployments on a team with 230 others, and then has nothing to do', async () => {
  const seed = { teams: [{ slug: 'acme', id: 41, filler: { projects: 230, deploymentsPerProject: 1 } }] };
  const sandbox = await startSandbox({ seed });
  const env = { CONVEX_PROVISION_HOST: sandbox.url, CONVEX_TEAM_ACCESS_TOKEN: 'sandbox', STRIPE_KEY: 'sandbox-stripe' };
  const files = { 'convex.state.yaml': DOCUMENT, '.env.production': 'SITE="Acme"\n', 'cert.pem': 'line\n' };
  try {
    await inFolder(files, async (cwd) => {
      const applied = await converge(['apply', '--auto-approve', '--rate', '500', '--format', 'json'], { cwd, env });
      expect(applied.exit, applied.stderr).toBe(0);
      expect(JSON.parse(applied.stdout)).toMatchObject({ kind: 'apply', proof: { converged: true, remaining: [] } });

      const envWrites = sandbox.log.filter(({ path }) => path.endsWith('/update_environment_variables'));
      expect(envWrites.map(({ deployment }) => deployment).length).toBe(4);
      expect(new Set(envWrites.map(({ deployment }) => deployment)).size).toBe(4);
      const names = envWrites.flatMap(({ requestBody }) =>
        (requestBody as { changes: { name: string }[] }).changes.map(({ name }) => name),
      );
      expect(names.sort()).toEqual([
        'CERTIFICATE',
        'FEATURE_X',
        'LOG_LEVEL',
        'LOG_LEVEL',
        'LOG_LEVEL',
        'LONG',
        'ONLY',
        'SITE',
        'STRIPE_KEY',
      ]);

      sandbox.clearLog();
      const planned = await converge(['plan', '--detailed-exitcode', '--rate', '500', '--format', 'json'], {
        cwd,
        env,
      });
      expect(planned.exit, planned.stdout).toBe(0);
      // token + ⌈232/100⌉ + one list for each of two projects + one GET for each of four deployments
      expect(sandbox.log.length).toBe(1 + 3 + 2 + 4);
      expect(JSON.parse(planned.stdout)).toMatchObject({ changes: [], requests: { read: 10, predictedWrites: 0 } });

      const again = await converge(['apply', '--auto-approve', '--rate', '500'], { cwd, env });
      expect(again.exit).toBe(0);
      expect(sandbox.log.filter(({ kind }) => kind === 'write')).toEqual([]);
    });
  } finally {
    await sandbox.close();
  }
});

it('reads 1,000 variables over 50 deployments with exactly the formula’s requests', async () => {
  const projects = Array.from({ length: 10 }, (_, p) => `app-${p}`);
  const variables = Array.from({ length: 20 }, (_, v) => [`V${v}`, `value ${v}`] as const);
  const references = Array.from({ length: 5 }, (_, d) => `stage-${d}`);
  const document = [
    'version: 1',
    'team: acme',
    'projects:',
    ...projects.flatMap((slug) => [
      `  - slug: ${slug}`,
      '    deployments:',
      ...references.flatMap((reference) => [
        `      - reference: ${reference}`,
        '        type: custom',
        '        env:',
        ...variables.map(([name, value]) => `          ${name}: ${name === 'V0' ? 'changed' : value}`),
      ]),
    ]),
  ].join('\n');
  const deployments = references.map((reference) => ({
    reference,
    type: 'custom' as const,
    env: Object.fromEntries(variables),
  }));
  const seed = { teams: [{ slug: 'acme', id: 41, projects: projects.map((name) => ({ name, deployments })) }] };
  const sandbox = await startSandbox({ seed });
  const env = { CONVEX_PROVISION_HOST: sandbox.url, CONVEX_TEAM_ACCESS_TOKEN: 'sandbox' };
  try {
    await inFolder({ 'convex.state.yaml': document }, async (cwd) => {
      const applied = await converge(['apply', '--auto-approve', '--rate', '500'], { cwd, env });
      expect(applied.exit, applied.stderr).toBe(0);
      const reads = sandbox.log.filter(({ kind }) => kind === 'read').length;
      const writes = sandbox.log.filter(({ kind }) => kind === 'write').length;
      // The plan: token + one page of projects + one page of deployments + 50; a look before each of the writes; the
      // proof: the plan's reads without the token.
      expect([reads, writes]).toEqual([53 + 50 + 52, 50]);
    });
  } finally {
    await sandbox.close();
  }
});
