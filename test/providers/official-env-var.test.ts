import { HttpResponse } from 'msw';
import { expect, test } from 'vitest';
import type { LiveResource } from '../../src/model/resource.ts';
import { reveal, Secret } from '../../src/model/secret.ts';
import { UnknownValue } from '../../src/model/unknown-value.ts';
import { failure, liveDeployment, never, refused, together, type UpdateEnvBody } from './official.ts';
import { wired } from './wired.ts';

const wire = wired();

const list = (...parents: readonly LiveResource[]) =>
  wire.opened.kind('env-var').list(wire.opened.api, { parents, signal: never });
const variables = () => together(wire.opened, 'env-var');
const deployment = (): LiveResource => liveDeployment(wire.opened);

const host = 'https://happy-otter-123.convex.cloud/api/v1';
const envOf = (environmentVariables: Record<string, unknown>) => ({ environmentVariables }) as never;

test('are one read per deployment, their values secret', async () => {
  await wire.identified(
    wire.net.on('get', `${host}/list_environment_variables`, envOf({ A: 'alpha-value', EMPTY: '' })),
    wire.net.on('get', 'https://calm-cow-456.convex.cloud/api/v1/list_environment_variables', envOf({ A: 'other' })),
  );
  const { items, unreadable } = await list(
    deployment(),
    liveDeployment(wire.opened, { id: '12', name: 'calm-cow-456' }),
  );
  expect(unreadable).toEqual([]);
  expect(items.map(({ parentId, id, spec }) => [parentId, id, spec['name'], reveal(spec['value'] as Secret)])).toEqual([
    ['11', '11/A', 'A', 'alpha-value'],
    ['11', '11/EMPTY', 'EMPTY', ''],
    ['12', '12/A', 'A', 'other'],
  ]);
  expect(JSON.stringify(items)).not.toContain('alpha-value');
  expect(wire.opened.provider.usage().reads).toBe(3);
});

test('whose values are withheld have none, which is not an empty one', async () => {
  await wire.identified(
    wire.net.on('get', `${host}/list_environment_variables`, envOf({ A: null, B: { secret: true } })),
  );
  const { items } = await list(deployment());
  expect(items.map(({ spec }) => spec)).toEqual([{ name: 'A' }, { name: 'B' }]);
});

test('named like parts of an object are variables like any other', async () => {
  const text = '{"environmentVariables":{"__proto__":"polluted","constructor":"built"}}';
  await wire.identified(wire.net.on('get', `${host}/list_environment_variables`, () => new HttpResponse(text)));
  const { items } = await list(deployment());
  expect(items.map(({ spec }) => spec['name'])).toEqual(['__proto__', 'constructor']);
});

test.each<[string, unknown]>([
  ['no map', { variables: {} }],
  ['a list', { environmentVariables: [] }],
])('%s: unreadable', async (_, reply) => {
  await wire.identified(wire.net.on('get', `${host}/list_environment_variables`, reply as never));
  expect((await list(deployment())).unreadable).toMatchObject([{ parentId: '11', error: { code: 'bad-response' } }]);
});

test('of a deployment on a host that may not have the token are unreadable, and nothing is sent', async () => {
  await wire.identified();
  const parent = { ...deployment(), facts: { name: 'x', deploymentUrl: 'https://evil.example' } };
  expect((await list(parent)).unreadable).toMatchObject([{ parentId: '11', error: { code: 'host-not-allowed' } }]);
  expect(wire.net.seen).toHaveLength(1);
});

test('are written in one request, sorted by name', async () => {
  await wire.identified(wire.net.on('post', `${host}/update_environment_variables`, null));
  await variables().write(wire.opened.api, {
    parent: deployment(),
    set: [
      { name: 'b', value: new Secret('2') },
      { name: 'C', value: new Secret('') },
    ],
    remove: [{ name: 'a' }, { name: 'OLD' }],
    signal: never,
  });
  expect(wire.net.seen.slice(1).map(({ body }) => body)).toEqual([
    {
      changes: [
        { name: 'C', value: '' },
        { name: 'OLD', value: null },
        { name: 'a', value: null },
        { name: 'b', value: '2' },
      ],
    } satisfies UpdateEnvBody,
  ]);
  expect(wire.opened.provider.usage()).toMatchObject({ reads: 1, writes: 1 });
});

test('a value that is not resolved is never written', async () => {
  await wire.identified(wire.net.on('post', `${host}/update_environment_variables`, null));
  const set = [{ name: 'A', value: new UnknownValue('fromEnv A') }];
  await expect(
    variables().write(wire.opened.api, { parent: deployment(), set, remove: [], signal: never }),
  ).rejects.toThrow('not resolved');
  expect(wire.net.seen).toHaveLength(1);
});

test('a refusal that quotes values, old or new, is clean', async () => {
  const message = 'InvalidAuthConfig: "hunter2-new" is no URL (was hunter2-old), see aHVudGVyMi1uZXc=';
  await wire.identified(
    wire.net.on('get', `${host}/list_environment_variables`, envOf({ A: 'hunter2-old' })),
    wire.net.on('post', `${host}/update_environment_variables`, refused(400, 'InvalidAuthConfig', message)),
  );
  await list(deployment());
  const set = [{ name: 'A', value: new Secret('hunter2-new') }];
  const error = await failure(
    variables().write(wire.opened.api, { parent: deployment(), set, remove: [], signal: never }),
  );
  expect(error.code).toBe('invalid');
  expect(error.message).toContain('"[secret]" is no URL (was [secret]), see [secret]');
  expect(`${error.stack ?? ''}${JSON.stringify(error)}`).not.toContain('hunter2');
});

test('an aborted transaction of the platform is unknown to us: reading settles it', async () => {
  const conflict = refused(503, 'OptimisticConcurrencyControlFailure', 'Try again');
  await wire.identified(wire.net.on('post', `${host}/update_environment_variables`, conflict));
  const set = [{ name: 'A', value: new Secret('1') }];
  const write = variables().write(wire.opened.api, { parent: deployment(), set, remove: [], signal: never });
  expect(await failure(write)).toMatchObject({ executed: 'unknown', retryable: false });
  expect(wire.opened.provider.usage().writes).toBe(1);
});
