// Equal inputs give equal bytes, whatever the order of files, of entries and of the platform's pages.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { startSandbox } from '../../src/sandbox/server.ts';
import { converge } from '../kit/converge.ts';
import { inFolder } from '../kit/scratch.ts';

const slugs = ['alpha', 'beta', 'gamma', 'delta'];
const references = ['production', 'staging', 'eu/one'];
const names = ['ONE', 'TWO', 'THREE', 'FOUR'];

it('plans the same bytes for the same inputs in any order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.infiniteStream(fc.nat()), async (numbers) => {
      const shuffle = <T>(items: readonly T[]): T[] =>
        items
          .map((item) => ({ item, rank: Number(numbers.next().value) }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ item }) => item);
      const inOrder = <T>(items: readonly T[]): T[] => [...items];
      expect(await planned(shuffle)).toEqual(await planned(inOrder));
    }),
    { seed: 20261120, numRuns: 8 },
  );
}, 60_000);

async function planned(order: <T>(items: readonly T[]) => T[]): Promise<readonly string[]> {
  const live = order(slugs.slice(0, 3)).map((name) => ({
    name,
    deployments: order([...references.slice(0, 2), 'undeclared']).map((reference) => ({
      reference,
      type: 'custom' as const,
      env: Object.fromEntries(order([...names.slice(1), 'EXTRA']).map((variable) => [variable, 'old'])),
    })),
  }));
  const entry = (slug: string): unknown => ({
    slug,
    deployments: order(references).map((reference) =>
      Object.fromEntries(
        order<[string, unknown]>([
          ['reference', reference],
          ['type', 'custom'],
          ['env', Object.fromEntries(order(names).map((name) => [name, `${slug} new`]))],
        ]),
      ),
    ),
  });
  const files = order([
    ['head.yaml', { version: 1, team: 'acme', policy: { prune: ['env'], maxDeletePercent: 100 } }],
    ['one.yaml', { version: 1, projects: order(slugs.slice(0, 2)).map(entry) }],
    ['two.yaml', { version: 1, projects: order(slugs.slice(2)).map(entry) }],
  ] as [string, unknown][]);
  const sandbox = await startSandbox({ seed: { teams: [{ slug: 'acme', id: 41, projects: live }] } });
  try {
    return await inFolder(
      Object.fromEntries(files.map(([name, document]) => [name, stringify(document, { sortMapEntries: false })])),
      async (cwd) => {
        const env = { CONVEX_PROVISION_HOST: sandbox.url, CONVEX_TEAM_ACCESS_TOKEN: 'sandbox', SOURCE_DATE_EPOCH: '0' };
        const args = ['plan', '--rate', '500', ...files.flatMap(([name]) => ['-f', name])];
        const text = await converge(args, { cwd, env });
        const json = await converge([...args, '--format', 'json'], { cwd, env });
        expect([text.exit, json.exit], text.stderr).toEqual([0, 0]);
        const { host } = new URL(sandbox.url);
        // Line numbers are part of the input that the order moves; everything else must be the same.
        const settle = (output: string): string =>
          output
            .replaceAll(host, 'SANDBOX')
            .replace(/\.yaml:\d+|"(line|column)": \d+/g, '')
            .replace(/ +/g, ' ');
        return [settle(text.stdout), settle(json.stdout)];
      },
    );
  } finally {
    await sandbox.close();
  }
}
