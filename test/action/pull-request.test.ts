import { stat } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { STATE, STRIPE_KEY } from '../cli/e2e/world.ts';
import { LOGIN, TOKEN } from './github.ts';
import { ACTION, HEAD, openJob, PLATFORM_TOKEN, pullRequest, type Job, type Step } from './runner.ts';

/** Holds for every step: nothing secret is seen, GitHub had nothing to complain about, all outputs are there. */
function expectClean(step: Step, { github }: Job): void {
  expect(github.violations).toEqual([]);
  const seen = [step.log, step.summary, JSON.stringify(step.outputs), JSON.stringify(step.annotations)].join('\n');
  const told = [...github.comments, ...github.issues].map(({ body }) => body).join('\n');
  for (const secret of [STRIPE_KEY, TOKEN, PLATFORM_TOKEN]) expect(seen + told).not.toContain(secret);
  expect(Object.keys(step.outputs).sort()).toEqual(Object.keys(ACTION.outputs).sort());
}

describe('a plan in a pull request', () => {
  test('needs no secrets: summary, one comment, a label, outputs', async () => {
    await using job = await openJob();
    const step = await job.step({ command: 'plan' });
    expect(step.exit, step.log).toBe(0);
    expect(step.outputs).toEqual({
      changed: 'true',
      result: 'changes',
      summary: '1 to create, 1 to update, 0 to replace, 0 to delete',
      'plan-path': '',
      'exit-code': '2',
    });
    expect(step.log).toContain('Plan: 1 to create, 1 to update');
    expect(step.summary).toContain('### Plan for team acme');
    const [comment, ...others] = job.github.comments;
    expect(others).toEqual([]);
    expect(comment?.body).toMatch(
      new RegExp(`^<!-- converge:comment [0-9a-f]{16} commit=${HEAD} -->\n\n### Plan for team acme`),
    );
    expect(comment?.body).toContain(
      'converge plan, commit aaaaaaa · [run](https://github.example/acme/infra/actions/runs/4711)',
    );
    expect(job.github.labels).toEqual(['converge:changes']);
    // The unresolved source is a warning at its line.
    expect(step.annotations).toContainEqual({
      level: 'warning',
      properties: { file: 'convex.state.yaml', line: '10', col: expect.any(String), title: 'converge CVG401' },
      message: expect.stringContaining('STRIPE_KEY is not set'),
    });
    expectClean(step, job);
  });

  test('the comment is updated in place, names the outdated commit, and follows the label', async () => {
    await using job = await openJob();
    await job.step({ command: 'plan' });
    const edited = job.github.comments[0];
    if (edited === undefined) throw new Error('no comment');
    // A person writes into it, and it moves to the second page.
    edited.body = `I have looked at this.\r\n\r\n${edited.body}\r\n- [x] fine`;
    const other = (id: number) => ({ id, user: { login: 'octocat' }, body: `comment ${String(id)}` });
    job.github.comments.unshift(...Array.from({ length: 130 }, (_, index) => other(index + 1)));
    // Somebody copies the marker.
    job.github.comments.unshift({ id: 900, user: { login: 'mallory' }, body: edited.body });
    await job.write(
      'convex.state.yaml',
      STATE.replace('LOG_LEVEL: info', 'LOG_LEVEL: debug').replace(/ {10}STRIPE.*\n/, ''),
    );
    const head = 'd'.repeat(40);
    job.github.head = head;
    const step = await job.step({ command: 'plan' }, { payload: pullRequest({ head }) });
    expect(step.outputs).toMatchObject({ changed: 'false', result: 'no-changes', 'exit-code': '0' });
    const own = job.github.comments.filter(({ user }) => user.login === LOGIN);
    expect(own).toHaveLength(1);
    expect(own[0]?.id).toBe(edited.id);
    expect(own[0]?.body).toContain('No changes');
    expect(own[0]?.body).toContain('commit ddddddd');
    expect(own[0]?.body).toContain('takes the place of what was said of aaaaaaa, which is outdated');
    expect(own[0]?.body).not.toContain('I have looked');
    expect(job.github.comments.find(({ id }) => id === 900)?.body).toContain('I have looked');
    expect(job.github.labels).toEqual(['converge:no-changes']);
    expectClean(step, job);
  });

  test('a run that was overtaken says so, and does not write over what is newer', async () => {
    await using job = await openJob();
    const newer = 'e'.repeat(40);
    job.github.head = newer;
    const first = await job.step({ command: 'plan' });
    expect(job.github.comments[0]?.body).toContain(
      '**Outdated:** this tells of commit aaaaaaa, and the pull request is at eeeeeee by now.',
    );
    await job.step({ command: 'plan' }, { payload: pullRequest({ head: newer }) });
    const before = job.github.comments[0]?.body;
    const late = await job.step({ command: 'plan' });
    expect(job.github.comments.map(({ body }) => body)).toEqual([before]);
    expect(late.summary).toContain('it tells of eeeeeee, which is newer');
    expectClean(first, job);
    expectClean(late, job);
  });

  test('document sets have a comment and a label each', async () => {
    await using job = await openJob();
    await job.step({ command: 'plan', name: 'one' });
    await job.step({ command: 'plan', name: 'two', target: 'project:shop/**\nproject:shop' });
    await job.step({ command: 'plan', name: 'one' });
    expect(job.github.comments).toHaveLength(2);
    expect(job.github.labels.sort()).toEqual(['converge/one:changes', 'converge/two:changes']);
    expect(job.github.violations).toEqual([]);
  });

  test('comments of runs that went on at the same time become one', async () => {
    await using job = await openJob();
    await job.step({ command: 'plan' });
    const [comment] = job.github.comments;
    if (comment === undefined) throw new Error('no comment');
    job.github.comments.push({ ...comment, id: 5 });
    await job.step({ command: 'plan' });
    expect(job.github.comments.map(({ id }) => id)).toEqual([comment.id]);
  });

  test('comment: changes is silent where nothing differs, off is silent', async () => {
    await using job = await openJob();
    await job.write('convex.state.yaml', 'version: 1\nteam: acme\nprojects:\n  - slug: shop\n');
    const quiet = await job.step({ command: 'plan', comment: 'changes', labels: 'off' });
    expect([quiet.outputs['result'], job.github.comments]).toEqual(['no-changes', []]);
    await job.write('convex.state.yaml', STATE);
    await job.step({ command: 'plan', comment: 'off', labels: 'false' });
    expect(job.github.comments).toEqual([]);
    await job.step({ command: 'plan', comment: 'changes', labels: 'off' });
    expect(job.github.comments).toHaveLength(1);
    expect(job.github.labels).toEqual([]);
  });

  test('allow-unresolved: by itself in pull requests and merge queues, else where it is asked for', async () => {
    await using job = await openJob();
    const plan = (event: string, choice: string) =>
      job.step({ command: 'plan', comment: 'off', labels: 'off', 'allow-unresolved': choice }, { event });
    expect((await plan('merge_group', 'auto')).outputs['exit-code']).toBe('2');
    expect((await plan('push', 'auto')).outputs['exit-code']).toBe('1');
    expect((await plan('push', 'on')).outputs['exit-code']).toBe('2');
    expect((await plan('pull_request', 'off')).outputs['exit-code']).toBe('1');
  });

  test('what apply would refuse fails the check, unless it is told not to', async () => {
    await using job = await openJob();
    await job.write(
      'convex.state.yaml',
      'version: 1\nteam: acme\npolicy: { prune: [env] }\nprojects:\n  - slug: shop\n    deployments:\n      - { reference: production, type: prod, env: {} }\n',
    );
    const step = await job.step({ command: 'plan' });
    expect([step.exit, step.outputs['result'], step.outputs['exit-code']]).toEqual([1, 'refused', '3']);
    expect(step.annotations).toContainEqual(
      expect.objectContaining({
        level: 'error',
        properties: expect.objectContaining({ title: 'converge refuses (threshold)' }),
      }),
    );
    expect(job.github.labels).toEqual(['converge:refused']);
    expect((await job.step({ command: 'plan', 'fail-on': 'none' })).exit).toBe(0);
    expectClean(step, job);
  });

  test('a large plan is as long as a comment may be, and says what it leaves out', async () => {
    await using job = await openJob();
    const variables = Array.from({ length: 400 }, (_, index) => `          VARIABLE_NUMBER_${String(index)}: x\n`).join(
      '',
    );
    const deployments = ['one', 'two', 'three', 'four', 'five'].map(
      (name) =>
        `      - reference: ${name}\n        type: dev\n        region: aws-us-east-1\n        env:\n${variables}`,
    );
    await job.write(
      'convex.state.yaml',
      `version: 1\nteam: acme\nprojects:\n  - slug: large\n    deployments:\n${deployments.join('')}`,
    );
    const step = await job.step({ command: 'plan' });
    expect(step.outputs['summary']).toBe('2006 to create, 0 to update, 0 to replace, 0 to delete');
    const body = job.github.comments[0]?.body ?? '';
    expect(body.length).toBeGreaterThan(55_000);
    expect(body).toMatch(/and \d+ more, see the log of the job/);
    expectClean(step, job);
  });

  test('fail-on changes', async () => {
    await using job = await openJob();
    expect((await job.step({ command: 'plan', 'fail-on': 'refused, changes' })).exit).toBe(1);
  });

  test('a document with mistakes: annotations at their lines, capped, and the comment says them', async () => {
    await using job = await openJob();
    const wrong = Array.from({ length: 30 }, (_, index) => `          V${String(index)}: ${String(index)}`).join('\n');
    await job.write(
      'infra/a,b.yaml',
      `version: 1\nteam: acme\nprojects:\n  - slug: shop\n    deployments:\n      - reference: production\n        type: prod\n        env:\n${wrong}\n`,
    );
    const step = await job.step({ command: 'plan', 'working-directory': 'infra', files: 'a,b.yaml' });
    expect([step.exit, step.outputs['result'], step.outputs['summary']]).toEqual([1, 'error', '30 errors']);
    const errors = step.annotations.filter(({ level }) => level === 'error');
    expect(errors).toHaveLength(10);
    expect(errors[0]?.properties).toMatchObject({ file: 'infra/a,b.yaml', line: '9' });
    expect(errors.at(-1)?.message).toContain('21 more');
    expect(job.github.comments[0]?.body).toContain('**30 errors**');
    expectClean(step, job);
  });

  test('wrong inputs and wrong values are said, and nothing is run', async () => {
    await using job = await openJob();
    const inputs = await job.step({ command: 'paln', comment: 'maybe', name: '../x' });
    expect([inputs.exit, inputs.outputs['exit-code']]).toEqual([1, '64']);
    expect(inputs.annotations.map(({ message }) => message.slice(0, 14))).toEqual([
      'input name: ex',
      'input command:',
      'input comment:',
    ]);
    const value = await job.step({ command: 'plan', rate: 'fast' });
    expect([value.exit, value.outputs['exit-code'], value.outputs['result']]).toEqual([1, '64', 'error']);
    expect(value.annotations[0]?.message).toContain('Expected a number above 0');
    expect(value.summary).toContain('Expected a number above 0');
    expect(job.sandbox.log).toEqual([]);
    expectClean(value, job);
  });
});

