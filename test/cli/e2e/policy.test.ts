import { chmod, readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/compose/machine.ts';
import { apply, plan, type Clock, type PlanDocument, type Policy } from '../../../src/index.ts';
import { openWorld, SEED, STATE, STRIPE_KEY, type World } from './world.ts';

const LOG_LEVEL = 'project:shop/deployment:production/env-var:LOG_LEVEL';
const STRIPE = 'project:shop/deployment:production/env-var:STRIPE_KEY';

const OLD_KEY = 'project:shop/deployment:production/env-var:OLD_KEY';
const [team] = SEED.teams;
const [shop] = team.projects;
const [production] = shop.deployments;
/** With a key that somebody wants to be rid of. */
const WITH_KEY = {
  teams: [{ ...team, projects: [{ ...shop, deployments: [{ ...production, env: { OLD_KEY: 'x' } }] }] }],
};

/** Refuses changes of LOG_LEVEL, and warns. */
const GUARD = `
console.log('this is not the answer');
export default function (plan) {
  const addresses = plan.changes.map(({ address }) => address).filter((address) => address.endsWith('LOG_LEVEL'));
  return {
    refusals: addresses.map((address) => ({ message: 'log levels are set by hand', addresses: [address], rule: 'levels' })),
    warnings: ['somebody should look at this'],
  };
}
`;
/** Tells all that it is given. */
const TELL = `#!/bin/sh
{ cat; env; } > told.txt
echo '{ "refusals": [] }'
`;

async function program(world: World, name: string, text: string): Promise<void> {
  await world.write(name, text);
  await chmod(world.path(name), 0o755);
}

describe('a policy', () => {
  test('refuses and warns: in the plan, with its file, exit 3', async () => {
    await using world = await openWorld();
    await world.write('guard.mjs', GUARD);
    const text = await world.converge(['plan', '--policy', 'guard.mjs', '--detailed-exitcode']);
    expect(text.stdout).toContain('✗ policy: policy guard.mjs (levels): log levels are set by hand');
    expect(text.stdout).toContain('CVG713');
    expect(text).toMatchObject({ code: 3, stdout: expect.not.stringContaining('this is not the answer') });
    const json = await world.converge(['plan', '--policy', 'guard.mjs', '--format', 'json']);
    expect(JSON.parse(json.stdout)).toMatchObject({
      refusals: [{ rule: 'policy', addresses: [LOG_LEVEL], override: null }],
      diagnostics: [{ code: 'CVG713', summary: 'policy guard.mjs: somebody should look at this' }],
    });
    expect(json.code).toBe(0);
    expect(await world.converge(['apply', '--auto-approve', '--policy', 'guard.mjs'])).toMatchObject({
      code: 3,
      stdout: expect.stringContaining('log levels are set by hand'),
    });
    expect(world.writes()).toBe(0);
  });

  test('is asked again when a saved plan is applied', async () => {
    await using world = await openWorld();
    await world.write('guard.mjs', GUARD);
    expect(await world.converge(['plan', '--out', 'saved.json'])).toMatchObject({ code: 0 });
    expect(await world.converge(['apply', 'saved.json', '--policy', 'guard.mjs'])).toMatchObject({ code: 3 });
    expect(world.writes()).toBe(0);
    await world.write('guard.mjs', 'export default async () => ({ refusals: [] });');
    expect(await world.converge(['apply', 'saved.json', '--policy', 'guard.mjs'])).toMatchObject({ code: 0 });
  });

  test('may be TypeScript, or any program; it gets the plan, and neither a value nor a credential', async () => {
    await using world = await openWorld();
    await world.write('typed.ts', 'export default (plan: { changes: unknown[] }): object => ({ refusals: [] });');
    await program(world, 'tell.sh', TELL);
    const env = { AWS_SECRET_ACCESS_KEY: 'not-for-policies' };
    const args = ['plan', '--policy', 'typed.ts', '--policy', './tell.sh', '--detailed-exitcode'];
    expect(await world.converge(args, env)).toMatchObject({ code: 2 });
    const told = await world.read('told.txt');
    expect(told).toContain('"kind": "plan"');
    expect(told).toContain(STRIPE);
    for (const secret of [STRIPE_KEY, 'sandbox-e2e', 'not-for-policies', 'digests']) expect(told).not.toContain(secret);
  });

  test('as docs/policy.md shows it: a module and a program', async () => {
    await using world = await openWorld({
      state: STATE.replace('LOG_LEVEL: info', 'OLD_KEY: { absent: true }'),
      seed: WITH_KEY,
    });
    const page = await readFile(new URL('../../../docs/policy.md', import.meta.url), 'utf8');
    const [, guard = ''] = /^```js\n(\/\/ guard\.mjs\n[^]*?)^```$/m.exec(page) ?? [];
    const [, shell = ''] = /^```sh\n(#!\/bin\/sh\n# no-deletions\.sh\n[^]*?)^```$/m.exec(page) ?? [];
    await world.write('guard.mjs', guard);
    await program(world, 'no-deletions.sh', shell);
    const args = ['--policy', 'guard.mjs', '--policy', './no-deletions.sh'];
    const { stdout, code } = await world.converge(['apply', '--auto-approve', '--format', 'json', ...args]);
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      refusals: [
        { addresses: [], message: 'policy ./no-deletions.sh: pipelines delete nothing' },
        { addresses: [OLD_KEY], message: 'policy guard.mjs (keys): keys are removed by the security team' },
      ],
    });
    await world.write('convex.state.yaml', STATE);
    expect(await world.converge(['apply', '--auto-approve', ...args])).toMatchObject({ code: 0 });
  });

  test('of several each may refuse', async () => {
    await using world = await openWorld();
    await world.write('first.mjs', "export default () => ({ refusals: ['the first'] });");
    await world.write('second.mjs', "export default () => ({ refusals: ['the second'] });");
    const { stdout, code } = await world.converge([
      'apply',
      '--policy',
      'first.mjs',
      '--policy',
      'second.mjs',
      '--format',
      'json',
    ]);
    const { refusals } = JSON.parse(stdout) as { readonly refusals: readonly { readonly message: string }[] };
    expect(refusals.map(({ message }) => message)).toEqual([
      'policy first.mjs: the first',
      'policy second.mjs: the second',
    ]);
    expect([code, world.writes()]).toEqual([3, 0]);
  });

  test('keeps the daemon from what it refuses, and from nothing else', async () => {
    await using world = await openWorld();
    await world.write('guard.mjs', GUARD);
    const running = world.start(['watch', '--apply', '--policy', 'guard.mjs', '--listen', '127.0.0.1:0']);
    await expect.poll(() => world.writes(), { timeout: 20_000 }).toBe(1);
    running.child.kill('SIGTERM');
    expect(await running.result).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('log levels are set by hand'),
    });
    const update = world.sandbox.log.find(({ kind }) => kind === 'write');
    expect(JSON.stringify(update?.requestBody)).toContain('STRIPE_KEY');
    expect(JSON.stringify(update?.requestBody)).not.toContain('LOG_LEVEL');
  });
});

