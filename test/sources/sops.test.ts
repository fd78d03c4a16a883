import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, truncateSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { sourceId, type SourceRef } from '../../src/model/source.ts';
import { resolveSources } from '../../src/sources/resolve-sources.ts';
import { STAND_IN_PATH } from '../kit/sops-programs.ts';
import { outcome, resolve, SECRET, sourceOptions, WHERE } from './program-sources.ts';
import { tempTree, type TreeEntry } from './temp-tree.ts';

const env = { PATH: STAND_IN_PATH };

function fromSops(key: string, more: { path?: string; allowEmpty?: boolean; keepNewline?: boolean } = {}) {
  return { from: 'sops', path: 's.yaml', key, allowEmpty: false, keepNewline: false, where: WHERE, ...more } as const;
}

function sopsMap(more: { path?: string; optional?: boolean } = {}) {
  return { from: 'sops-map', path: 's.yaml', optional: false, allowEmpty: false, where: WHERE, ...more } as const;
}

/** A folder with the SOPS file `state/s.yaml` that holds this tree. */
function holding(tree: unknown, entries: Readonly<Record<string, TreeEntry>> = {}): string {
  return tempTree({ 'state/s.yaml': 'encrypted', 'state/s.yaml.decrypted.json': JSON.stringify(tree), ...entries });
}

describe('fromSops', () => {
  const tree = {
    a: { b: 'deep', 'tls.key': 'dotted', list: ['zero', { c: 'in a list' }], newline: 'v\n', empty: '', line: '\n' },
    'a.b': 'whole',
    'x.y': { z: 'split' },
    '': { '': 'nameless' },
    ['__proto__']: 'own',
  };

  test.each([
    ['a.list.0', 'zero'],
    ['a.list.1.c', 'in a list'],
    ['a.tls.key', 'dotted'],
    ['a.b', 'whole'],
    ['x.y.z', 'split'],
    ['__proto__', 'own'],
    ['a.newline', 'v'],
  ])('key %s', async (key, text) => {
    const cwd = tempTree({ 'state/s.yaml': '', 'state/s.yaml.decrypted.json': JSON.stringify(tree) });
    expect(await outcome(fromSops(key), { cwd, env })).toEqual({ text });
  });

  test('keepNewline keeps it, allowEmpty permits nothing', async () => {
    const cwd = holding(tree);
    expect(await outcome(fromSops('a.newline', { keepNewline: true }), { cwd, env })).toEqual({ text: 'v\n' });
    expect(await outcome(fromSops('a.empty', { allowEmpty: true }), { cwd, env })).toEqual({ text: '' });
    for (const key of ['a.empty', 'a.line']) {
      expect(await outcome(fromSops(key), { cwd, env })).toBe(`CVG402 fromSops s.yaml, key ${key}: the value is empty`);
    }
  });

  test.each([
    'b',
    'a.c',
    'a.b.c',
    'a.list.2',
    'a.list.-1',
    'a.list.01',
    'a.list.length',
    'constructor',
    'a.',
    '.a',
    'a..b',
  ])('key %s is not there', async (key) => {
    const cwd = holding(tree);
    expect(await outcome(fromSops(key), { cwd, env })).toBe(
      `CVG401 fromSops s.yaml, key ${key}: the file has no such key`,
    );
  });

  test.each([
    [{ k: 1 }, 'is a number: write it as text, with quotes'],
    [{ k: true }, 'is true or false: write it as text, with quotes'],
    [{ k: null }, 'is null: write "" for empty text'],
    [{ k: { [SECRET]: SECRET } }, 'is a map, and text is needed'],
    [{ k: [SECRET] }, 'is a list, and text is needed'],
    [{ k: `${SECRET}\0` }, 'holds a NUL byte'],
    [{ k: `${SECRET}\uD800` }, 'is not UTF-8 text'],
  ])('%j is no text', async (tree, why) => {
    expect(await outcome(fromSops('k'), { cwd: holding(tree), env })).toBe(
      `CVG404 fromSops s.yaml, key k: the value ${why}`,
    );
  });
});

