import type { components as DeploymentApi } from '@convex-dev/platform/deploymentApi';
import { expect, test } from 'vitest';
import type { LiveResource } from '../../src/model/resource.ts';
import { liveDeployment, liveOf, never, singly } from './official.ts';
import { wired } from './wired.ts';

type UpdateBody = DeploymentApi['schemas']['UpdateCanonicalUrlRequest'];
type Urls = DeploymentApi['schemas']['GetCanonicalUrlsResponse'];

const wire = wired();

const host = 'https://happy-otter-123.convex.cloud/api/v1';
const deployment = (): LiveResource => liveDeployment(wire.opened);
const list = (parent: LiveResource) =>
  wire.opened.kind('canonical-url').list(wire.opened.api, { parents: [parent], signal: never });

const DEFAULTS: Urls = {
  convexCloudUrl: 'https://happy-otter-123.convex.cloud',
  convexSiteUrl: 'https://happy-otter-123.convex.site',
};

test('are one read; the platform’s defaults count as unset', async () => {
  await wire.identified(wire.net.on('get', `${host}/get_canonical_urls`, DEFAULTS));
  expect(await list(deployment())).toEqual({ items: [], unreadable: [] });
  expect(wire.net.seen[1]?.headers.get('authorization')).toMatch(/^Convex /);
});

test('that are set are listed as the platform has them', async () => {
  await wire.identified(
    wire.net.on('get', `${host}/get_canonical_urls`, {
      ...DEFAULTS,
      convexSiteUrl: 'https://WWW.acme.com/',
    } satisfies Urls),
  );
  expect((await list(deployment())).items).toEqual([
    {
      id: '11/convexSite',
      parentId: '11',
      spec: { destination: 'convexSite', url: 'https://WWW.acme.com/' },
      facts: {},
    },
  ]);
});

test('of a reply without one of both are unreadable', async () => {
  await wire.identified(wire.net.on('get', `${host}/get_canonical_urls`, { convexCloudUrl: 'https://api.acme.com' }));
  expect((await list(deployment())).unreadable).toMatchObject([{ parentId: '11', error: { code: 'bad-response' } }]);
});

test('are set, changed and reset by the same request', async () => {
  await wire.identified(wire.net.on('post', `${host}/update_canonical_url`, null));
  const write = singly(wire.opened, 'canonical-url');
  const parent = deployment();
  const spec = { destination: 'convexCloud', url: 'https://api.acme.com' };
  const listed = await write.create(wire.opened.api, { parent, spec, signal: never });
  expect(listed).toMatchObject({ id: '11/convexCloud', parentId: '11', spec });
  const live = liveOf(wire.opened.kind('canonical-url'), listed);
  await write.update(wire.opened.api, { live, parent, fields: { url: 'https://b.acme.com' }, signal: never });
  await write.delete(wire.opened.api, { live, parent, signal: never });
  expect(wire.net.seen.slice(1).map(({ body }) => body)).toEqual([
    { requestDestination: 'convexCloud', url: 'https://api.acme.com' },
    { requestDestination: 'convexCloud', url: 'https://b.acme.com' },
    { requestDestination: 'convexCloud', url: null },
  ] satisfies UpdateBody[]);
  expect(write.invalidates).toBe(true);
});
