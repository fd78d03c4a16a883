// Domains and canonical URLs on a real HTTP platform: what moves, what waits, and in which order.
import { expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { converge, type Ran } from '../kit/converge.ts';
import { inFolder } from '../kit/scratch.ts';

interface Team {
  readonly sandbox: Sandbox;
  readonly run: (line: string) => Promise<Ran>;
}

/** Two deployments of a shop; blue has the hostname and is canonical on it. */
async function onTeam(files: Readonly<Record<string, string>>, use: (team: Team) => Promise<void>): Promise<void> {
  const blue = {
    reference: 'blue',
    type: 'custom' as const,
    name: 'happy-otter-123',
    domains: [{ domain: 'api.acme.com', destination: 'convexCloud' as const }],
    canonicalUrls: { convexCloud: 'https://api.acme.com' },
  };
  const green = { reference: 'green', type: 'custom' as const, name: 'calm-cow-456' };
  const seed = {
    domainVerificationMs: null,
    teams: [{ slug: 'acme', id: 41, projects: [{ name: 'shop', deployments: [blue, green] }] }],
  };
  const sandbox = await startSandbox({ seed });
  const env = { CONVEX_PROVISION_HOST: sandbox.url, CONVEX_TEAM_ACCESS_TOKEN: 'sandbox' };
  try {
    await inFolder(files, (cwd) =>
      use({ sandbox, run: (line) => converge([...line.split(' '), '--rate', '500'], { cwd, env }) }),
    );
  } finally {
    await sandbox.close();
  }
}

const document = (blue: string, green: string): string => `version: 1
team: acme
policy: { prune: [domains] }
projects:
  - slug: shop
    deployments:
      - { reference: blue, ${blue} }
      - { reference: green, ${green} }
`;

const moved = document(
  'domains: [], canonicalUrls: { convexCloud: null }',
  'domains: [{ domain: api.acme.com, destination: convexCloud }], canonicalUrls: { convexCloud: https://api.acme.com }',
);

const writes = ({ log }: Sandbox): readonly string[] =>
  log.filter(({ kind }) => kind === 'write').map(({ path }) => path.replace(/^\/v1\/deployments/, ''));

it('moves a hostname between two deployments in one plan, and sets the URL once it is verified', async () => {
  await onTeam({ 'convex.state.yaml': moved }, async ({ sandbox, run }) => {
    const applied = await run('apply --auto-approve --wait 0 --format json');
    expect(applied.exit, applied.stderr).toBe(0);
    expect(writes(sandbox)).toEqual([
      '/happy-otter-123/api/v1/update_canonical_url',
      '/happy-otter-123/delete_custom_domain',
      '/calm-cow-456/create_custom_domain',
    ]);
    const url = 'project:shop/deployment:green/canonical-url:convexCloud';
    const domain = 'project:shop/deployment:green/domain:api.acme.com';
    const report = JSON.parse(applied.stdout);
    expect(report).toMatchObject({
      summary: { succeeded: 3, pending: 1, failed: 0, blocked: 0 },
      proof: { converged: true, remaining: [], pending: [url] },
    });
    expect(report.unsettled).toMatchObject([
      {
        address: domain,
        records: [
          { type: 'CNAME', name: 'api.acme.com', value: 'convex.domains' },
          { type: 'TXT', name: '_convex_domains.api.acme.com', value: 'calm-cow-456' },
        ],
      },
    ]);

    sandbox.clearLog();
    const planned = await run('plan --detailed-exitcode --format json');
    expect(planned.exit).toBe(2);
    // token, projects, one project's deployments, and for each of two deployments its domains and its URLs
    expect(sandbox.log).toHaveLength(1 + 1 + 1 + 2 + 2);
    expect(JSON.parse(planned.stdout)).toMatchObject({
      changes: [{ address: url, action: 'create' }],
      unsettled: [{ address: domain }],
      requests: { read: 7, predictedWrites: 1, invalidations: 1 },
    });

    sandbox.platform.verifyDomain('api.acme.com');
    sandbox.clearLog();
    expect((await run('apply --auto-approve --wait 0')).exit).toBe(0);
    expect(writes(sandbox)).toEqual(['/calm-cow-456/api/v1/update_canonical_url']);
    sandbox.clearLog();
    expect((await run('plan --detailed-exitcode')).exit).toBe(0);
    expect((await run('apply --auto-approve')).exit).toBe(0);
    expect(writes(sandbox)).toEqual([]);
  });
});

it('waits within one apply for a verification that comes', async () => {
  await onTeam({ 'convex.state.yaml': moved }, async ({ sandbox, run }) => {
    const applying = run('apply --auto-approve --wait 30s');
    // It is looked at again after it was made: that is the waiting.
    await expect
      .poll(
        () => {
          const made = sandbox.log.findIndex(
            ({ path }) => path === '/v1/deployments/calm-cow-456/create_custom_domain',
          );
          const after = made === -1 ? [] : sandbox.log.slice(made);
          return after.some(({ path }) => path === '/v1/deployments/calm-cow-456/custom_domains');
        },
        { timeout: 20_000 },
      )
      .toBe(true);
    sandbox.platform.verifyDomain('api.acme.com');
    const applied = await applying;
    expect(applied.exit, applied.stderr).toBe(0);
    expect(applied.stderr).toContain('waiting: project:shop/deployment:green/canonical-url:convexCloud');
    expect(applied.stdout).toContain('4 of 4 changes succeeded');
  });
});

it('deletes a hostname only after its URL was reset, also when the reset fails', async () => {
  const reset = document('domains: [], canonicalUrls: { convexCloud: null }', 'domains: []');
  await onTeam({ 'convex.state.yaml': reset }, async ({ sandbox, run }) => {
    sandbox.setFaults([
      { match: { path: '**/update_canonical_url', times: 'always' }, effect: { kind: 'status', status: 403 } },
    ]);
    expect((await run('apply --auto-approve')).exit).toBe(5);
    expect(sandbox.platform.world.domains.has('api.acme.com')).toBe(true);
    sandbox.setFaults([]);
    sandbox.clearLog();
    expect((await run('apply --auto-approve')).exit).toBe(0);
    expect(writes(sandbox)).toEqual([
      '/happy-otter-123/api/v1/update_canonical_url',
      '/happy-otter-123/delete_custom_domain',
    ]);
  });
});

it('shows a saved plan with its records, and applies it', async () => {
  await onTeam({ 'convex.state.yaml': moved }, async ({ run }) => {
    expect((await run('plan --out saved.json')).exit).toBe(0);
    const shown = await run('show saved.json');
    expect(shown.stdout).toContain('TXT    _convex_domains.api.acme.com  calm-cow-456');
    expect(shown.stdout).toContain('(down until verified)');
    expect((await run('apply saved.json --wait 0')).exit).toBe(0);
  });
});

it('settles a create that nobody answered by reading', async () => {
  await onTeam({ 'convex.state.yaml': moved }, async ({ sandbox, run }) => {
    sandbox.setFaults([
      { match: { path: '**/create_custom_domain' }, effect: { kind: 'reset', when: 'after' } },
      { match: { path: '**/delete_custom_domain' }, effect: { kind: 'reset', when: 'after' } },
      { match: { path: '**/update_canonical_url' }, effect: { kind: 'reset', when: 'after' } },
    ]);
    const applied = await run('apply --auto-approve --wait 0');
    expect(applied.exit, applied.stdout).toBe(0);
    expect(writes(sandbox)).toHaveLength(3);
  });
});