describe('envFrom sops', () => {
  test('gives every name with its line in the file', async () => {
    const tree = { A: '1', B: 'two\n', C_3: ' x ' };
    const cwd = holding(tree, {
      'state/s.yaml': 'A: ENC[x]\n"B": ENC[y]\n# C_3: no\nC_3 : ENC[z]\nsops:\n  C_3: no\n',
    });
    expect(await outcome(sopsMap(), { cwd, env })).toEqual({ A: '1', B: 'two', C_3: ' x ' });
    expect(await resolve(sopsMap(), { cwd, env })).toMatchObject({
      values: [1, 2, 4].map((line) => ({ where: { file: 'state/s.yaml', line, column: 1 } })),
    });
  });

  test('of JSON and dotenv files too', async () => {
    const cwd = tempTree({
      'state/s.json': '{\n\t"A": "ENC[x]",\n\t"B": "ENC[y]"\n}',
      'state/s.json.decrypted.json': '{ "A": "1", "B": "2" }',
      'state/s.env': 'A=ENC[x]\nB=ENC[y]\n',
      'state/s.env.decrypted.json': '{ "A": "1", "B": "2" }',
    });
    const places = async (file: string) => {
      const resolved = await resolve(sopsMap({ path: file }), { cwd, env });
      return resolved.type === 'values' && resolved.values.map(({ where }) => [where.line, where.column]);
    };
    expect(await places('s.json')).toEqual([
      [2, 2],
      [3, 2],
    ]);
    expect(await places('s.env')).toEqual([
      [1, 1],
      [2, 1],
    ]);
  });

  test.each([
    [{ A: 'v', 'MY-VAR': SECRET }, 'CVG404 envFrom sops s.yaml: "MY-VAR" is not a valid name'],
    [{ '1A': SECRET }, 'CVG404 envFrom sops s.yaml: "1A" is not a valid name'],
    [{ '': SECRET }, 'CVG404 envFrom sops s.yaml: "" is not a valid name'],
    [{ 'a\u001B': SECRET }, String.raw`CVG404 envFrom sops s.yaml: "a\u001b" is not a valid name`],
    [{ A: { B: SECRET } }, 'CVG404 envFrom sops s.yaml: the value of A is a map, and text is needed'],
    [{ A: 5 }, 'CVG404 envFrom sops s.yaml: the value of A is a number: write it as text, with quotes'],
    [{ A: `${SECRET}\0` }, 'CVG404 envFrom sops s.yaml: the value of A holds a NUL byte'],
    [{ A: SECRET, B: '' }, 'CVG402 envFrom sops s.yaml: B has no value'],
    [{}, 'CVG402 envFrom sops s.yaml: the file holds no variable'],
    [[SECRET], 'CVG404 envFrom sops s.yaml: the file is no map of names and texts'],
    [SECRET, 'CVG404 envFrom sops s.yaml: the file is no map of names and texts'],
    [null, 'CVG404 envFrom sops s.yaml: the file is no map of names and texts'],
  ])('%j', async (tree, said) => {
    expect(await outcome(sopsMap(), { cwd: holding(tree), env })).toBe(said);
  });

  test('an invalid name is an error at its line, and the line that asks stands beside', async () => {
    const cwd = holding({ A: 'v', 'b-c': SECRET }, { 'state/s.yaml': 'A: ENC[x]\nb-c: ENC[y]\n' });
    expect(await resolve(sopsMap(), { cwd, env })).toMatchObject({
      diagnostic: { where: { file: 'state/s.yaml', line: 2, column: 1 }, also: WHERE },
    });
  });

  test('a missing file is empty when optional, and nothing is run for it', async () => {
    const cwd = tempTree({ 'state/main.yaml': '' });
    expect(await outcome(sopsMap({ optional: true }), { cwd, env: {} })).toEqual({});
    expect(await outcome(sopsMap(), { cwd, env })).toBe('CVG401 envFrom sops s.yaml: there is no such file');
    expect(await outcome(sopsMap({ optional: true }), { cwd: holding({}), env })).toEqual({});
  });
});

