import { HttpResponse } from 'msw';
import { expect, test } from 'vitest';
import type { LiveResource } from '../../src/model/resource.ts';
import {
  API,
  T0,
  failure,
  liveProject,
  never,
  page,
  projectReply,
  refused,
  singly,
  type CreateProjectBody,
  type UpdateProjectBody,
} from './official.ts';
import { wired } from './wired.ts';

const wire = wired();

const list = () => wire.opened.kind('project').list(wire.opened.api, { parents: [], signal: never });
const project = (): LiveResource => liveProject(wire.opened);

const all = `${API}/teams/41/projects`;

test('are read page by page', async () => {
  await wire.identified(
    wire.net.on(
      'get',
      all,
      page([projectReply({ id: 9, slug: 'blog', name: 'Blog' })], 'next'),
      page([projectReply()]),
    ),
  );
  expect(await list()).toEqual({
    items: [
      { id: '9', parentId: null, spec: { slug: 'blog', name: 'Blog' }, facts: { createTime: T0, teamSlug: 'acme' } },
      { id: '7', parentId: null, spec: { slug: 'shop', name: 'Shop' }, facts: { createTime: T0, teamSlug: 'acme' } },
    ],
    unreadable: [],
  });
  expect(wire.net.lines().slice(1)).toEqual([
    'GET /v1/teams/41/projects?limit=100',
    'GET /v1/teams/41/projects?limit=100&cursor=next',
  ]);
});

test('with fields and words that we do not know are read all the same', async () => {
  await wire.identified(wire.net.on('get', all, page([{ ...projectReply(), color: 'red', slug: 'shop' }])));
  expect((await list()).items).toHaveLength(1);
});

test.each<[string, unknown, string]>([
  ['forbidden', refused(403, 'OperationNotPermitted', 'No.'), 'forbidden'],
  ['a page without cursor', { items: [], pagination: { hasMore: true } }, 'bad-response'],
  ['a project without slug', page([{ ...projectReply(), slug: undefined }]), 'bad-response'],
  ['an id that is text', page([{ ...projectReply(), id: '7' }]), 'bad-response'],
])('%s: unreadable, not absent', async (_, reply, code) => {
  await wire.identified(wire.net.on('get', all, reply as never));
  const { items, unreadable } = await list();
  expect(items).toEqual([]);
  expect(unreadable).toMatchObject([{ parentId: null, error: { code } }]);
});

test('an abort is thrown, not told as unreadable', async () => {
  await wire.identified(wire.net.on('get', all, page([])));
  const abort = AbortSignal.abort(new Error('SIGINT'));
  const error = await failure(wire.opened.kind('project').list(wire.opened.api, { parents: [], signal: abort }));
  expect(error.code).toBe('aborted');
});

test('are created under their slug as their name', async () => {
  await wire.identified(
    wire.net.on('post', `${API}/teams/41/create_project`, { projectId: 7, id: 7, slug: 'shop-1a2b3' }),
  );
  const spec = { slug: 'shop', name: 'Acme Shop' };
  expect(await singly(wire.opened, 'project').create(wire.opened.api, { parent: null, spec, signal: never })).toEqual({
    id: '7',
    parentId: null,
    spec: { slug: 'shop-1a2b3', name: 'shop' },
    facts: { createTime: null, teamSlug: null },
  });
  expect(wire.net.seen[1]?.body).toEqual({ projectName: 'shop' } satisfies CreateProjectBody);
  expect(wire.net.seen[1]?.headers.get('content-type')).toBe('application/json');
});

test.each([
  [500, 'InternalServerError', 'unknown', 1],
  [503, 'Overloaded', 'unknown', 1],
  [503, 'RejectedBeforeExecution', 'no', 5],
  [429, 'RateLimited', 'no', 8],
  [400, 'ProjectQuotaReached', 'no', 1],
])(
  'a create that is answered with %i %s is executed: %s, after %i requests',
  async (status, code, executed, requests) => {
    await wire.identified(wire.net.on('post', `${API}/teams/41/create_project`, refused(status, code, 'No.')));
    const error = await failure(
      singly(wire.opened, 'project').create(wire.opened.api, { parent: null, spec: { slug: 'shop' }, signal: never }),
    );
    expect(error.executed).toBe(executed);
    expect(wire.opened.provider.usage().writes).toBe(requests);
  },
);

