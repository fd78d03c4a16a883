import { execFileSync } from 'node:child_process';
import { createServer } from 'node:net';
import { truncateSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/compose/machine.ts';
import { reveal } from '../../src/model/secret.ts';
import { sourceId, type Resolved, type SourceRef } from '../../src/model/source.ts';
import { resolveSources, type SourceOptions } from '../../src/sources/resolve-sources.ts';
import { tempTree } from './temp-tree.ts';

const SECRET = 'hunter2-very-secret';
const NO_EXEC = { allowExec: false, clock: systemClock };
const WHERE = { file: 'state/main.yaml', line: 3, column: 7 };

function fromEnv(name: string, allowEmpty = false): SourceRef {
  return { from: 'env', name, allowEmpty, where: WHERE };
}

function fromFile(file: string, more: { allowEmpty?: boolean; keepNewline?: boolean } = {}): SourceRef {
  return { from: 'file', path: file, allowEmpty: false, keepNewline: false, where: WHERE, ...more };
}

function fromDotenv(file: string, more: { allowEmpty?: boolean; optional?: boolean } = {}): SourceRef {
  return { from: 'dotenv', path: file, allowEmpty: false, optional: false, where: WHERE, ...more };
}

/** One source, resolved for a state file `state/main.yaml` that came through `-f state`. */
async function resolve(ref: SourceRef, options: Partial<SourceOptions> = {}): Promise<Resolved> {
  const cwd = options.cwd ?? '/';
  const resolution = await resolveSources([ref], {
    env: {},
    cwd,
    roots: new Map([[WHERE.file, path.join(cwd, 'state')]]),
    allowPaths: [],
    allowEnv: null,
    ...NO_EXEC,
    ...options,
  });
  const resolved = resolution.get(sourceId(ref));
  if (resolved === undefined) throw new Error('not resolved');
  return resolved;
}

/** The text, or the code of the diagnostic; fails when a message holds the secret. */
async function outcome(ref: SourceRef, options: Partial<SourceOptions> = {}): Promise<unknown> {
  const resolved = await resolve(ref, options);
  expect(JSON.stringify(resolved)).not.toContain(SECRET);
  switch (resolved.type) {
    case 'value':
      return { text: reveal(resolved.value) };
    case 'values':
      return Object.fromEntries(resolved.values.map(({ name, value }) => [name, reveal(value)]));
    case 'unresolved':
      return resolved.diagnostic.code;
    default:
      return resolved satisfies never;
  }
}

describe('fromEnv', () => {
  test.each([
    ['value', { text: 'value' }],
    ['one\n', { text: 'one' }],
    ['two\n\n', { text: 'two\n' }],
    ['crlf\r\n', { text: 'crlf' }],
    ['cr\r', { text: 'cr\r' }],
    [' spaced ', { text: ' spaced ' }],
    ['', 'CVG402'],
    ['\n', 'CVG402'],
    [undefined, 'CVG401'],
    [`${SECRET}\0`, 'CVG404'],
    [`${SECRET}\uFFFD`, 'CVG404'],
    [`${SECRET}\uD800`, 'CVG404'],
  ])('%j gives %j', async (value, expected) => {
    expect(await outcome(fromEnv('NAME'), { env: { NAME: value } })).toEqual(expected);
  });

  test('empty is accepted where the document says so, unset is not', async () => {
    expect(await outcome(fromEnv('NAME', true), { env: { NAME: '' } })).toEqual({ text: '' });
    expect(await outcome(fromEnv('NAME', true), { env: {} })).toBe('CVG401');
  });

  test.each(['toString', 'constructor', '__proto__'])('%s of the object is not a variable', async (name) => {
    expect(await outcome(fromEnv(name), { env: {} })).toBe('CVG401');
  });

  test.each([
    'CONVEX_TEAM_ACCESS_TOKEN',
    'CONVEX_DEPLOY_KEY',
    'CONVEX_TOKEN',
    'CONVEX_SELF_HOSTED_ADMIN_KEY',
    'CONVERGE_PLAN_KEY',
    'CONVERGE_',
    'GITHUB_TOKEN',
    'ACTIONS_RUNTIME_TOKEN',
    'ACTIONS_ID_TOKEN_REQUEST_URL',
    'convex_team_access_token',
    'Github_Token',
  ])('%s is refused, set or not, the same way', async (name) => {
    const set = await resolve(fromEnv(name), { env: { [name]: SECRET } });
    expect(await outcome(fromEnv(name), { env: { [name]: SECRET } })).toBe('CVG403');
    expect(await resolve(fromEnv(name), { env: {} })).toEqual(set);
  });

  test.each(['CONVEX_URL', 'MY_GITHUB_TOKEN', 'STRIPE_KEY', 'XACTIONS_A'])('%s may be read', async (name) => {
    expect(await outcome(fromEnv(name), { env: { [name]: 'v' } })).toEqual({ text: 'v' });
  });

  test('--allow-env, once given, is the only list', async () => {
    const env = { STRIPE_KEY: 'v', CONVEX_DEPLOY_KEY: 'k', OTHER: SECRET };
    const allowEnv = ['STRIPE_*', 'CONVEX_DEPLOY_KEY'];
    expect(await outcome(fromEnv('STRIPE_KEY'), { env, allowEnv })).toEqual({ text: 'v' });
    expect(await outcome(fromEnv('CONVEX_DEPLOY_KEY'), { env, allowEnv })).toEqual({ text: 'k' });
    expect(await outcome(fromEnv('OTHER'), { env, allowEnv })).toBe('CVG403');
    expect(await outcome(fromEnv('STRIPE_KEY'), { env, allowEnv: [] })).toBe('CVG403');
  });

  test('the diagnostic stands at the line that asks, and says what to do', async () => {
    expect(await resolve(fromEnv('STRIPE_KEY'))).toEqual({
      type: 'unresolved',
      diagnostic: {
        severity: 'error',
        code: 'CVG401',
        summary: 'fromEnv STRIPE_KEY: the environment variable STRIPE_KEY is not set',
        hint: 'Set STRIPE_KEY where this command runs.',
        where: WHERE,
      },
    });
  });
});

describe('fromFile contents', () => {
  test.each([
    ['plain', 'plain'],
    ['lf\n', 'lf'],
    ['crlf\r\n', 'crlf'],
    ['two\n\n', 'two\n'],
    ['\uFEFFmark', '\uFEFFmark'],
    ['ünï\u{1F600}', 'ünï\u{1F600}'],
  ])('%j gives %j', async (content, text) => {
    const cwd = tempTree({ 'state/value': content });
    expect(await outcome(fromFile('value'), { cwd })).toEqual({ text });
  });

  test('keepNewline keeps it', async () => {
    const cwd = tempTree({ 'state/value': 'v\r\n', 'state/newline': '\n' });
    expect(await outcome(fromFile('value', { keepNewline: true }), { cwd })).toEqual({ text: 'v\r\n' });
    expect(await outcome(fromFile('newline', { keepNewline: true }), { cwd })).toEqual({ text: '\n' });
    expect(await outcome(fromFile('newline'), { cwd })).toBe('CVG402');
  });

  test('empty needs allowEmpty', async () => {
    const cwd = tempTree({ 'state/value': '' });
    expect(await outcome(fromFile('value'), { cwd })).toBe('CVG402');
    expect(await outcome(fromFile('value', { allowEmpty: true }), { cwd })).toEqual({ text: '' });
  });

  test.each([
    ['a NUL byte', Buffer.from(`${SECRET}\0`)],
    ['invalid UTF-8', Buffer.concat([Buffer.from(SECRET), Buffer.from([0xc3, 0x28])])],
    ['UTF-16', Buffer.from(`\uFEFF${SECRET}`, 'utf16le')],
    ['an overlong form', Buffer.from([0xc0, 0xaf])],
    ['a surrogate', Buffer.from([0xed, 0xa0, 0x80])],
    ['more than 64 KiB', Buffer.alloc(64 * 1024 + 1, 'x')],
  ])('%s is CVG404', async (_, content) => {
    const cwd = tempTree({ 'state/value': content });
    expect(await outcome(fromFile('value'), { cwd })).toBe('CVG404');
  });

  test('64 KiB are read, a terabyte of holes is not', async () => {
    const cwd = tempTree({ 'state/value': 'x'.repeat(64 * 1024), 'state/huge': '' });
    truncateSync(path.join(cwd, 'state/huge'), 2 ** 40);
    expect(await outcome(fromFile('value'), { cwd })).toEqual({ text: 'x'.repeat(64 * 1024) });
    expect(await outcome(fromFile('huge'), { cwd })).toBe('CVG404');
  });
});

describe('paths', () => {
  test('are relative to the file that says them, and may go up within the -f folder', async () => {
    const cwd = tempTree({ 'state/sub/own': 'own', 'state/shared': 'shared' });
    const where = { file: 'state/sub/main.yaml', line: 1, column: 1 };
    const options = { cwd, roots: new Map([[where.file, path.join(cwd, 'state')]]) };
    expect(await outcome({ ...fromFile('own'), where }, options)).toEqual({ text: 'own' });
    expect(await outcome({ ...fromFile('../shared'), where }, options)).toEqual({ text: 'shared' });
    expect(await outcome({ ...fromFile(path.join(cwd, 'state/shared')), where }, options)).toEqual({ text: 'shared' });
  });

  test.each([
    ['a path with ..', '../outside/secret'],
    ['an absolute path', null],
    ['a detour', 'sub/../../outside/secret'],
    ['a link to a file', 'link'],
    ['a link to a folder', 'folder/secret'],
    ['a chain of links', 'chain'],
    ['a folder whose name begins the same', '../state-2/secret'],
    ['a missing file', '../outside/missing'],
    ['a missing file behind a link', 'folder/missing'],
    ['/proc', '/proc/self/environ'],
    ['a link to /proc', 'environ'],
    ['a device', '/dev/zero'],
  ])('%s that leads out is CVG403', async (_, written) => {
    const cwd = tempTree({
      'outside/secret': SECRET,
      'state-2/secret': SECRET,
      'state/sub/keep': '',
      'state/link': { link: '../outside/secret' },
      'state/folder': { link: '../outside' },
      'state/chain': { link: 'link' },
      'state/environ': { link: '/proc/self/environ' },
    });
    const file = written ?? path.join(cwd, 'outside/secret');
    expect(await outcome(fromFile(file), { cwd })).toBe('CVG403');
    expect(await outcome(fromDotenv(file, { optional: true }), { cwd })).toBe('CVG403');
  });

  test('.git is refused in every spelling, inside an allowed folder too', async () => {
    const cwd = tempTree({
      'state/.git/config': SECRET,
      'state/config': { link: '.git/config' },
      'state/folder': { link: '.git' },
      'other/.GIT/config': SECRET,
    });
    const options = { cwd, allowPaths: ['/', 'state/.git'] };
    for (const file of ['.git/config', 'config', 'folder/config', '../other/.GIT/config', '.git/missing']) {
      expect(await outcome(fromFile(file), options)).toBe('CVG403');
    }
  });

  test('/proc and /sys are refused even where everything is allowed', async () => {
    const options = { cwd: tempTree({ 'state/e': { link: '/proc/self/environ' } }), allowPaths: ['/'] };
    for (const file of ['/proc/self/environ', 'e', '/sys/kernel/notes']) {
      expect(await outcome(fromFile(file), options)).toBe('CVG403');
    }
  });

  test('a mounted Kubernetes Secret is read with --allow-path, and only with it', async () => {
    const cwd = tempTree({
      'state/main.yaml': '',
      'secrets/..2026_01_01/STRIPE_KEY': 'sk\n',
      'secrets/..data': { link: '..2026_01_01' },
      'secrets/STRIPE_KEY': { link: '..data/STRIPE_KEY' },
    });
    expect(await outcome(fromFile('../secrets/STRIPE_KEY'), { cwd })).toBe('CVG403');
    for (const allowed of ['secrets', path.join(cwd, 'secrets')]) {
      const options = { cwd, allowPaths: [allowed] };
      expect(await outcome(fromFile('../secrets/STRIPE_KEY'), options)).toEqual({ text: 'sk' });
    }
    expect(await outcome(fromFile('../secrets/STRIPE_KEY'), { cwd, allowPaths: ['nowhere'] })).toBe('CVG403');
  });

  test('an -f folder that is itself a link allows what it leads to', async () => {
    const cwd = tempTree({ 'real/value': 'v', state: { link: 'real' } });
    expect(await outcome(fromFile('value'), { cwd })).toEqual({ text: 'v' });
  });

  test('without a known root, only the folder of the state file may be read', async () => {
    const cwd = tempTree({ 'state/value': 'v', other: SECRET });
    expect(await outcome(fromFile('value'), { cwd, roots: new Map() })).toEqual({ text: 'v' });
    expect(await outcome(fromFile('../other'), { cwd, roots: new Map() })).toBe('CVG403');
  });

  test('what is not a regular file is refused without waiting', async () => {
    const cwd = tempTree({ 'state/folder/keep': '', 'state/ring': { link: 'ring' } });
    execFileSync('mkfifo', [path.join(cwd, 'state/pipe')]);
    const server = createServer().listen(path.join(cwd, 'state/socket'));
    onTestFinished(() => void server.close());
    await new Promise((listening) => server.once('listening', listening));
    for (const file of ['pipe', 'socket', 'folder', '.', '', 'ring', 'a\0b', 'x'.repeat(5000)]) {
      expect(await outcome(fromFile(file), { cwd })).toBe('CVG401');
      expect(await outcome(fromDotenv(file, { optional: true }), { cwd })).toBe('CVG401');
    }
    expect(await outcome(fromFile('/dev/zero'), { cwd, allowPaths: ['/dev'] })).toBe('CVG401');
  });

  test('a missing file says where its path starts', async () => {
    const cwd = tempTree({ 'state/main.yaml': '' });
    const resolved = await resolve(fromFile('value'), { cwd });
    expect(resolved).toMatchObject({
      diagnostic: { code: 'CVG401', where: WHERE, hint: 'The path is relative to the folder of state/main.yaml.' },
    });
  });
});

describe('dotenv', () => {
  test('gives every variable with its line; the last of a name wins; nothing is interpolated', async () => {
    const cwd = tempTree({ 'state/.env': '# head\nA=1\nB="two\\nlines"\nC=$A ${A}\nexport A=3 # again\nD=\'x\ny\'\n' });
    const resolved = await resolve(fromDotenv('.env'), { cwd });
    expect(await outcome(fromDotenv('.env'), { cwd })).toEqual({ A: '3', B: 'two\nlines', C: '$A ${A}', D: 'x\ny' });
    expect(resolved.type === 'values' && resolved.values.map(({ name, where }) => [name, where.line])).toEqual([
      ['A', 5],
      ['B', 3],
      ['C', 4],
      ['D', 6],
    ]);
    expect(resolved).toMatchObject({ values: [{ where: { file: 'state/.env', column: 8 } }, {}, {}, {}] });
  });

  test('a missing one is empty when optional, else an error', async () => {
    const cwd = tempTree({ 'state/main.yaml': '' });
    expect(await outcome(fromDotenv('.env', { optional: true }), { cwd })).toEqual({});
    expect(await outcome(fromDotenv('.env'), { cwd })).toBe('CVG401');
  });

  test.each([
    ['MY-VAR', `A=1\nMY-VAR=${SECRET}\n`, 2],
    ['my.var', `my.var=${SECRET}`, 1],
    ['a digit first', `A=1\n\n1A=${SECRET}`, 3],
    ['a space', `A=1\nMY VAR=${SECRET}`, 2],
    ['a letter beyond ASCII', `ÜB=${SECRET}`, 1],
    ['nothing before =', `=${SECRET}`, 1],
    ['no =', SECRET, 1],
    ['lines of a value without quotes', `KEY=-----BEGIN\n${SECRET}\n${SECRET}==\n`, 2],
    ['a name that objects have', `__proto__=${SECRET}`, 1],
  ])('%s is an error at its line, without the text', async (_, content, line) => {
    const cwd = tempTree({ 'state/.env': content });
    expect(await outcome(fromDotenv('.env'), { cwd })).toBe('CVG404');
    expect(await resolve(fromDotenv('.env'), { cwd })).toMatchObject({
      diagnostic: { where: { file: 'state/.env', line }, also: WHERE },
    });
  });

  test('every invalid line is named', async () => {
    const cwd = tempTree({ 'state/.env': 'a b=1\nOK=1\n2c=1\n-=2\n' });
    const resolved = await resolve(fromDotenv('.env'), { cwd });
    expect(resolved.type === 'unresolved' && resolved.diagnostic.summary).toBe(
      'envFrom file .env: lines 1, 3 and 4: NAME=value with a valid name was expected',
    );
  });

  test('an empty variable and an empty file are errors unless allowed', async () => {
    const cwd = tempTree({ 'state/one.env': 'A=1\nB=\n', 'state/none.env': '# nothing\n' });
    expect(await outcome(fromDotenv('one.env'), { cwd })).toBe('CVG402');
    expect(await outcome(fromDotenv('one.env', { allowEmpty: true }), { cwd })).toEqual({ A: '1', B: '' });
    expect(await outcome(fromDotenv('none.env'), { cwd })).toBe('CVG402');
    expect(await outcome(fromDotenv('none.env', { allowEmpty: true }), { cwd })).toEqual({});
    expect(await outcome(fromDotenv('none.env', { optional: true }), { cwd })).toEqual({});
  });

  test('names that objects have are variables like others', async () => {
    const cwd = tempTree({ 'state/.env': 'constructor=a\ntoString=b\n' });
    expect(await outcome(fromDotenv('.env'), { cwd })).toEqual({ constructor: 'a', toString: 'b' });
  });

  test('a byte order mark and CRLF change nothing', async () => {
    const cwd = tempTree({ 'state/.env': '\uFEFFA=1\r\nB=2\r\n' });
    expect(await outcome(fromDotenv('.env'), { cwd })).toEqual({ A: '1', B: '2' });
  });

  test('NUL, invalid UTF-8 and more than 1 MiB are CVG404', async () => {
    const cwd = tempTree({
      'state/nul.env': `A=${SECRET}\0`,
      'state/utf8.env': Buffer.from([0x41, 0x3d, 0xff]),
      'state/huge.env': `A=${'x'.repeat(1024 * 1024)}`,
    });
    for (const file of ['nul.env', 'utf8.env', 'huge.env']) {
      expect(await outcome(fromDotenv(file), { cwd })).toBe('CVG404');
    }
  });
});

describe('resolveSources', () => {
  test('resolves what is asked for twice once, and reports it at the first place', async () => {
    const later = { ...fromEnv('MISSING'), where: { ...WHERE, line: 9 } };
    const resolution = await resolveSources([later, fromEnv('MISSING')], {
      env: {},
      cwd: '/',
      roots: new Map(),
      allowPaths: [],
      allowEnv: null,
      ...NO_EXEC,
    });
    expect([...resolution.values()]).toMatchObject([{ diagnostic: { where: WHERE } }]);
  });

  test('one failure does not hide another', async () => {
    const cwd = tempTree({ 'state/main.yaml': '' });
    const refs = [fromEnv('A'), fromEnv('B'), fromFile('c'), fromDotenv('d')];
    const options = { env: { B: '' }, cwd, roots: new Map(), allowPaths: [], allowEnv: null, ...NO_EXEC };
    const resolution = await resolveSources(refs, options);
    expect([...resolution.values()].map((resolved) => resolved.type)).toEqual(
      Array.from({ length: 4 }, () => 'unresolved'),
    );
  });

  test('the same path in two folders is two sources', async () => {
    const cwd = tempTree({ 'a/v': 'a', 'b/v': 'b' });
    const refs = ['a', 'b'].map((folder) => ({ ...fromFile('v'), where: { ...WHERE, file: `${folder}/s.yaml` } }));
    const options = { env: {}, cwd, roots: new Map(), allowPaths: [], allowEnv: null, ...NO_EXEC };
    const resolution = await resolveSources(refs, options);
    expect(refs.map((ref) => resolution.get(sourceId(ref)))).toMatchObject([{ type: 'value' }, { type: 'value' }]);
    expect(resolution.size).toBe(2);
  });
});
