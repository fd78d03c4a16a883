import { describe, expect, test } from 'vitest';
import type { Fault } from '../../src/sandbox/faults.ts';
import { open, send } from './kit.ts';

const seed = {
  teams: [
    {
      slug: 'acme',
      filler: { projects: 3 },
      projects: [{ name: 'shop', deployments: [{ name: 'happy-otter-123', type: 'prod' as const }] }],
    },
  ],
};

async function withFaults(...faults: readonly Fault[]) {
  const kit = await open({ seed, faults });
  const create = (projectName: string) => kit.call('POST', '/teams/41/create_project', { projectName });
  const projects = () => kit.platform.world.teams.get(41)?.projects.length;
  return { ...kit, create, projects };
}

const onCreate = { method: 'POST', path: '/v1/teams/*/create_project' };

describe('matching', () => {
  test('method, glob, regular expression, nth and times', async () => {
    const teapot = { kind: 'status' as const, status: 418, code: 'Teapot' };
    const kit = await withFaults(
      { match: { path: '/v1/projects/*', nth: 2, times: 2 }, effect: teapot },
      { match: { path: 're:/projects/1004$', times: 'always' }, effect: { ...teapot, status: 419 } },
      { match: { path: '**/list_environment_variables' }, effect: { ...teapot, status: 420 } },
    );
    const read = async (path: string) => (await kit.call('GET', path)).status;
    expect(await read('/projects/1001/list_deployments')).toBe(200);
    expect([await read('/projects/1001'), await read('/projects/1002'), await read('/projects/1003')]).toEqual([
      200, 418, 418,
    ]);
    expect([await read('/projects/1001'), await read('/projects/1004'), await read('/projects/1004')]).toEqual([
      200, 419, 419,
    ]);
    const env = () => kit.at(`${kit.url}/happy-otter-123`, 'GET', '/list_environment_variables');
    expect([(await env()).status, (await env()).status]).toEqual([420, 200]);
    kit.setFaults([]);
    expect(await read('/projects/1004')).toBe(200);
  });
});

