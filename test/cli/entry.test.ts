import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli, startCli } from './support/spawn-cli.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'converge-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('the entry is the program', async () => {
  expect(await runCli(['--version'])).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    stderr: '',
  });
  expect((await runCli(['plam'])).code).toBe(64);
});

describe('the Node guard', () => {
  test('an old Node is told what to do', async () => {
    const pretend = 'data:text/javascript,Object.defineProperty(process.versions,"node",{value:"20.20.2"})';
    const { code, stdout, stderr } = await runCli(['--version'], { nodeArgs: ['--import', pretend] });
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^converge needs Node 24 or newer, and this is Node 20\.20\.2: [^\n]+\n$/);
  });

  test('the entry imports nothing that an old Node does not have', async () => {
    const source = await readFile(new URL('../../src/cli/main.ts', import.meta.url), 'utf8');
    expect(source.match(/^import .*$/gm)).toEqual([
      "import module from 'node:module';",
      "import process from 'node:process';",
    ]);
  });
});

describe('schemas', () => {
  test.each(['state', 'plan', 'apply', 'error'])('--kind %s', async (kind) => {
    const { code, stdout, stderr } = await runCli(['schema', '--kind', kind]);
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema' });
  });

  test('the state document is the default', async () => {
    expect((await runCli(['schema'])).stdout).toBe((await runCli(['schema', '--kind', 'state'])).stdout);
  });
});

describe('sandbox', () => {
  test('prints one line once it listens, and ends well on SIGTERM', async () => {
    const { child, firstLine, result } = startCli(['sandbox', '--latency', '1']);
    const url = await firstLine;
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const reply = await fetch(`${url}/v1/token_details`, { headers: { authorization: 'Bearer sandbox-x' } });
    expect(reply.status).toBe(200);
    child.kill('SIGTERM');
    expect(await result).toEqual({ code: 0, stdout: `${url}\n`, stderr: '' });
  });

  test('a port that is taken and a seed that is wrong are errors', async () => {
    const first = startCli(['sandbox']);
    const port = new URL(await first.firstLine).port;
    const second = await runCli(['sandbox', '--port', port]);
    expect(second).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('cannot start') });
    first.child.kill('SIGINT');
    expect((await first.result).code).toBe(0);
    expect(await runCli(['sandbox', '--seed', path.join(folder, 'none.yaml')])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('none.yaml'),
    });
  });
});

describe('what a start loads', () => {
  /** Writes the URL of every module that is loaded to stderr. */
  const tracer = `data:text/javascript,${encodeURIComponent(
    `import { registerHooks } from 'node:module';
     registerHooks({ load(url, context, next) { process.stderr.write(url + '\\n'); return next(url, context); } });`,
  )}`;

  test.each([
    [['--version']],
    [['plan', '--help']],
    [['validate', '-f', 'examples/none.yaml']],
    [['schema']],
    [['plan', '--rate', 'x']],
  ])('%j starts without the network, the log and the display', async (argv) => {
    const { stderr } = await runCli(argv, { nodeArgs: ['--import', tracer] });
    expect(stderr).toContain('/commander/');
    expect(stderr).not.toMatch(/node_modules\/(?:undici|pino|listr2)\//);
  });
});