test.each([
  ['a broken connection', () => HttpResponse.error()],
  ['a reply that is not JSON', new HttpResponse('{"id":')],
  ['a reply of another shape', HttpResponse.json({ projectId: 7 })],
  ['a redirect', new HttpResponse(null, { status: 303, headers: { location: 'https://evil.example/' } })],
])('%s leaves a create unknown, and it is not sent again', async (_, reply) => {
  await wire.identified(wire.net.on('post', `${API}/teams/41/create_project`, reply));
  const error = await failure(
    singly(wire.opened, 'project').create(wire.opened.api, { parent: null, spec: { slug: 'shop' }, signal: never }),
  );
  expect(error).toMatchObject({ executed: 'unknown', retryable: false });
  expect(wire.opened.provider.usage().writes).toBe(1);
});

test('are updated with what differs and nothing else', async () => {
  await wire.identified(wire.net.on('patch', `${API}/projects/7`, projectReply({ name: 'New' })));
  await singly(wire.opened, 'project').update(wire.opened.api, {
    live: project(),
    parent: null,
    fields: { name: 'New' },
    signal: never,
  });
  expect(wire.net.seen[1]?.body).toEqual({ name: 'New' } satisfies UpdateProjectBody);
});

test('a slug that is taken is a lost race; the stray is named', async () => {
  const taken = refused(400, 'ProjectSlugAlreadyExists', 'A project with the slug already exists.');
  await wire.identified(wire.net.on('patch', `${API}/projects/7`, taken));
  const live = { ...project(), spec: { slug: 'shop-1a2b3', name: 'shop' } };
  const error = await failure(
    singly(wire.opened, 'project').update(wire.opened.api, {
      live,
      parent: null,
      fields: { slug: 'shop' },
      signal: never,
    }),
  );
  expect(error).toMatchObject({ code: 'lost-race', executed: 'no', retryable: false });
  expect(error.message).toContain('the slug shop; the project with id 7 keeps the slug shop-1a2b3');
});

test('another refusal of a slug is told as it is', async () => {
  await wire.identified(wire.net.on('patch', `${API}/projects/7`, refused(400, 'InvalidSlug', 'Too short.')));
  const update = { live: project(), parent: null, fields: { slug: 'x' }, signal: never };
  expect((await failure(singly(wire.opened, 'project').update(wire.opened.api, update))).code).toBe('invalid');
});

test('are deleted by id', async () => {
  await wire.identified(wire.net.on('post', `${API}/projects/7/delete`, null));
  await singly(wire.opened, 'project').delete(wire.opened.api, { live: project(), parent: null, signal: never });
  expect(wire.net.lines()[1]).toBe('POST /v1/projects/7/delete');
  expect(wire.opened.provider.usage()).toMatchObject({ reads: 1, writes: 1 });
});

const find = () =>
  wire.opened.kind('project').find?.(wire.opened.api, { live: project(), parent: null, signal: never });

test('one of them is read by its id, in one request', async () => {
  await wire.identified(wire.net.on('get', `${API}/projects/7`, projectReply({ name: 'Renamed' })));
  expect(await find()).toMatchObject({ id: '7', spec: { slug: 'shop', name: 'Renamed' } });
  expect(wire.net.lines().slice(1)).toEqual(['GET /v1/projects/7']);
});

test('one that is not found is gone; one that may not be read is not', async () => {
  await wire.identified(
    wire.net.on('get', `${API}/projects/7`, refused(404, 'ProjectNotFound', 'No.'), refused(403, 'No', 'No.')),
  );
  expect(await find()).toBeNull();
  expect((await failure(Promise.resolve(find()))).code).toBe('forbidden');
});

test('one that arrived without a reply to its create is waited for like one that was made', async () => {
  await wire.identified(
    wire.net.on('get', `${API}/projects/7`, refused(404, 'ProjectNotFound', 'Not yet.'), projectReply()),
  );
  const { id, spec, facts } = project();
  singly(wire.opened, 'project').arrived(wire.opened.api, { id, parentId: null, spec, facts });
  expect(await find()).toMatchObject({ id: '7' });
});