describe('what does not answer is an error, and nothing is written', () => {
  test.each<[string, string, string, RegExp]>([
    ['a missing file', 'none.mjs', '', /policy none\.mjs cannot be read: it does not exist/],
    ['a folder', '.', '', /policy \. is not a file/],
    ['neither module nor program', 'notes.txt', 'hello', /neither a module .* nor a program/],
    ['a module that throws', 'a.mjs', "export default () => { throw new Error('oh no') }", /failed: oh no/],
    ['a module that cannot be read', 'a.mjs', 'export default (', /failed: /],
    ['a module without a function', 'a.mjs', 'export default { refusals: [] }', /no function as its default export/],
    ['a module that returns nothing', 'a.mjs', 'export default () => undefined', /answers nothing/],
    ['a module that ends the process', 'a.mjs', 'export default () => process.exit(0)', /prints nothing/],
    ['a program that fails', 'a.sh', '#!/bin/sh\necho \'{"refusals":[]}\'; exit 7', /ended with exit code 7/],
    ['a program that prints no JSON', 'a.sh', '#!/bin/sh\necho fine', /not JSON/],
    ['a program without an interpreter', 'a.sh', '#!/nowhere/sh\n', /cannot be started/],
    ['another answer', 'a.sh', '#!/bin/sh\necho \'{"allow":true}\'', /without `refusals`/],
  ])('%s', async (_, file, text, why) => {
    await using world = await openWorld();
    if (text !== '') await (file.endsWith('.sh') ? program(world, file, text) : world.write(file, text));
    const options = { cwd: world.path('.'), env: world.env, policies: [file] };
    for (const given of [await plan(options), await apply({ ...options, approve: true })]) {
      if (given.type !== 'invalid') throw new Error(`it was ${given.type}`);
      const errors = given.diagnostics.filter(({ severity }) => severity === 'error');
      expect(errors).toEqual([expect.objectContaining({ code: 'CVG712', summary: expect.stringMatching(why) })]);
    }
    expect(world.writes()).toBe(0);
  });

  test('with exit 1, on stderr', async () => {
    await using world = await openWorld();
    for (const command of [['plan'], ['apply', '--auto-approve']]) {
      const { code, stdout, stderr } = await world.converge([...command, '--policy', 'none.mjs']);
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toContain('CVG712');
    }
  });

  test('also where it never ends: a program is killed, a function is told', async () => {
    await using world = await openWorld();
    await program(world, 'slow.sh', '#!/bin/sh\necho $$ > pid\nexec sleep 600');
    const signals: AbortSignal[] = [];
    const never: Policy = (_, signal) => {
      signals.push(signal);
      return new Promise(() => undefined);
    };
    /** Ten seconds are over once the program runs. */
    const sleep: Clock['sleep'] = async (ms, signal) => {
      if (ms !== 10_000) return systemClock.sleep(ms, signal);
      await expect.poll(() => world.read('pid').catch(() => ''), { timeout: 20_000 }).toMatch(/\d\n/);
    };
    const clock = { ...systemClock, sleep };
    const planned = await plan({ cwd: world.path('.'), env: world.env, policies: ['slow.sh', never], clock });
    expect(planned).toMatchObject({
      type: 'invalid',
      diagnostics: [
        { summary: 'policy never had not answered after 10 seconds' },
        { summary: 'policy slow.sh had not answered after 10 seconds, and was killed' },
      ],
    });
    expect(signals[0]?.aborted).toBe(true);
    const pid = Number(await world.read('pid'));
    await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('in the library', () => {
  const run = async (world: World, policies: readonly Policy[]) =>
    plan({ cwd: world.path('.'), env: world.env, policies });

  test('a function is one too', async () => {
    await using world = await openWorld();
    const seen: PlanDocument[] = [];
    function noChanges(document: PlanDocument) {
      seen.push(document);
      return { refusals: document.changes.length > 1 ? ['too many'] : [] };
    }
    const planned = await run(world, [noChanges]);
    expect(planned).toMatchObject({ plan: { refusals: [{ rule: 'policy', message: 'policy noChanges: too many' }] } });
    expect(JSON.stringify(seen)).not.toContain(STRIPE_KEY);
    const applied = await apply({ cwd: world.path('.'), env: world.env, approve: true, policies: [noChanges] });
    expect(applied).toMatchObject({ type: 'refused' });
    expect(world.writes()).toBe(0);
  });

  test('one that throws, or is none, fails closed', async () => {
    await using world = await openWorld({ state: STATE });
    const throws = (): never => {
      throw new Error('oh no');
    };
    expect(await run(world, [throws])).toMatchObject({
      type: 'invalid',
      diagnostics: expect.arrayContaining([
        expect.objectContaining({ code: 'CVG712', summary: 'policy throws failed: oh no' }),
      ]),
    });
    expect(await run(world, 'guard.mjs' as unknown as readonly Policy[])).toMatchObject({
      diagnostics: [{ code: 'CVG706' }],
    });
  });
});