describe('the file', () => {
  const refs = (file: string): readonly SourceRef[] => [
    fromSops('a', { path: file }),
    sopsMap({ path: file, optional: true }),
  ];

  test.each([
    ['out of the root', '../outside/s.yaml', 'CVG403'],
    ['a link out of the root', 'link.yaml', 'CVG403'],
    ['a linked folder', 'folder/s.yaml', 'CVG403'],
    ['.git', '.git/s.yaml', 'CVG403'],
    ['a link into .git', 'config.yaml', 'CVG403'],
    ['/proc', '/proc/self/environ', 'CVG403'],
    ['a folder', 'dir', 'CVG401'],
    ['a pipe', 'pipe', 'CVG401'],
    ['a huge file', 'huge.yaml', 'CVG404'],
    ['a binary file', 'binary.yaml', 'CVG404'],
  ])('%s is refused before sops is run', async (_, file, code) => {
    const cwd = tempTree({
      'outside/s.yaml': SECRET,
      'state/link.yaml': { link: '../outside/s.yaml' },
      'state/folder': { link: '../outside' },
      'state/.git/s.yaml': SECRET,
      'state/config.yaml': { link: '.git/s.yaml' },
      'state/dir/keep': '',
      'state/huge.yaml': '',
      'state/binary.yaml': Buffer.from([0xff, 0]),
      'bin/sops': { script: 'touch "$(dirname "$0")/ran"; echo \'{"a":"v"}\'' },
    });
    truncateSync(path.join(cwd, 'state/huge.yaml'), 2 ** 40);
    execFileSync('mkfifo', [path.join(cwd, 'state/pipe')]);
    for (const ref of refs(file)) {
      const found = await outcome(ref, { cwd, env: { PATH: `${cwd}/bin:/usr/bin:/bin` } });
      expect(found).toMatch(new RegExp(`^${code} `));
    }
    expect(existsSync(path.join(cwd, 'bin/ran'))).toBe(false);
  });

  test('a mounted Kubernetes Secret is read with --allow-path, by the type of the name that is written', async () => {
    const script = 'printf \'{"a":"%s"}\' "$*"';
    const cwd = tempTree({
      'state/main.yaml': '',
      'secrets/..2026_01_01/s.yaml': 'x',
      'secrets/..data': { link: '..2026_01_01' },
      'secrets/s.yaml': { link: '..data/s.yaml' },
      'bin/sops': { script },
    });
    const options = { cwd, env: { PATH: `${cwd}/bin:/usr/bin:/bin` } };
    const ref = fromSops('a', { path: '../secrets/s.yaml' });
    expect(await outcome(ref, options)).toMatch(/^CVG403 /);
    expect(await outcome(ref, { ...options, allowPaths: ['secrets'] })).toEqual({
      text: `-d --input-type yaml --output-type json ${cwd}/secrets/..2026_01_01/s.yaml`,
    });
  });

  test('a name with spaces and metacharacters is one argument', async () => {
    const name = '$(touch made); -d "x".json';
    const cwd = tempTree({ [`state/${name}`]: '', [`state/${name}.decrypted.json`]: '{"a":"v"}' });
    expect(await outcome(fromSops('a', { path: name }), { cwd, env })).toEqual({ text: 'v' });
  });
});

