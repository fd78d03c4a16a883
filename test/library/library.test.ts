import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { parseArgs } from '../../src/cli/args.ts';
import { settingsOf } from '../../src/cli/settings.ts';
import { readOptions } from '../../src/compose/options.ts';
import * as converge from '../../src/index.ts';
import {
  apply,
  drift,
  dump,
  explain,
  plan,
  schema,
  Secret,
  validate,
  type Options,
  type RunEvent,
} from '../../src/index.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { inFolder } from '../kit/scratch.ts';
import { SEED, STATE, STRIPE_KEY } from '../cli/e2e/world.ts';

const LOG_LEVEL = 'project:shop/deployment:production/env-var:LOG_LEVEL';

interface World {
  readonly options: Options;
  readonly sandbox: Sandbox;
  readonly events: readonly RunEvent[];
}

/** A document and a platform; `options` say nothing that has a default. */
async function inWorld(use: (world: World) => Promise<void>): Promise<void> {
  await inFolder({ 'convex.state.yaml': STATE }, async (cwd) => {
    await using stack = new AsyncDisposableStack();
    const sandbox = await startSandbox({ seed: SEED });
    stack.defer(() => sandbox.close());
    const events: RunEvent[] = [];
    const env = { STRIPE_KEY, CONVEX_PROVISION_HOST: sandbox.url };
    const options = { cwd, env, token: 'sandbox-library', onEvent: (event: RunEvent) => void events.push(event) };
    await use({ options, sandbox, events });
  });
}

function writesTo({ log }: Sandbox): number {
  return log.filter(({ kind }) => kind === 'write').length;
}

test('without options it is what the command line is without options', () => {
  const ready = readOptions({ env: {} });
  const invocation = parseArgs(['plan'], { version: '0', writeOut: () => undefined, writeErr: () => undefined });
  if (invocation?.command !== 'plan' || !('settings' in ready)) throw new Error('expected settings');
  const { kinds, platform, token, ...settings } = ready.settings;
  expect([kinds, platform, token]).toEqual([[], undefined, undefined]);
  expect(settings).toEqual(settingsOf(invocation.options, {}));
});

describe('the functions give values', () => {
  test('validate sends nothing', () =>
    inWorld(async ({ options, sandbox }) => {
      expect(await validate(options)).toMatchObject({ diagnostics: [], declared: { project: 1, 'env-var': 2 } });
      expect(sandbox.log).toEqual([]);
    }));

  test('plan, and apply what it said', () =>
    inWorld(async ({ options, sandbox, events }) => {
      const planned = await plan(options);
      if (planned.type !== 'planned') throw new Error(JSON.stringify(planned.diagnostics));
      expect(planned.plan.changes.map(({ address }) => address)).toContain(LOG_LEVEL);
      expect(writesTo(sandbox)).toBe(0);
      const { saved } = planned;
      expect(await apply({ ...options, saved })).toMatchObject({
        type: 'applied',
        report: { proof: { converged: true }, interrupted: null },
      });
      expect(await apply({ ...options, saved })).toMatchObject({ type: 'stale' });
      expect(events.map(({ type }) => type)).toEqual(
        expect.arrayContaining(['observing', 'planned', 'change-finished']),
      );
    }));

  test('apply asks, and without an answer writes nothing', () =>
    inWorld(async ({ options, sandbox }) => {
      const refused = { type: 'refused', refusals: [{ rule: 'consent' }] };
      expect(await apply(options)).toMatchObject(refused);
      expect(await apply({ ...options, approve: () => false })).toMatchObject(refused);
      expect(writesTo(sandbox)).toBe(0);
      const asked: number[] = [];
      const approve = async ({ changes }: converge.Plan): Promise<boolean> => asked.push(changes.length) === 1;
      expect(await apply({ ...options, approve })).toMatchObject({ type: 'applied' });
      expect(asked).toEqual([2]);
      expect(await apply({ ...options, approve: true })).toMatchObject({ report: { outcomes: [] } });
    }));

  test('drift, explain, dump', () =>
    inWorld(async ({ options }) => {
      expect(await drift(options)).toMatchObject({ type: 'drifted', drift: { items: [{}, {}] } });
      expect(await explain(LOG_LEVEL, options)).toMatchObject({
        type: 'explained',
        explanation: { address: LOG_LEVEL },
      });
      const dumped = await dump({ ...options, all: true, secrets: 'placeholder' });
      if (dumped.type !== 'dumped') throw new Error(JSON.stringify(dumped.diagnostics));
      expect(dumped.documents).toEqual([{ file: null, text: expect.stringContaining('slug: shop') }]);
    }));

  test('schema', () => {
    expect(schema()).toMatchObject({ title: 'Converge state document' });
    expect(JSON.stringify(schema({ dialect: 'catalog' }))).not.toContain('canonicalUrls');
  });
});