describe('what is not trusted', () => {
  test('of a fork only the document is checked, and it says so', async () => {
    await using job = await openJob();
    job.github.faults.push(
      { method: 'POST', path: /comments$/, status: 403, message: 'Resource not accessible by integration' },
      { method: 'GET', path: /labels$/, status: 403, message: 'Resource not accessible by integration' },
    );
    const step = await job.step(
      { command: 'apply', 'auto-approve': 'on', token: '' },
      { payload: pullRequest({ fork: true }) },
    );
    expect([step.exit, step.outputs['result']]).toEqual([0, 'valid']);
    expect(step.summary).toContain('The pull request comes from a fork: only validate was run.');
    expect(step.summary).toContain('The comment was not written');
    expect(step.annotations[0]?.message).toContain('only validate was run');
    expect(job.sandbox.log).toEqual([]);
    expectClean(step, job);
  });

  test('a fork that is gone is a fork', async () => {
    await using job = await openJob();
    const payload = {
      pull_request: { number: 7, head: { sha: HEAD, repo: null }, base: { repo: { full_name: 'acme/infra' } } },
    };
    const step = await job.step({ command: 'plan' }, { payload });
    expect(step.outputs['result']).toBe('valid');
  });

  test.each(['pull_request', 'pull_request_review', 'issue_comment'])('allow-exec is refused on %s', async (event) => {
    await using job = await openJob();
    const payload = { ...(pullRequest() as object), issue: { pull_request: {} } };
    const step = await job.step({ command: 'plan', 'allow-exec': 'true' }, { event, payload });
    expect([step.exit, step.outputs['result'], step.outputs['exit-code']]).toEqual([1, 'refused', '3']);
    expect(step.annotations[0]?.message).toContain('allow-exec');
    expect([job.sandbox.log, job.github.requests]).toEqual([[], []]);
  });

  describe('pull_request_target', () => {
    const BASE_SHA = 'b'.repeat(40);
    const target = { event: 'pull_request_target', sha: BASE_SHA } as const;

    test('with the head checked out it is refused outright', async () => {
      await using job = await openJob();
      await job.write('.git/HEAD', `${HEAD}\n`);
      const step = await job.step({ command: 'plan' }, target);
      expect([step.exit, step.outputs['result']]).toEqual([1, 'refused']);
      expect(step.summary).toContain('commit aaaaaaa is checked out');
      expect([job.sandbox.log, job.github.requests]).toEqual([[], []]);
    });

    test('also beside the base, in a folder that the files are in, and by a branch', async () => {
      await using job = await openJob();
      await job.write('.git/HEAD', 'ref: refs/heads/main\n');
      await job.write('.git/packed-refs', `# pack-refs with: peeled\n${BASE_SHA} refs/heads/main\n`);
      expect((await job.step({ command: 'validate' }, target)).outputs['result']).toBe('valid');
      await job.write('pr/.git/HEAD', 'ref: refs/heads/feature\n');
      await job.write('pr/.git/refs/heads/feature', `${HEAD}\n`);
      await job.write('pr/convex.state.yaml', STATE);
      expect((await job.step({ command: 'validate' }, target)).outputs['result']).toBe('refused');
      expect((await job.step({ command: 'validate', files: 'p*/*.yaml' }, target)).outputs['result']).toBe('refused');
    });

    test('where no commit can be read', async () => {
      await using job = await openJob();
      const step = await job.step({ command: 'validate' }, target);
      expect([step.exit, step.outputs['result']]).toEqual([1, 'refused']);
    });
  });

  test('no source reads the inputs of the step', async () => {
    await using job = await openJob();
    await job.write('convex.state.yaml', STATE.replace('fromEnv: STRIPE_KEY', 'fromEnv: INPUT_TOKEN'));
    const step = await job.step({ command: 'plan' }, { event: 'push', payload: {} });
    expect(step.annotations[0]?.message).toContain('INPUT_TOKEN is not set');
  });

  test('names and messages of others give no commands and no markup', async () => {
    await using job = await openJob();
    const evil = '::error file=x::pwned%0A::add-mask::a @acme/all <!-- converge:comment -->';
    await job.write(
      'convex.state.yaml',
      `version: 1\nteam: acme\nprojects:\n  - slug: shop\n    name: ${JSON.stringify(evil)}\n`,
    );
    const step = await job.step({ command: 'plan' });
    expect(step.outputs['result']).toBe('changes');
    expect(step.annotations).toEqual([]);
    expect(job.github.comments[0]?.body).not.toMatch(/<!-- converge:comment -->|[^\u2060]@acme/);
    expectClean(step, job);
  });
});

