import { expect, test } from 'vitest';
import { STRIPE_KEY } from '../cli/e2e/world.ts';
import { LOGIN } from './github.ts';
import { openJob, PLATFORM_TOKEN, type Job, type Step } from './runner.ts';

const SCHEDULED = { event: 'schedule', payload: {}, env: { STRIPE_KEY } } as const;

function drift(job: Job, inputs: Readonly<Record<string, string>> = {}): Promise<Step> {
  return job.step({ command: 'drift', ...inputs }, SCHEDULED);
}

/** Somebody changes a variable by hand. */
async function moveLive(job: Job, name: string, value: string): Promise<void> {
  const push = { event: 'push', payload: {}, env: { STRIPE_KEY: name === 'STRIPE_KEY' ? value : STRIPE_KEY } } as const;
  const text = `version: 1\nteam: acme\nprojects:\n  - slug: shop\n    deployments:\n      - reference: production\n        type: prod\n        env: { LOG_LEVEL: ${JSON.stringify(name === 'LOG_LEVEL' ? value : 'info')}, STRIPE_KEY: { fromEnv: STRIPE_KEY } }\n`;
  await job.write('by-hand/state.yaml', text);
  const step = await job.step(
    { command: 'apply', files: 'by-hand/state.yaml', 'auto-approve': 'on', comment: 'off', labels: 'off' },
    push,
  );
  expect(step.exit, step.log).toBe(0);
}

test('one issue: opened, updated, closed and opened again by itself, found after people edited it', async () => {
  await using job = await openJob();
  const { issues } = job.github;
  const opened = await drift(job);
  expect([opened.exit, opened.outputs['result'], opened.outputs['changed']]).toEqual([0, 'drift', 'true']);
  expect(opened.outputs['summary']).toBe('drift in 2 things');
  expect(opened.summary).toContain('The issue of this drift was opened.');
  expect(issues).toHaveLength(1);
  const [issue] = issues;
  if (issue === undefined) throw new Error('no issue');
  expect(issue).toMatchObject({
    state: 'open',
    title: 'Drift: 2 things moved in team acme',
    labels: ['converge-drift'],
  });
  expect(issue.body).toContain('env-var');
  expect(issue.body).not.toContain(STRIPE_KEY);

  // Its label is taken away, it is written into, others come before it and copy it, a pull request has it, too.
  issue.labels.splice(0);
  issue.body = `We know.\n\n${issue.body}`;
  for (let number = 200; number < 320; number++)
    issues.push({ id: number, number, user: { login: 'octocat' }, title: 'x', body: 'x', state: 'open', labels: [] });
  issues.push({ ...issue, id: 1, number: 400, user: { login: 'mallory' } });
  issues.push({ ...issue, id: 2, number: 401, pull_request: {} });
  await moveLive(job, 'LOG_LEVEL', 'info');
  await job.write(
    'convex.state.yaml',
    'version: 1\nteam: acme\nprojects:\n  - slug: shop\n    deployments:\n      - reference: production\n        type: prod\n        env: { LOG_LEVEL: warn, STRIPE_KEY: { fromEnv: STRIPE_KEY } }\n',
  );
  const updated = await drift(job);
  expect(updated.outputs['summary']).toBe('drift in 1 thing');
  const own = () => issues.filter(({ user, pull_request }) => user.login === LOGIN && pull_request === undefined);
  expect(own()).toHaveLength(1);
  expect(issue).toMatchObject({ state: 'open', title: 'Drift: 1 thing moved in team acme' });
  expect(issue.body).not.toContain('We know');
  expect(issues.filter(({ body }) => body.startsWith('We know'))).toHaveLength(2);

  await moveLive(job, 'LOG_LEVEL', 'warn');
  issue.labels.push('converge-drift');
  const closed = await drift(job);
  expect([closed.exit, closed.outputs['result']]).toEqual([0, 'in-sync']);
  expect(issue.state).toBe('closed');
  expect(issue.body).toContain('No drift');
  const before = job.github.requests.length;
  await drift(job);
  expect(
    job.github.requests.slice(before).filter((request) => !request.startsWith('GET') && !request.includes('graphql')),
  ).toEqual([]);

  await moveLive(job, 'LOG_LEVEL', 'debug');
  const again = await drift(job, { 'fail-on': 'drift' });
  expect(again.exit).toBe(1);
  expect(issue.state).toBe('open');
  expect(own()).toHaveLength(1);
  expect(job.github.violations).toEqual([]);
});

test('a reading that failed opens and closes nothing', async () => {
  await using job = await openJob();
  await drift(job);
  const before = job.github.issues.map((issue) => ({ ...issue }));
  const step = await drift(job, { token: 'not-a-token-of-the-sandbox' });
  expect([step.exit, step.outputs['result'], step.outputs['exit-code']]).toEqual([1, 'error', '1']);
  expect(job.github.issues).toEqual(before);
  expect(step.log + step.summary).not.toContain(PLATFORM_TOKEN);
});

test('in a pull request it is a comment, and no issue', async () => {
  await using job = await openJob();
  const step = await job.step({ command: 'drift' }, { env: { STRIPE_KEY } });
  expect([step.outputs['result'], job.github.issues, job.github.comments.length]).toEqual(['drift', [], 1]);
  expect(job.github.comments[0]?.body).toContain('### Drift of team acme');
});

test('issue: off, and an issue that may not be written', async () => {
  await using job = await openJob();
  const off = await drift(job, { issue: 'off' });
  expect([off.exit, job.github.issues]).toEqual([0, []]);
  job.github.faults.push({
    method: 'POST',
    path: /issues$/,
    status: 403,
    message: 'Resource not accessible by integration',
  });
  const forbidden = await drift(job);
  expect([forbidden.exit, job.github.issues]).toEqual([0, []]);
  expect(forbidden.summary).toContain('The issue was not written');
});