describe('nothing is printed, asked or thrown', () => {
  test('of what is expected to fail', () =>
    inWorld(async ({ options }) => {
      const written = vi.fn<() => boolean>(() => true);
      const spies = [process.stdout, process.stderr].map((stream) =>
        vi.spyOn(stream, 'write').mockImplementation(written),
      );
      onTestFinished(() => spies.forEach((spy) => spy.mockRestore()));
      const wrongToken = { ...options, token: new Secret('not-known') };
      const invalid = { type: 'invalid', diagnostics: [{ code: 'CVG602' }] };
      for (const run of [plan, apply, drift, dump]) expect(await run(wrongToken)).toMatchObject(invalid);
      expect(await explain(LOG_LEVEL, wrongToken)).toMatchObject(invalid);
      expect(await plan({ ...options, files: 'none.yaml' })).toMatchObject({ diagnostics: [{ code: 'CVG101' }] });
      expect(written).not.toHaveBeenCalled();
    }));

  test('no secret is in what comes back', () =>
    inWorld(async ({ options }) => {
      const results = [await plan(options), await drift(options), await apply({ ...options, approve: true })];
      expect(JSON.stringify(results)).not.toContain(STRIPE_KEY);
      expect(JSON.stringify(results)).not.toContain('sandbox-library');
    }));
});

describe('an AbortSignal', () => {
  test('ends a reading with its own reason', () =>
    inWorld(async ({ options }) => {
      for (const run of [plan, drift, dump]) {
        const stop = new AbortController();
        const onEvent = (event: RunEvent): void => (event.type === 'request' ? stop.abort('enough') : undefined);
        await expect(run({ ...options, signal: stop.signal, onEvent })).rejects.toBe('enough');
      }
    }));

  test('lets an apply end what it began, and report', () =>
    inWorld(async ({ options, sandbox }) => {
      const stop = new AbortController();
      const onEvent = (event: RunEvent): void => (event.type === 'change-started' ? stop.abort() : undefined);
      const applied = await apply({ ...options, approve: true, signal: stop.signal, onEvent });
      expect(applied).toMatchObject({ type: 'applied', report: { interrupted: 'AbortSignal', proof: null } });
      expect(writesTo(sandbox)).toBe(1);
      expect(await apply({ ...options, approve: true, signal: AbortSignal.abort() })).toMatchObject({
        type: 'interrupted',
      });
    }));
});

describe('options that cannot be meant are diagnostics, all at once', () => {
  test.each<[string, object, string]>([
    ['an unknown name', { tokenfile: 'x' }, 'there is no option `tokenfile`'],
    ['a dialect', { dialect: 'klingon' }, 'dialect is one of official, catalog'],
    ['a rate', { rate: 0 }, 'rate is a number above 0'],
    ['a number as text', { concurrency: '8' }, 'concurrency is a whole number above 0'],
    ['a list', { allowHosts: 'example.com' }, 'allowHosts is a list of texts'],
    ['no file', { files: [] }, 'files is a path, or a list of at least one'],
    ['an empty token', { token: ' \n' }, 'token is empty'],
    ['a code', { suppress: ['CVG999'] }, 'there is no code `CVG999`'],
    ['an API URL', { apiUrl: 'ftp://x' }, 'apiUrl is not an http(s) URL'],
    ['kinds with a platform', { platform: { kinds: [], open: null }, kinds: [{}] }, 'kinds are for a dialect'],
  ])('%s', async (_, options, summary) => {
    const { diagnostics, declared } = await validate(options);
    expect(declared).toBe(null);
    expect(diagnostics.map((one) => one.summary)).toContain(summary);
  });

  test('of one function', async () => {
    const wrong = { type: 'invalid', diagnostics: [{ code: 'CVG706' }] };
    expect(await plan({ approve: true } as object)).toMatchObject(wrong);
    expect(await apply({ waitMs: -1 })).toMatchObject(wrong);
    expect(await apply({ maxDeletePercent: 101 })).toMatchObject(wrong);
    expect(() => schema({ dialect: 'klingon' as 'official' })).toThrow(RangeError);
  });
});

test('the names of the functions', () => {
  const functions = Object.entries(converge).filter(([, value]) => typeof value === 'function');
  expect(functions.map(([name]) => name)).toEqual(
    expect.arrayContaining(['apply', 'drift', 'dump', 'explain', 'plan', 'schema', 'validate']),
  );
});
