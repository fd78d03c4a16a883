import { execFile, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { examplesOf } from './kit/doc-examples.ts';

/** What a user gets: the tarball that npm would publish, installed into a folder that knows nothing of this one. */

const root = path.resolve(import.meta.dirname, '..');
const version = (JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string }).version;
const scratch = realpathSync(mkdtempSync(path.join(tmpdir(), 'converge-pack-')));
const project = path.join(scratch, 'project');
const command = path.join(project, 'node_modules/.bin/converge');

/** How npm reaches its registry on this machine; nothing else of the environment is passed on. */
const PASSED_ON =
  /^(?:home|https?_proxy|no_proxy|node_extra_ca_certs|npm_config_(?:registry|cache|userconfig|cafile))$/i;

/** The Node that runs the tests comes first. */
const env: Readonly<Record<string, string | undefined>> = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => PASSED_ON.test(name))),
  PATH: [path.dirname(process.execPath), process.env['PATH']].join(path.delimiter),
};

interface Ran {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string; readonly mode: number }[];
}

const packing: { packed: Packed | null } = { packed: null };

beforeAll(async () => {
  const packed = await npm(['pack', '--json', '--pack-destination', scratch], root);
  packing.packed = readPacked(packed.stdout);
  mkdirSync(project);
  writeFileSync(path.join(project, 'package.json'), '{ "private": true, "type": "module" }');
  const tarball = path.join(scratch, packing.packed.filename);
  const flags = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'];
  await npm(['install', ...flags, tarball], project);
}, 120_000);

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe('the published package', () => {
  test('holds what is meant for users, and nothing else', () => {
    const files = packing.packed?.files.map((file) => file.path) ?? [];
    const meant =
      /^(?:dist\/.+\.(?:js|d\.ts)(?:\.map)?|dist\/page\/(?:page|palette|report\/report)\.(?:css|html)|dist\/report\/diagnostic-help\.json|(?:deploy|schema|docs|examples)\/.+|README\.md|CHANGELOG\.md|SECURITY\.md|LICENSE|package\.json)$/;
    expect(files.filter((file) => !meant.test(file))).toEqual([]);
    for (const file of ['dist/cli/main.js', 'dist/index.js', 'schema/convex.state.schema.json', 'LICENSE']) {
      expect(files).toContain(file);
    }
  });

  test('prints its version', async () => {
    expect(await converge(['--version'])).toEqual({ exit: 0, stdout: `${version}\n`, stderr: '' });
  });

  test('prints the schema that it also ships', async () => {
    const { exit, stdout } = await converge(['schema']);
    const shipped = path.join(project, 'node_modules/convex-converge/schema/convex.state.schema.json');
    expect(exit).toBe(0);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(readFileSync(shipped, 'utf8')));
  });

  test('serves its page', async () => {
    const text = [
      "const { readPageShell } = await import('./node_modules/convex-converge/dist/daemon/page-shell.js');",
      'const { html, policy } = await readPageShell();',
      "console.log(html.includes('const $main = '), policy.split(';')[0]);",
    ].join('\n');
    const ran = await run(process.execPath, ['--input-type=module', '-e', text], { cwd: project });
    expect(ran).toEqual({ exit: 0, stdout: "true default-src 'none'\n", stderr: '' });
  });

  test('draws its reports', async () => {
    const { exit, stdout } = await converge(['show', 'nowhere.json', '--report', 'html=errors.html']);
    expect([exit, stdout]).toEqual([1, '']);
    const text = readFileSync(path.join(project, 'errors.html'), 'utf8');
    expect(text).toContain('plan file nowhere.json cannot be read');
    expect(text).toContain('--stalled:');
  });

  test('is a library too', async () => {
    const text =
      "import * as converge from 'convex-converge'; console.log(typeof converge.plan, typeof converge.apply)";
    const ran = await run(process.execPath, ['--input-type=module', '-e', text], { cwd: project });
    expect(ran).toMatchObject({ exit: 0, stdout: 'function function\n' });
  });

  test('applies a state to its own sandbox, and then has nothing to do', async () => {
    writeFileSync(
      path.join(project, 'convex.state.yaml'),
      [
        'version: 1',
        'team: acme',
        'projects:',
        '  - slug: shop',
        '    deployments:',
        '      - { reference: production, type: prod, default: true, env: { GREETING: hello } }',
        '',
      ].join('\n'),
    );
    writeFileSync(path.join(project, 'seed.yaml'), 'teams: [{ slug: acme }]\n');
    const url = await sandbox(['--port', '0', '--seed', 'seed.yaml']);
    const on = ['--api-url', url];
    expect(await converge(['plan', '--detailed-exitcode', ...on])).toMatchObject({ exit: 2 });
    expect(await converge(['apply', '--auto-approve', ...on])).toMatchObject({ exit: 0 });
    expect(await converge(['plan', '--detailed-exitcode', ...on])).toMatchObject({ exit: 0 });
  });

  test('serves as a library: the examples of the docs are free of type errors and do what they say', async () => {
    const examples = examplesOf(readFileSync(path.join(root, 'docs/library.md'), 'utf8'));
    examples.forEach((code, index) => writeFileSync(path.join(project, `example-${String(index + 1)}.ts`), code));
    writeFileSync(path.join(project, 'token'), 'sandbox-token');
    // Node does not run TypeScript below node_modules.
    const example = path.join(project, 'own-kind');
    cpSync(path.join(project, 'node_modules/convex-converge/examples/own-kind'), example, { recursive: true });
    expect(await typeCheck(['*.ts'])).toMatchObject({ stdout: '', exit: 0 });
    const ofOwnKind = await typeCheck(['own-kind/**/*.ts'], { allowImportingTsExtensions: true });
    expect(ofOwnKind).toMatchObject({ stdout: '', exit: 0 });

    const url = await sandbox(['--port', '0', '--seed', 'seed.yaml']);
    const own = { CONVEX_TEAM_ACCESS_TOKEN: 'sandbox-token', CONVEX_PROVISION_HOST: url };
    const ran: Ran[] = [];
    for (const index of examples.keys())
      ran.push(await run(process.execPath, [`example-${String(index + 1)}.ts`], { cwd: project, env: own }));
    expect(ran).toEqual([
      { exit: 0, stdout: expect.stringContaining('create project:shop\n'), stderr: '' },
      { exit: 0, stdout: expect.stringContaining('converged: true\n'), stderr: '' },
      { exit: 0, stdout: 'acme 0 things have drifted\n', stderr: '' },
    ]);

    const tested = await run(process.execPath, ['--test', 'test/log-stream.test.ts'], { cwd: example });
    expect(tested.exit, `${tested.stdout}${tested.stderr}`).toBe(0);
    expect(tested.stdout).toContain('pass 5');
  });
});

