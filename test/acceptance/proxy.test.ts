import { readFile } from 'node:fs/promises';
import { request as forward } from 'node:http';
import { createServer } from 'node:https';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { converge, type Ran } from '../kit/converge.ts';
import { inFolder } from '../kit/scratch.ts';
import { portOf, proxyTo } from '../providers/servers.ts';

const tls = (name: string): string => fileURLToPath(new URL(`../providers/tls/${name}.pem`, import.meta.url));

/** The sandbox behind TLS of a private authority, as a company's gateway would stand before an API. */
async function gateway(): Promise<number> {
  const sandbox = await startSandbox({ seed: { teams: [{ slug: 'acme', id: 41, projects: [{ name: 'shop' }] }] } });
  onTestFinished(() => sandbox.close());
  const [key, cert] = await Promise.all([readFile(tls('named-key')), readFile(tls('named'))]);
  return portOf(
    createServer({ key, cert }, (request, response) => {
      const { method, url = '/', headers } = request;
      const onward = forward(`${sandbox.url}${url}`, { method, headers }, (reply) => {
        response.writeHead(reply.statusCode ?? 502, reply.headers);
        reply.pipe(response);
      });
      onward.on('error', () => response.destroy());
      request.pipe(onward);
    }),
  );
}

const ARGV = ['--api-url', 'https://api.converge.test'];

const DOCUMENT = 'version: 1\nteam: acme\nprojects:\n  - slug: shop\n    name: Acme Shop\n';

function plan(argv: readonly string[], env: Readonly<Record<string, string>>): Promise<Ran> {
  return inFolder({ 'convex.state.yaml': DOCUMENT }, (cwd) =>
    converge(['plan', '--format', 'json', ...argv], {
      cwd,
      env: { CONVEX_TEAM_ACCESS_TOKEN: 'sandbox-proxy', ...env },
    }),
  );
}

test('a plan is made through the proxy of the environment, with a private authority', async () => {
  const proxy = await proxyTo(await gateway());
  const { exit, stdout } = await plan([...ARGV, '--ca-file', tls('authority')], { HTTPS_PROXY: proxy.url });
  expect(exit).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ kind: 'plan', summary: { update: 1 } });
  expect(new Set(proxy.tunnels)).toEqual(new Set(['api.converge.test:443']));
});

test('without the authority nothing is sent, and the message says why', async () => {
  const proxy = await proxyTo(await gateway());
  const { exit, stdout } = await plan(ARGV, { HTTPS_PROXY: proxy.url });
  expect(exit).toBe(1);
  expect(stdout).toContain('api.converge.test has a certificate that is not trusted');
});

test('a file without a certificate is an error, not a host that nobody trusts', async () => {
  const { exit, stdout } = await plan([...ARGV, '--ca-file', 'convex.state.yaml'], {});
  expect(exit).toBe(1);
  expect(stdout).toContain('--ca-file convex.state.yaml holds no certificate');
});

test('what is no proxy is an error that names the variable and not its value', async () => {
  const { exit, stdout, stderr } = await plan(ARGV, { HTTPS_PROXY: 'socks5://user:proxy-secret@127.0.0.1:1080' });
  expect(exit).toBe(1);
  expect(stdout).toContain('HTTPS_PROXY of the environment is not the URL of an http or https proxy');
  expect(stdout + stderr).not.toContain('proxy-secret');
});

test('an API at a private address is refused before anything is sent', async () => {
  const { exit, stdout } = await plan(['--api-url', 'https://169.254.169.254'], {});
  expect(exit).toBe(1);
  expect(stdout).toContain('CVG603');
  expect(stdout).toContain('which is not public');
});
