// Where CONVERGE_PLAN_KEY is set, a plan file holds no key, and only who has the same one can use it.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { converge } from '../kit/converge.ts';
import { inFolder } from '../kit/scratch.ts';

const DOCUMENT = 'version: 1\nteam: acme\nprojects:\n  - { slug: shop, name: Acme Shop }\n';

it('is needed to apply what it made, and is not in the file', async () => {
  const sandbox = await startSandbox({ seed: { teams: [{ slug: 'acme', id: 41, projects: [{ name: 'shop' }] }] } });
  try {
    await inFolder({ 'convex.state.yaml': DOCUMENT }, async (cwd) => {
      const base = { CONVEX_PROVISION_HOST: sandbox.url, CONVEX_TEAM_ACCESS_TOKEN: 'sandbox' };
      const run = (line: string, key?: string) =>
        converge(line.split(' '), { cwd, env: key === undefined ? base : { ...base, CONVERGE_PLAN_KEY: key } });
      expect((await run('plan --out plan.json', 'the-right-key')).exit).toBe(0);
      const saved = JSON.parse(await readFile(join(cwd, 'plan.json'), 'utf8'));
      expect(saved.digests.key).toEqual({ from: 'env', check: expect.stringMatching(/^[0-9a-f]{64}$/) });

      const without = await run('apply plan.json');
      expect([without.exit, without.stderr]).toEqual([
        1,
        expect.stringContaining('CONVERGE_PLAN_KEY, which is not set'),
      ]);
      const other = await run('apply plan.json', 'another-key');
      expect([other.exit, other.stderr]).toEqual([1, expect.stringContaining('another CONVERGE_PLAN_KEY')]);
      expect(sandbox.log.filter(({ kind }) => kind === 'write')).toEqual([]);
      expect((await run('apply plan.json', 'the-right-key')).exit).toBe(0);
    });
  } finally {
    await sandbox.close();
  }
});
