// What one short file costs over ten thousand projects, and what is left when the world moves under it.
import { expect, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { converge } from '../kit/converge.ts';
import { inFolder } from '../kit/scratch.ts';

const FLEET = `version: 1
team: acme
eachProject:
  - match: { slug: "app-*" }
    eachDeployment:
      - match: { type: prod }
        env: { MODEL: fast }
`;

test('one file over 10,000 projects: the requests of the formula, and not one more', async () => {
  const production = { reference: 'production', type: 'prod', default: true, env: { MODEL: 'slow' } } as const;
  const staging = { reference: 'staging', type: 'custom' } as const;
  const projects = Array.from({ length: 10_000 }, (_, index) => ({
    name: `${index % 10 === 9 ? 'other' : 'app'}-${index}`,
    deployments: index % 100 === 0 ? [production, staging] : [production],
  }));
  const sandbox = await startSandbox({ seed: { teams: [{ slug: 'acme', id: 41, projects }] } });
  try {
    await inFolder({ 'convex.state.yaml': FLEET }, async (cwd) => {
      const env = { CONVEX_PROVISION_HOST: sandbox.url, CONVEX_TEAM_ACCESS_TOKEN: 'sandbox' };
      const argv = ['plan', '--format', 'json', '--rate', '100000', '--concurrency', '64'];
      const planned = await converge(argv, { cwd, env });
      expect(planned.exit, planned.stderr).toBe(0);
      const { summary, requests, changes } = JSON.parse(planned.stdout) as {
        summary: unknown;
        requests: unknown;
        changes: readonly { readonly selector: string }[];
      };
      // Token, ⌈10,000 / 100⌉ pages of projects, ⌈10,100 / 100⌉ of deployments, one GET for each selected deployment.
      const reads = 1 + 100 + 101 + 9_000;
      expect(sandbox.log).toHaveLength(reads);
      expect(requests).toEqual({ read: reads, predictedWrites: 9_000, invalidations: 9_000 });
      // The selected projects and deployments count as declared.
      expect(summary).toEqual({ create: 0, update: 9_000, replace: 0, delete: 0, 'no-op': 18_000 });
      expect(new Set(changes.map(({ selector }) => selector))).toEqual(
        new Set(['eachProject(slug: app-*)/eachDeployment(type: prod)']),
      );
    });
  } finally {
    await sandbox.close();
  }
});