describe('what goes wrong', () => {
  test('status before or after the work', async () => {
    const kit = await withFaults(
      { match: onCreate, effect: { kind: 'status', status: 503, code: 'Overloaded', headers: { 'x-why': 'test' } } },
      { match: { ...onCreate, nth: 2 }, effect: { kind: 'status', status: 500, when: 'after' } },
    );
    const before = await kit.create('one');
    expect([before.status, before.json.code, before.headers.get('x-why')]).toEqual([503, 'Overloaded', 'test']);
    expect(kit.projects()).toBe(4);
    const after = await kit.create('two');
    expect([after.status, after.text, kit.projects()]).toEqual([500, '', 5]);
  });

  test('429 with seconds, a date, any text', async () => {
    const kit = await withFaults(
      { effect: { kind: 'rate-limited', seconds: 7 } },
      { match: { nth: 2 }, effect: { kind: 'rate-limited', dateInMs: 60_000 } },
      { match: { nth: 3 }, effect: { kind: 'rate-limited', text: 'soon' } },
    );
    const header = async () => {
      const { status, headers } = await kit.call('GET', '/token_details');
      expect(status).toBe(429);
      return headers.get('retry-after') ?? '';
    };
    expect(await header()).toBe('7');
    expect(Date.parse(await header())).toBeGreaterThan(Date.now() + 55_000);
    expect(await header()).toBe('soon');
  });

  test('HTML, truncated JSON, wrong type, redirect', async () => {
    const kit = await withFaults(
      { effect: { kind: 'html' } },
      { match: { nth: 2 }, effect: { kind: 'truncated' } },
      { match: { nth: 3 }, effect: { kind: 'content-type', value: 'text/plain' } },
      { match: { nth: 4 }, effect: { kind: 'redirect', location: 'https://elsewhere.example/' } },
    );
    const get = () =>
      send(`${kit.url}/v1/token_details`, { headers: { authorization: 'Bearer sandbox' }, redirect: 'manual' });
    const html = await get();
    expect([html.status, html.headers.get('content-type'), html.json]).toEqual([502, 'text/html', undefined]);
    const truncated = await get();
    expect([truncated.status, truncated.json]).toEqual([200, undefined]);
    expect(truncated.text.startsWith('{"type":"teamToken"')).toBe(true);
    const type = await get();
    expect([type.headers.get('content-type'), type.json.teamId]).toEqual(['text/plain', 41]);
    const redirect = await get();
    expect([redirect.status, redirect.headers.get('location')]).toEqual([307, 'https://elsewhere.example/']);
  });

  test('resets before, after, and in the body', async () => {
    const kit = await withFaults(
      { match: onCreate, effect: { kind: 'reset' } },
      { match: { ...onCreate, nth: 2 }, effect: { kind: 'reset', when: 'after' } },
      { match: { ...onCreate, nth: 3 }, effect: { kind: 'reset', when: 'mid-body' } },
    );
    await expect(kit.create('one')).rejects.toThrow('fetch failed');
    expect(kit.projects()).toBe(4);
    await expect(kit.create('two')).rejects.toThrow('fetch failed');
    expect(kit.projects()).toBe(5);
    await expect(kit.create('three')).rejects.toThrow(/terminated|fetch failed/);
    expect(kit.projects()).toBe(6);
    expect(kit.log.map(({ status }) => status)).toEqual([0, 0, 200]);
  });

  test('hangs before and after; close does not wait for them', async () => {
    const kit = await withFaults(
      { match: onCreate, effect: { kind: 'hang' } },
      { match: { ...onCreate, nth: 2 }, effect: { kind: 'hang', when: 'after' } },
    );
    const hung = [kit.create('one'), kit.create('two')].map((request) =>
      request.then(
        () => 'answered',
        () => 'cut',
      ),
    );
    while (kit.projects() !== 5) await new Promise((resolve) => setImmediate(resolve));
    await kit.close();
    expect(await Promise.all(hung)).toEqual(['cut', 'cut']);
    expect(kit.projects()).toBe(5);
  });

  test('slow and huge bodies arrive whole', async () => {
    const kit = await withFaults(
      { effect: { kind: 'slow', bytesPerSecond: 20_000 } },
      { match: { nth: 2 }, effect: { kind: 'huge', bytes: 5_000_000 } },
    );
    expect((await kit.call('GET', '/teams/41/projects')).json.items).toHaveLength(4);
    expect((await kit.call('GET', '/teams/41/projects')).text).toHaveLength(5_000_000);
  });

  test('lists that lie about their next page', async () => {
    const kit = await withFaults(
      { match: { path: '/v1/teams/41/projects' }, effect: { kind: 'no-cursor' } },
      { match: { path: '/v1/teams/41/projects', nth: 2, times: 'always' }, effect: { kind: 'cursor-loop' } },
    );
    const page = async (query = '') => (await kit.call('GET', `/teams/41/projects?limit=2${query}`)).json;
    expect((await page()).pagination).toEqual({ hasMore: true });
    const first = await page();
    expect(first.pagination).toEqual({ hasMore: true, nextCursor: 'again' });
    expect(await page('&cursor=again')).toEqual(first);
  });

  test('what was just created is not visible for a while', async () => {
    const kit = await withFaults({
      match: { method: 'POST', path: '/v1/projects/*/create_deployment' },
      effect: { kind: 'lag', reads: 2 },
    });
    const { json } = await kit.call('POST', '/projects/1001/create_deployment', { type: 'dev' });
    const read = async () => (await kit.call('GET', `/deployments/${json.name}`)).status;
    const env = async () => (await kit.at(json.deploymentUrl, 'GET', '/list_environment_variables')).status;
    expect([await read(), await env(), await read(), await env()]).toEqual([404, 404, 200, 200]);
  });

  test('delay', async () => {
    const kit = await withFaults({ effect: { kind: 'delay', ms: 20 } });
    expect((await kit.call('GET', '/token_details')).status).toBe(200);
  });

  test('faults may stand in the seed', async () => {
    const kit = await open({ seed: { faults: [{ effect: { kind: 'status', status: 500 } }] } });
    expect((await kit.call('GET', '/token_details')).status).toBe(500);
    expect((await kit.call('GET', '/token_details')).status).toBe(200);
  });
});
