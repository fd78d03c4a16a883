// `propose: on`: one pull request that accepts what is live.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { STRIPE_KEY } from '../cli/e2e/world.ts';
import { openJob, type Job, type Step } from './runner.ts';

const MAIN = 'refs/heads/main';
const DOCUMENT = `version: 1
team: acme
projects:
  - slug: shop
    deployments:
      - reference: production
        type: prod
        env:
          # asked for by support
          LOG_LEVEL: info   # see the runbook
          STRIPE_KEY: { fromEnv: STRIPE_KEY }
`;

function propose(job: Job, { ref = MAIN, sha = 'c'.repeat(40) } = {}): Promise<Step> {
  const run = { event: 'schedule', payload: {}, sha, env: { STRIPE_KEY, GITHUB_REF: ref } } as const;
  return job.step({ command: 'drift', propose: 'on', issue: 'off' }, run);
}

async function apply(job: Job): Promise<void> {
  const step = await job.step(
    { command: 'apply', 'auto-approve': 'on', comment: 'off', labels: 'off' },
    { event: 'push', payload: {}, env: { STRIPE_KEY } },
  );
  expect(step.exit, step.log).toBe(0);
}

test('one pull request: opened, the same while nothing new moved, made anew, left to people, closed', async () => {
  await using job = await openJob();
  const { pulls, branches, commits, requests } = job.github;
  await job.write('convex.state.yaml', DOCUMENT);
  await apply(job);
  // Somebody says it otherwise in the files: what is live is now what has to be accepted.
  const edited = DOCUMENT.replace('info ', 'warn ');
  await job.write('convex.state.yaml', edited);
  const opened = await propose(job);
  expect([opened.exit, opened.outputs['result']], opened.log).toEqual([0, 'drift']);
  expect(opened.summary).toContain('A pull request that accepts what is live was opened.');
  expect(pulls).toMatchObject([{ title: 'Accept what is live', base: 'main', state: 'open' }]);
  const [pull] = pulls;
  const [branch = '', tip = ''] = [...branches][0] ?? [];
  expect(branch).toMatch(/^converge\/drift-[0-9a-f]{16}$/);
  expect(commits.get(tip)).toMatchObject({ parents: ['c'.repeat(40)], tree: { 'convex.state.yaml': DOCUMENT } });
  expect(pull?.body).toContain('1 edit in 1 file');
  // With the attribution: who moved it.
  expect(pull?.body).toMatch(/unattributed|converge itself/);
  expect(pull?.body).not.toContain(STRIPE_KEY);
  expect(await readFile(path.join(job.workspace, 'convex.state.yaml'), 'utf8')).toBe(DOCUMENT);

  // The next run, of the same commit: nothing is pushed again.
  await job.write('convex.state.yaml', edited);
  const from = requests.length;
  await propose(job);
  expect(requests.slice(from).filter((one) => /git\/(?:commits$|refs)/.test(one))).toEqual([]);
  expect([pulls.length, branches.get(branch)]).toEqual([1, tip]);

  // The branch below has moved on.
  await job.write('convex.state.yaml', edited.replace('version: 1\n', 'version: 1\n# the same, and more\n'));
  await propose(job, { sha: 'e'.repeat(40) });
  expect(commits.get(branches.get(branch) ?? '')).toMatchObject({ parents: ['e'.repeat(40)] });
  expect(pulls).toHaveLength(1);

  // People have committed to it: it is theirs.
  const own = branches.get(branch) ?? '';
  commits.set('f'.repeat(40), { message: 'By hand', parents: [own], tree: {} });
  branches.set(branch, 'f'.repeat(40));
  await job.write('convex.state.yaml', edited);
  const left = await propose(job);
  expect(left.summary).toContain('people have committed to its branch');
  expect(branches.get(branch)).toBe('f'.repeat(40));

  // What is live is as the files say: closed, and its branch is gone.
  branches.set(branch, own);
  await job.write('convex.state.yaml', DOCUMENT);
  const closed = await propose(job);
  expect([closed.exit, closed.outputs['result'], pull?.state]).toEqual([0, 'in-sync', 'closed']);
  expect(branches.size).toBe(0);
  expect(job.github.violations).toEqual([]);
}, 120_000);

test('without a branch, without the permission: it says so, fails nothing, and the files stay', async () => {
  await using job = await openJob();
  await job.write('convex.state.yaml', DOCUMENT);
  await apply(job);
  const edited = DOCUMENT.replace('info ', 'warn ');
  await job.write('convex.state.yaml', edited);
  const tag = await propose(job, { ref: 'refs/tags/v1' });
  expect([tag.exit, tag.summary]).toEqual([0, expect.stringContaining('the workflow is run for no branch') as unknown]);
  expect(await readFile(path.join(job.workspace, 'convex.state.yaml'), 'utf8')).toBe(edited);
  job.github.faults.push({ method: 'POST', path: /\/git\/blobs$/, status: 403, message: 'Resource not accessible' });
  const refused = await propose(job);
  expect([refused.exit, refused.outputs['result']]).toEqual([0, 'drift']);
  expect(refused.summary).toContain('The proposal was not made a pull request:');
  expect(refused.summary).toContain('contents: write');
  expect(job.github.pulls).toEqual([]);
}, 120_000);
