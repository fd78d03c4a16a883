import type { components as ManagementApi } from '@convex-dev/platform/managementApi';
import { expect, test } from 'vitest';
import type { LiveResource, Spec } from '../../src/model/resource.ts';
import type { Singly } from '../../src/model/kind.ts';
import type { ConvexApi } from '../../src/providers/convex/api.ts';
import { API, failure, liveDeployment, liveOf, never, refused, T0 } from './official.ts';
import { wired } from './wired.ts';

type Schemas = ManagementApi['schemas'];
type DomainReply = Schemas['PlatformListCustomDomainsResponse']['domains'][number];

const wire = wired();

const of = (name: string): string => `${API}/deployments/${name}`;
const deployment = (): LiveResource => liveDeployment(wire.opened);
const list = (...parents: readonly LiveResource[]) =>
  wire.opened.kind('domain').list(wire.opened.api, { parents, signal: never });
const write = () => wire.opened.kind('domain').write as Singly<Spec, ConvexApi>;

function reply(fields: Partial<DomainReply> = {}): DomainReply {
  return {
    creationTime: T0,
    deploymentName: 'happy-otter-123',
    requestDestination: 'convexCloud',
    domain: 'api.acme.com',
    verificationTime: null,
    ...fields,
  };
}

test('are one read per deployment; verification is a fact', async () => {
  await wire.identified(
    wire.net.on('get', `${of('happy-otter-123')}/custom_domains`, {
      domains: [reply(), reply({ domain: 'WWW.Acme.com', requestDestination: 'convexSite', verificationTime: T0 })],
    }),
    wire.net.on('get', `${of('calm-cow-456')}/custom_domains`, refused(403, 'OperationNotPermitted', 'No.')),
  );
  const { items, unreadable } = await list(
    deployment(),
    liveDeployment(wire.opened, { id: '12', name: 'calm-cow-456' }),
  );
  expect(items).toEqual([
    {
      id: '11/api.acme.com/convexCloud',
      parentId: '11',
      spec: { domain: 'api.acme.com', destination: 'convexCloud' },
      facts: { written: 'api.acme.com', verified: false, verificationTime: null },
    },
    {
      id: '11/WWW.Acme.com/convexSite',
      parentId: '11',
      spec: { domain: 'www.acme.com', destination: 'convexSite' },
      facts: { written: 'WWW.Acme.com', verified: true, verificationTime: T0 },
    },
  ]);
  expect(unreadable).toMatchObject([{ parentId: '12', error: { code: 'forbidden' } }]);
  expect(wire.opened.provider.usage().reads).toBe(3);
});

test.each<[string, unknown]>([
  ['a bare list', []],
  ['no destination', { domains: [{ ...reply(), requestDestination: undefined }] }],
  ['a verification time that is text', { domains: [{ ...reply(), verificationTime: 'now' }] }],
])('%s: unreadable', async (_, body) => {
  await wire.identified(wire.net.on('get', `${of('happy-otter-123')}/custom_domains`, body as never));
  expect((await list(deployment())).unreadable).toMatchObject([{ parentId: '11', error: { code: 'bad-response' } }]);
});

test('are created by hostname and destination, and are not verified then', async () => {
  await wire.identified(wire.net.on('post', `${of('happy-otter-123')}/create_custom_domain`, null));
  const spec = { domain: 'api.acme.com', destination: 'convexSite' };
  const made = await write().create(wire.opened.api, { parent: deployment(), spec, signal: never });
  expect(made).toMatchObject({ id: '11/api.acme.com/convexSite', spec, facts: { verified: false } });
  expect(wire.net.seen[1]?.body).toEqual({
    domain: 'api.acme.com',
    requestDestination: 'convexSite',
  } satisfies Schemas['PlatformDeleteCustomDomainArgs']);
});

test('have no update: another destination replaces', () => {
  expect(write()).not.toHaveProperty('update');
});

test('are deleted as the platform spells them', async () => {
  await wire.identified(
    wire.net.on('get', `${of('happy-otter-123')}/custom_domains`, { domains: [reply({ domain: 'API.Acme.com' })] }),
    wire.net.on('post', `${of('happy-otter-123')}/delete_custom_domain`, null),
  );
  const [listed] = (await list(deployment())).items;
  if (listed === undefined) throw new Error('nothing is listed');
  const live = liveOf(wire.opened.kind('domain'), listed);
  await write().delete?.(wire.opened.api, { live, parent: deployment(), signal: never });
  expect(wire.net.seen[2]?.body).toEqual({
    domain: 'API.Acme.com',
    requestDestination: 'convexCloud',
  } satisfies Schemas['PlatformDeleteCustomDomainArgs']);
});

test('that exist elsewhere fail and were not executed', async () => {
  await wire.identified(
    wire.net.on('post', `${of('happy-otter-123')}/create_custom_domain`, refused(400, 'DomainAlreadyExists', 'Taken.')),
  );
  const spec = { domain: 'api.acme.com', destination: 'convexCloud' };
  const error = await failure(write().create(wire.opened.api, { parent: deployment(), spec, signal: never }));
  expect([error.executed, error.retryable, error.platformCode]).toEqual(['no', false, 'DomainAlreadyExists']);
});