/** With the compiler of this repository, as strict as it gets, the declarations of the package included. */
function typeCheck(include: readonly string[], further: object = {}): Promise<Ran> {
  const compilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    erasableSyntaxOnly: true,
    skipLibCheck: false,
    module: 'nodenext',
    target: 'es2025',
    lib: ['es2025', 'esnext.disposable'],
    noEmit: true,
    types: ['node'],
    typeRoots: [path.join(root, 'node_modules/@types')],
    ...further,
  };
  writeFileSync(path.join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, include }));
  return run(process.execPath, [path.join(root, 'node_modules/typescript/bin/tsc'), '-p', project], { cwd: project });
}

async function npm(args: readonly string[], cwd: string): Promise<Ran> {
  const ran = await run('npm', args, { cwd });
  if (ran.exit !== 0) throw new Error(`npm ${args[0]} failed:\n${ran.stdout}\n${ran.stderr}`);
  return ran;
}

function converge(args: readonly string[]): Promise<Ran> {
  return run(command, args, { cwd: project, env: { CONVEX_TEAM_ACCESS_TOKEN: 'sandbox-token' } });
}

/** Starts `converge sandbox`, gives its base URL, ends it with the test. */
async function sandbox(args: readonly string[]): Promise<string> {
  const child = spawn(command, ['sandbox', ...args], { cwd: project, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  onTestFinished(async () => {
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });
  for await (const line of createInterface({ input: child.stdout })) return line;
  throw new Error('the sandbox ended without a URL');
}

function run(
  file: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(file, args, { cwd: options.cwd, env: { ...env, ...options.env } }, (error, stdout, stderr) => {
      const exit = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      resolve({ exit, stdout, stderr });
    });
  });
}

/** `prepack` may print before the JSON. npm gives a list, newer ones an object by name. */
function readPacked(stdout: string): Packed {
  const json = JSON.parse(stdout.slice(stdout.search(/^[[{]/m))) as
    | readonly Packed[]
    | Readonly<Record<string, Packed>>;
  const [packed] = Object.values(json);
  if (packed === undefined) throw new Error('npm packed nothing');
  return packed;
}