describe('when GitHub does not do what it is asked', () => {
  const forbidden = { status: 403, message: 'Resource not accessible by integration' };

  test('without permission the summary says so, and the check does not fail', async () => {
    await using job = await openJob();
    job.github.faults.push(
      { method: 'GET', path: /comments$/, ...forbidden },
      { method: 'GET', path: /labels$/, ...forbidden },
    );
    const step = await job.step({ command: 'plan' });
    expect(step.exit).toBe(0);
    expect(step.summary).toContain('The comment was not written: GitHub answered 403');
    expect(step.summary).toContain('permissions: pull-requests');
    expect(step.summary).toContain('The label was not set');
    expectClean(step, job);
  });

  test('rate limits and outages are waited for', async () => {
    await using job = await openJob();
    job.github.faults.push(
      { method: 'GET', path: /comments$/, status: 502 },
      {
        method: 'POST',
        path: /comments$/,
        status: 403,
        headers: { 'retry-after': '0' },
        message: 'You have exceeded a secondary rate limit',
      },
      {
        method: 'GET',
        path: /labels$/,
        status: 429,
        headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1' },
      },
    );
    const step = await job.step({ command: 'plan' });
    expect(step.exit).toBe(0);
    expect(job.github.comments).toHaveLength(1);
    expect(job.github.labels).toEqual(['converge:changes']);
    expect(step.summary).not.toContain('not written');
    expectClean(step, job);
  });

  test('a rate limit of an hour is not waited for', async () => {
    await using job = await openJob();
    const reset = String(Math.floor(Date.now() / 1000) + 3600);
    job.github.faults.push({
      method: 'GET',
      path: /comments$/,
      status: 403,
      headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset },
    });
    const step = await job.step({ command: 'plan', labels: 'off' });
    expect([step.exit, job.github.comments]).toEqual([0, []]);
    expect(step.summary).toMatch(/rate limit is used up for another 3\d\d\d s/);
  });

  test('a comment whose answer was lost is not written twice', async () => {
    await using job = await openJob();
    job.github.faults.push({ method: 'POST', path: /comments$/, status: 502, isDone: true });
    await job.step({ command: 'plan' });
    expect(job.github.comments).toHaveLength(1);
    job.github.comments.splice(0);
    job.github.faults.push({ method: 'POST', path: /comments$/, status: 502 });
    await job.step({ command: 'plan' });
    expect(job.github.comments).toHaveLength(1);
  });

  test('GitHub cannot be reached at all', async () => {
    await using job = await openJob();
    const step = await job.step({ command: 'plan', labels: 'off' }, { env: { GITHUB_API_URL: 'http://127.0.0.1:9' } });
    expect(step.exit).toBe(0);
    expect(step.summary).toContain('GitHub was not reached');
  });
});

