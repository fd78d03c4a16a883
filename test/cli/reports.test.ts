// Reports that other programs read, from every command that writes them.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { converge } from '../kit/converge.ts';
import { inFolder } from '../kit/scratch.ts';
import { expectJunit, expectSarif } from '../report/validators.ts';

const SEED = {
  teams: [
    {
      slug: 'acme',
      projects: [
        {
          name: 'Shop',
          slug: 'shop',
          deployments: [
            {
              reference: 'production',
              type: 'prod' as const,
              default: true,
              env: { A: 'old', STAYS: 'x', EXTRA: 'y' },
            },
          ],
        },
      ],
    },
  ],
};

const STATE = `version: 1
team: acme
policy: { prune: [env] }
projects:
  - slug: shop
    deployments:
      - reference: production
        env:
          A: new
          STAYS: x
`;

interface Sarif {
  readonly runs: readonly {
    readonly invocations: readonly { readonly executionSuccessful: boolean }[];
    readonly results: readonly {
      readonly ruleId: string;
      readonly level: string;
      readonly locations: readonly {
        readonly physicalLocation: {
          readonly artifactLocation: { readonly uri: string };
          readonly region: { readonly startLine: number };
        };
      }[];
    }[];
  }[];
}

interface Ran {
  readonly exit: number;
  readonly sarif: Sarif;
  readonly junit: string;
}

/** Runs with SARIF on stdout and JUnit in a file, and holds both to their schemas. */
async function run(folder: string, argv: readonly string[], env: Readonly<Record<string, string>>): Promise<Ran> {
  const ran = await converge([...argv, '--format', 'sarif', '--report', 'junit=junit.xml'], {
    cwd: folder,
    env: { CONVEX_TEAM_ACCESS_TOKEN: 'sandbox-reports', SOURCE_DATE_EPOCH: '1767323045', ...env },
  });
  const junit = await readFile(path.join(folder, 'junit.xml'), 'utf8');
  const sarif = JSON.parse(ran.stdout) as Sarif;
  expectSarif(sarif);
  await expectJunit(junit);
  return { exit: ran.exit, sarif, junit };
}

const results = ({ sarif }: Ran) =>
  sarif.runs[0]?.results.map(({ ruleId, level, locations: [at] }) =>
    [ruleId, level, at?.physicalLocation.artifactLocation.uri, at?.physicalLocation.region.startLine].join(' '),
  );

describe('SARIF and JUnit', () => {
  test('validate: diagnostics on their lines', async () => {
    await inFolder(
      { 'infra/bad.yaml': 'version: 1\nteam: acme\nprojekts: []\n', 'infra/good.yaml': 'version: 1\n' },
      async (folder) => {
        const ran = await run(folder, ['validate', '-f', 'infra'], {});
        expect(ran.exit).toBe(1);
        expect(results(ran)).toEqual(['CVG201 error infra/bad.yaml 3']);
        expect(ran.sarif.runs[0]?.invocations[0]?.executionSuccessful).toBe(false);
        expect(ran.junit).toMatch(/<testsuite id="0" name="infra\/bad.yaml"[^>]* errors="1"/);
        expect(ran.junit).toMatch(/<testsuite id="1" name="infra\/good.yaml"[^>]* errors="0"/);
      },
    );
  });

  test('plan, show, drift, apply', { timeout: 30_000 }, async () => {
    const sandbox = await startSandbox({ seed: SEED });
    const env = { CONVEX_PROVISION_HOST: sandbox.url };
    try {
      await inFolder({ 'convex.state.yaml': STATE }, async (folder) => {
        const planned = await run(folder, ['plan', '--out', 'plan.json', '--max-requests', '5'], env);
        expect(planned.exit).toBe(0);
        expect(results(planned)).toEqual(['refused/budget error convex.state.yaml 1']);
        expect(planned.junit).toMatch(/name="project:shop"[^>]* tests="5" failures="2"/);
        expect(planned.junit).toContain('<testcase name="project:shop/deployment:production/env-var:STAYS"');
        const again = await run(folder, ['plan', '--max-requests', '5'], env);
        expect([again.junit, again.sarif]).toEqual([planned.junit, planned.sarif]);

        const shown = await run(folder, ['show', 'plan.json'], env);
        expect(shown.junit).toContain('<testcase name="3 unchanged"');
        expect(shown.junit).toMatch(/name="project:shop"[^>]* tests="2" failures="2"/);

        const drifted = await run(folder, ['drift'], env);
        expect(drifted.exit).toBe(2);
        // Of production, so both matter; what is undeclared stands on the line of its collection.
        expect(results(drifted)).toEqual([
          'drift/changed error convex.state.yaml 9',
          'drift/unexpected error convex.state.yaml 8',
        ]);
        expect(drifted.junit).toMatch(/name="project:shop"[^>]* tests="5" failures="2"/);

        const refused = await run(folder, ['apply', '--auto-approve', '--max-requests', '5'], env);
        expect(refused.exit).toBe(3);
        expect(results(refused)).toEqual(['refused/budget error convex.state.yaml 1']);
        expect(refused.junit).toContain('<failure type="refused/budget"');

        const applied = await run(folder, ['apply', '--auto-approve'], env);
        expect(applied.exit).toBe(0);
        expect(results(applied)).toEqual([]);
        expect(applied.junit).toMatch(/name="project:shop"[^>]* tests="2" failures="0"/);

        const stale = await run(folder, ['apply', 'plan.json'], env);
        expect(stale.exit).toBe(4);
        expect(results(stale)?.every((line) => line.startsWith('CVG702 error'))).toBe(true);
        expect(stale.junit).toContain('<error type="CVG702"');
      });
    } finally {
      await sandbox.close();
    }
  });

  test('an error before anything was read is a result too', async () => {
    await inFolder({ 'convex.state.yaml': STATE }, async (folder) => {
      const ran = await run(folder, ['plan'], {
        CONVEX_PROVISION_HOST: 'http://127.0.0.1:9',
        CONVEX_TEAM_ACCESS_TOKEN: '',
      });
      expect(ran.exit).toBe(1);
      expect(results(ran)).toEqual(['CVG602 error convex.state.yaml 1']);
    });
  });
});
