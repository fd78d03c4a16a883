import { expect, test } from 'vitest';
import { open, send } from './kit.ts';

const seed = {
  teams: [
    {
      slug: 'acme',
      projects: [
        {
          name: 'shop',
          deployments: [
            { name: 'happy-otter-123', type: 'prod' as const, env: { WHERE: 'us' } },
            { name: 'calm-cow-456', type: 'dev' as const, region: 'aws-eu-west-1', env: { WHERE: 'eu' } },
          ],
        },
      ],
    },
  ],
};

const PATH = '/api/v1/list_environment_variables';

test('the URL says the region, so that it cannot be built from the name', async () => {
  const { call, at, url } = await open({ seed });
  const { deploymentUrl } = (await call('GET', '/deployments/calm-cow-456')).json;
  expect(deploymentUrl).toBe(`${url}/calm-cow-456.eu-west-1`);
  const env = await at(deploymentUrl, 'GET', '/list_environment_variables');
  expect(env.json.environmentVariables).toEqual({ WHERE: 'eu' });
  expect((await at(`${url}/calm-cow-456`, 'GET', '/list_environment_variables')).json.code).toBe('DeploymentNotFound');
  expect((await at(`${url}/no-such-1`, 'GET', '/list_environment_variables')).status).toBe(404);
});

/*
 * The official CLI sends most requests to `new URL('/api/…', CONVEX_SELF_HOSTED_URL)`, which drops the URL's path, and
 * some to `${url}/api/…`, which keeps it (convex 1.48 `src/cli/lib/utils/utils.ts`). Both must arrive: where the path
 * is lost, the admin key says which deployment is meant, as real keys do.
 */
test('a client that drops the path of the URL is understood by its key', async () => {
  const { url, log } = await open({ seed });
  const selfHostedUrl = `${url}/happy-otter-123`;
  for (const target of [new URL(PATH, selfHostedUrl).href, `${selfHostedUrl}${PATH}`]) {
    const answer = await send(target, { headers: { authorization: 'Convex happy-otter-123|sandbox' } });
    expect(answer.json.environmentVariables).toEqual({ WHERE: 'us' });
  }
  expect(log.map(({ deployment }) => deployment)).toEqual(['happy-otter-123', 'happy-otter-123']);
  const lost = await send(`${url}${PATH}`, { headers: { authorization: 'Convex sandbox' } });
  expect([lost.status, lost.json.code]).toEqual([404, 'DeploymentNotFound']);
});
