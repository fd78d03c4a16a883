import { describe, expect, test } from 'vitest';
import type { SaidTeam } from '../../src/model/provider.ts';
import { API, failure, never, open, refused, tokenReply } from './official.ts';
import { recorder, serve, type Recorder } from './network.ts';

const absent = () => refused(404, 'NotFound', 'no');
const bare = () => new Response(null, { status: 404 });
const shop = (team_id = 41) => ({ id: 7, slug: 'shop', name: 'Shop', team_id });

function identify(said: SaidTeam | null, ...handlers: readonly ReturnType<Recorder['on']>[]) {
  serve(...handlers);
  const { provider } = open({ dialect: 'catalog' });
  return { provider, identified: provider.identify(never, said) };
}

const slug = (...keys: readonly string[]): SaidTeam => ({ team: 'acme', keys });

describe('where the token tells its team', () => {
  test('a numeric team costs one request, and whoever compares it has both', async () => {
    const net = recorder();
    const { identified } = identify({ team: 7, keys: ['shop'] }, net.on('get', `${API}/token_details`, tokenReply()));
    expect(await identified).toEqual({ apiUrl: API, dialect: 'catalog', teamId: 41, teamSlug: null });
    expect(net.lines()).toEqual(['GET /v1/token_details']);
  });

  test('a slug is checked by a declared project', async () => {
    const net = recorder();
    const { identified } = identify(
      slug('shop', 'blog'),
      net.on('get', `${API}/token_details`, tokenReply()),
      net.on('get', `${API}/teams/acme/projects/shop`, shop()),
    );
    expect(await identified).toMatchObject({ teamId: 41, teamSlug: 'acme' });
  });

  test('or, where that one is still to be made, by a project that exists', async () => {
    const net = recorder();
    const { identified } = identify(
      slug('new'),
      net.on('get', `${API}/token_details`, tokenReply()),
      net.on('get', `${API}/teams/acme/projects/new`, bare()),
      net.on('get', `${API}/teams/41/list_projects`, [shop()]),
      net.on('get', `${API}/teams/acme/projects/shop`, shop()),
    );
    expect(await identified).toMatchObject({ teamId: 41, teamSlug: 'acme' });
  });

  test('a team without projects cannot be checked', async () => {
    const net = recorder();
    const { identified } = identify(
      slug('new'),
      net.on('get', `${API}/token_details`, tokenReply()),
      net.on('get', `${API}/teams/acme/projects/new`, bare()),
      net.on('get', `${API}/teams/41/list_projects`, []),
    );
    expect(await identified).toMatchObject({ teamId: 41, teamSlug: null });
  });

  test('a slug that is not the token’s team is an error', async () => {
    const net = recorder();
    const { identified } = identify(
      slug('new'),
      net.on('get', `${API}/token_details`, tokenReply()),
      net.on('get', `${API}/teams/acme/projects/:slug`, bare()),
      net.on('get', `${API}/teams/41/list_projects`, [shop()]),
    );
    const error = await failure(identified);
    expect(error).toMatchObject({ code: 'wrong-team', executed: 'no' });
    expect(error.message).toContain('team "acme"');
  });

  test('or one that the token may not see', async () => {
    const net = recorder();
    const { identified } = identify(
      slug('shop'),
      net.on('get', `${API}/token_details`, tokenReply()),
      net.on('get', `${API}/teams/acme/projects/shop`, refused(403, 'OperationNotPermitted', 'No.')),
    );
    const error = await failure(identified);
    expect(error).toMatchObject({ code: 'wrong-team', executed: 'no' });
    expect(error.message).toContain('may not see the team "acme"');
  });

  test('and so is a slug whose project belongs to another team', async () => {
    const net = recorder();
    const { identified } = identify(
      slug('shop'),
      net.on('get', `${API}/token_details`, tokenReply()),
      net.on('get', `${API}/teams/acme/projects/shop`, shop(42)),
    );
    expect((await failure(identified)).code).toBe('wrong-team');
  });
});

describe('where it does not', () => {
  test('a numeric team is taken at its word', async () => {
    const net = recorder();
    const { identified } = identify({ team: 7, keys: [] }, net.on('get', `${API}/token_details`, absent()));
    expect(await identified).toMatchObject({ teamId: 7, teamSlug: null });
    expect(net.lines()).toEqual(['GET /v1/token_details']);
  });

  test('and the list of projects tells whose they are', async () => {
    const net = recorder();
    serve(net.on('get', `${API}/token_details`, absent()), net.on('get', `${API}/teams/7/list_projects`, [shop(41)]));
    const { provider, api, kind } = open({ dialect: 'catalog' });
    await provider.identify(never, { team: 7, keys: [] });
    expect(provider.teamId?.()).toBeNull();
    await kind('project').list(api, { parents: [], signal: never });
    expect(provider.teamId?.()).toBe(41);
  });

  test('a slug is resolved by the first declared project that exists', async () => {
    const net = recorder();
    const { identified } = identify(
      slug('new', 'shop', 'blog'),
      net.on('get', `${API}/token_details`, bare()),
      net.on('get', `${API}/teams/acme/projects/new`, bare()),
      net.on('get', `${API}/teams/acme/projects/shop`, shop(42)),
    );
    expect(await identified).toMatchObject({ teamId: 42, teamSlug: 'acme' });
  });

  test('a slug that nothing resolves is an error that says what to write, after twenty tries at most', async () => {
    const net = recorder();
    const { identified } = identify(
      slug(...Array.from({ length: 30 }, (_, index) => `p${String(index)}`)),
      net.on('get', `${API}/token_details`, absent()),
      net.on('get', `${API}/teams/acme/projects/:slug`, absent()),
    );
    const error = await failure(identified);
    expect(error.code).toBe('wrong-team');
    expect(error.message).toContain('write `team: <numeric id>`');
    expect(net.lines()).toHaveLength(21);
  });

  test('a token that is refused is refused', async () => {
    const { identified } = identify(
      slug('shop'),
      recorder().on('get', `${API}/token_details`, refused(401, 'No', 'no')),
    );
    expect((await failure(identified)).code).toBe('unauthenticated');
  });
});