describe('a saved plan', () => {
  const KEY = 'a-key-of-this-repository-0123456789';

  test('is there only with CONVERGE_PLAN_KEY, and is the consent of the apply that follows the merge', async () => {
    await using job = await openJob();
    const without = await job.step({ command: 'plan', plan: 'plan.json' });
    expect(without.outputs['plan-path']).toBe('');
    expect(without.annotations.map(({ message }) => message).join()).toContain('without CONVERGE_PLAN_KEY');

    const planned = await job.step({ command: 'plan' }, { env: { CONVERGE_PLAN_KEY: KEY } });
    const plan = planned.outputs['plan-path'] ?? '';
    expect((await stat(plan)).mode & 0o777).toBe(0o600);

    const sha = '1'.repeat(40);
    job.github.merged.set(sha, 7);
    const push = { event: 'push', payload: {}, sha, env: { CONVERGE_PLAN_KEY: KEY, STRIPE_KEY } } as const;
    const applied = await job.step({ command: 'apply', plan }, push);
    expect([applied.exit, applied.masked.toSorted()]).toEqual([0, [KEY, PLATFORM_TOKEN, TOKEN].toSorted()]);
    expect(applied.outputs).toMatchObject({
      changed: 'true',
      result: 'applied',
      summary: 'applied 2 changes',
      'exit-code': '0',
    });
    // The pull request hears of it, in its comment.
    expect(job.github.comments).toHaveLength(1);
    expect(job.github.comments[0]?.body).toContain('### Apply to team acme');
    expect(job.github.labels).toEqual(['converge:applied']);
    expectClean(applied, job);

    const again = await job.step({ command: 'apply', plan }, push);
    expect([again.exit, again.outputs['result'], again.outputs['exit-code']]).toEqual([1, 'stale', '4']);
    expect(job.github.labels).toEqual(['converge:stale']);
    expectClean(again, job);
  });

  test('apply without a plan asks for auto-approve', async () => {
    await using job = await openJob();
    const push = { event: 'push', payload: {}, env: { STRIPE_KEY } } as const;
    const refused = await job.step({ command: 'apply' }, push);
    expect([refused.exit, refused.outputs['result']]).toEqual([1, 'refused']);
    const applied = await job.step({ command: 'apply', 'auto-approve': 'on' }, push);
    expect([applied.exit, applied.outputs['result'], applied.outputs['changed']]).toEqual([0, 'applied', 'true']);
    expectClean(applied, job);
  });
});
