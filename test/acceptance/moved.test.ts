// Over real HTTP: what somebody changes while an apply goes on, after its plan was made.
import { expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { converge } from '../kit/converge.ts';
import { inFolder } from '../kit/scratch.ts';

const DOCUMENT = `version: 1
team: acme
projects:
  - slug: shop
    deployments:
      - { reference: blue, env: { A: new } }
      - { reference: green, env: { A: new, B: new } }
`;

const SEED = {
  teams: [
    {
      slug: 'acme',
      projects: [
        {
          name: 'shop',
          deployments: [
            { reference: 'blue', type: 'custom' as const, name: 'happy-otter-123', env: { A: 'old' } },
            {
              reference: 'green',
              type: 'custom' as const,
              name: 'calm-cow-456',
              env: { A: 'old', B: 'old', OTHER: 'x' },
            },
          ],
        },
      ],
    },
  ],
};

/** A colleague with the dashboard. */
function setByHand({ platform }: Sandbox, name: string, value: string): void {
  const token = platform.identify('sandbox-colleague');
  const green = platform.find('calm-cow-456');
  if (token === undefined || green === undefined) throw new Error('there is no such deployment');
  platform.updateEnvironment({ token }, green, [{ name, value }]);
}

it('fails as stale and is left as it is; the rest is written', async () => {
  const sandbox = await startSandbox({
    seed: SEED,
    faults: [
      { match: { path: '/happy-otter-123/**/update_environment_variables' }, effect: { kind: 'delay', ms: 500 } },
    ],
  });
  try {
    await inFolder({ 'convex.state.yaml': DOCUMENT }, async (cwd) => {
      const env = { CONVEX_PROVISION_HOST: sandbox.url, CONVEX_TEAM_ACCESS_TOKEN: 'sandbox' };
      const applying = converge(['apply', '--auto-approve', '--concurrency', '1', '--format', 'json'], { cwd, env });
      await expect.poll(() => sandbox.log.some(({ kind }) => kind === 'write'), { timeout: 30_000 }).toBe(true);
      setByHand(sandbox, 'A', 'by hand');
      setByHand(sandbox, 'THEIRS', 'by hand');
      const applied = await applying;
      expect(applied.exit, applied.stderr).toBe(5);
      const address = (reference: string, name: string) => `project:shop/deployment:${reference}/env-var:${name}`;
      expect(JSON.parse(applied.stdout)).toMatchObject({
        outcomes: [
          { address: address('blue', 'A'), status: 'succeeded' },
          { address: address('green', 'A'), status: 'failed', attempts: 0, error: { code: 'stale' } },
          { address: address('green', 'B'), status: 'succeeded' },
        ],
        proof: { converged: false, remaining: [address('green', 'A')] },
      });
      expect(Object.fromEntries(sandbox.platform.find('calm-cow-456')?.env ?? [])).toEqual({
        A: 'by hand',
        B: 'new',
        OTHER: 'x',
        THEIRS: 'by hand',
      });
    });
  } finally {
    await sandbox.close();
  }
});