describe('the program', () => {
  const withSops = (script: string): { readonly cwd: string; readonly env: { readonly PATH: string } } => {
    const cwd = tempTree({ 'state/s.yaml': 'x', 'bin/sops': { script } });
    return { cwd, env: { PATH: `${cwd}/bin:/usr/bin:/bin` } };
  };

  test('is not needed to be allowed, and where it is missing the message says so', async () => {
    const cwd = holding({ a: 'v' });
    expect(await outcome(fromSops('a'), { cwd, env, allowExec: false })).toEqual({ text: 'v' });
    expect(await resolve(fromSops('a'), { cwd, env: { PATH: `${cwd}/state` } })).toMatchObject({
      diagnostic: {
        code: 'CVG401',
        summary: 'fromSops s.yaml, key a: the program sops is not on the PATH',
        hint: 'Install it (https://getsops.io), or plan with --allow-unresolved where its keys are not at hand.',
        where: WHERE,
      },
    });
  });

  test('is not one that lies beside the document', async () => {
    const cwd = holding({ a: 'v' }, { 'state/sops': { script: 'echo \'{"a":"planted"}\'' } });
    expect(await outcome(fromSops('a'), { cwd, env: { PATH: '.::' } })).toBe(
      'CVG401 fromSops s.yaml, key a: the program sops is not on the PATH',
    );
  });

  test('sees what leads to keys, and no credential of the tool or the runner', async () => {
    const { cwd, env } = withSops(`printf '{"a":"'; env | sed 's/=.*//' | sort | tr '\\n' ' '; printf '"}'`);
    const denied = ['CONVEX_TEAM_ACCESS_TOKEN', 'CONVERGE_PLAN_KEY', 'GITHUB_TOKEN', 'ACTIONS_RUNTIME_TOKEN'];
    const keys = ['AWS_PROFILE', 'AZURE_TENANT_ID', 'GNUPGHOME', 'GOOGLE_APPLICATION_CREDENTIALS', 'HOME'];
    const more = ['SOPS_AGE_KEY', 'VAULT_TOKEN', 'https_proxy'];
    const given = Object.fromEntries([...denied, ...keys, ...more, 'STRIPE_KEY'].map((name) => [name, SECRET]));
    const found = await outcome(fromSops('a'), { cwd, env: { ...env, ...given }, allowEnv: ['*'] });
    const names = String((found as { text?: string }).text).split(' ');
    expect(names).toEqual(expect.arrayContaining([...keys, ...more]));
    for (const name of [...denied, 'STRIPE_KEY']) expect(names).not.toContain(name);
  });

  test.each([
    ['exit 128', 'CVG401 … sops ended with exit code 128: no key that it may use decrypts the file'],
    ['exit 51', 'CVG401 … sops ended with exit code 51: the file was changed without sops'],
    ['exit 52', 'CVG401 … sops ended with exit code 52: the file has no checksum'],
    ['exit 25', 'CVG401 … sops ended with exit code 25: a value cannot be decrypted'],
    ['exit 1', 'CVG401 … sops ended with exit code 1'],
    ['kill -KILL $$', 'CVG401 … sops was ended by SIGKILL'],
    ['exit 0', 'CVG404 … sops printed what is not JSON'],
    [`echo '{"a": ${SECRET}'`, 'CVG404 … sops printed what is not JSON'],
    [String.raw`printf '{"a":"\377"}'`, 'CVG404 … sops printed what is not JSON'],
    ['exec yes', 'CVG404 … the file holds more than 1048576 bytes, the most that is read'],
    ["head -c 1000000 /dev/zero | tr '\\0' '['", 'CVG404 … sops printed what is not JSON'],
  ])('%s', async (script, said) => {
    const { cwd, env } = withSops(`echo ${SECRET} >&2; ${script}`);
    expect(await outcome(fromSops('a'), { cwd, env })).toBe(said.replace('…', 'fromSops s.yaml, key a:'));
  });

  test('is killed after thirty seconds with all that it started', async () => {
    const { cwd, env } = withSops('( exec 3>held; echo > started; exec sleep 1000 ) &\nwait');
    for (const name of ['started', 'held']) execFileSync('mkfifo', [path.join(cwd, 'state', name)]);
    const gone = readFile(path.join(cwd, 'state/held'));
    const clock = {
      async sleep(ms: number) {
        expect(ms).toBe(30_000);
        await readFile(path.join(cwd, 'state/started'));
      },
    };
    expect(await outcome(fromSops('a'), { cwd, env, clock })).toBe(
      'CVG401 fromSops s.yaml, key a: sops had not ended after 30 seconds, and was killed',
    );
    await gone;
  });

  test('runs once for a file, however many keys and maps are taken from it', async () => {
    const { cwd, env } = withSops('echo run >> ran; echo \'{"A":"v","B":"w"}\'');
    const refs = [fromSops('A'), fromSops('B'), fromSops('B', { keepNewline: true }), sopsMap(), fromSops('C')];
    const resolution = await resolveSources(refs, sourceOptions({ cwd, env }));
    expect(refs.map((ref) => resolution.get(sourceId(ref))?.type)).toEqual([
      'value',
      'value',
      'value',
      'values',
      'unresolved',
    ]);
    expect(readFileSync(path.join(cwd, 'state/ran'), 'utf8')).toBe('run\n');
  });
});
