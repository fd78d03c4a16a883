import { execFileSync } from 'node:child_process';
import { truncateSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readStateFiles } from '../../src/sources/state-files.ts';
import { tempTree } from './temp-tree.ts';

async function read(args: readonly string[], cwd: string, maxBytes = 1024) {
  const { files, diagnostics } = await readStateFiles(args, { cwd, maxBytes });
  return {
    paths: files.map((file) => file.path),
    texts: files.map((file) => Buffer.from(file.bytes).toString()),
    roots: files.map((file) => file.root),
    codes: diagnostics.map((diagnostic) => diagnostic.code),
    diagnostics,
  };
}

describe('what an -f argument names', () => {
  test('a file, relative or absolute, shown relative to cwd', async () => {
    const cwd = tempTree({ 'a.yaml': 'a', 'sub/b.json': 'b' });
    const result = await read(['a.yaml', path.join(cwd, 'sub/b.json')], cwd);
    expect(result).toMatchObject({ paths: ['a.yaml', 'sub/b.json'], texts: ['a', 'b'], diagnostics: [] });
    expect(result.roots).toEqual([cwd, path.join(cwd, 'sub')]);
  });

  test('a folder: .yaml and .yml in it and in its folders, sorted, hidden ones skipped', async () => {
    const cwd = tempTree({
      'state/b.yml': 'b',
      'state/a.yaml': 'a',
      'state/sub/c.yaml': 'c',
      'state/.hidden.yaml': '',
      'state/.hidden/d.yaml': '',
      'state/notes.txt': '',
      'state/e.yaml.bak': '',
    });
    const result = await read(['state'], cwd);
    expect(result.paths).toEqual(['state/a.yaml', 'state/b.yml', 'state/sub/c.yaml']);
    expect(result.roots).toEqual(Array.from({ length: 3 }, () => path.join(cwd, 'state')));
    expect(result.codes).toEqual([]);
  });

  test('names are sorted by code point, not by UTF-16 unit', async () => {
    const cwd = tempTree({ 's/\u{1F600}.yaml': '', 's/\uFF5E.yaml': '' });
    expect((await read(['s'], cwd)).paths).toEqual(['s/\uFF5E.yaml', 's/\u{1F600}.yaml']);
  });

  test('a glob, with the folder before its first wildcard as root', async () => {
    const cwd = tempTree({ 'envs/eu/s.yaml': 'eu', 'envs/us/s.yaml': 'us', 'envs/.old/s.yaml': 'old' });
    const result = await read(['envs/*/s.yaml'], cwd);
    expect(result.paths).toEqual(['envs/eu/s.yaml', 'envs/us/s.yaml']);
    expect(new Set(result.roots)).toEqual(new Set([path.join(cwd, 'envs')]));
  });

  test('a glob that matches folders reads them as folders', async () => {
    const cwd = tempTree({ 'envs/eu/s.yaml': 'eu', 'envs/eu/notes.txt': '' });
    expect((await read(['envs/*'], cwd)).paths).toEqual(['envs/eu/s.yaml']);
  });

  test('a file whose name has wildcard characters is that file', async () => {
    const cwd = tempTree({ '[prod].yaml': 'prod', 'p.yaml': 'p' });
    expect((await read(['[prod].yaml'], cwd)).texts).toEqual(['prod']);
  });

  test('outside cwd the path stays as given', async () => {
    const root = tempTree({ 'x/s.yaml': '', 'y/keep': '' });
    const result = await read(['../x', '../x/*.yaml'], path.join(root, 'y'));
    expect(result).toMatchObject({ paths: ['../x/s.yaml'], codes: [] });
  });

  test('the order of the arguments does not matter', async () => {
    const cwd = tempTree({ 'a.yaml': 'a', 'b/b.yaml': 'b', 'c.yaml': 'c' });
    expect(await read(['c.yaml', 'b', 'a.yaml'], cwd)).toEqual(await read(['a.yaml', 'b', 'c.yaml'], cwd));
  });

  test('a file that several arguments and links lead to is read once, under the outermost root', async () => {
    const cwd = tempTree({ 'state/sub/a.yaml': 'a', 'state/sub/z.yaml': { link: 'a.yaml' } });
    const result = await read(['state/sub/a.yaml', 'state', './state/sub', 'state/**/*.yaml'], cwd);
    expect(result.paths).toEqual(['state/sub/a.yaml']);
    expect(result.roots).toEqual([path.join(cwd, 'state')]);
  });
});

describe('what matches nothing', () => {
  test.each([['nope.yaml'], ['nope/*.yaml'], ['*.json'], ['empty'], ['']])('%j is CVG101', async (argument) => {
    const cwd = tempTree({ 'empty/notes.txt': '', 'other-thing.yaml': '' });
    const result = await read([argument], cwd);
    expect(result).toMatchObject({ paths: [], codes: ['CVG101'] });
  });

  test('the nearest name is suggested', async () => {
    const cwd = tempTree({ 'envs/convex.state.yaml': '', 'envs/zzz.yaml': '' });
    const { diagnostics } = await read(['envs/convex.sate.yaml'], cwd);
    expect(diagnostics[0]?.hint).toBe('Did you mean envs/convex.state.yaml?');
  });

  test('far names are not suggested', async () => {
    const cwd = tempTree({ 'zzz.yaml': '' });
    expect((await read(['convex.state.yaml'], cwd)).diagnostics[0]?.hint).not.toContain('zzz');
  });

  test('what one argument lacks does not hide what another has', async () => {
    const cwd = tempTree({ 'a.yaml': 'a' });
    expect(await read(['a.yaml', 'nope'], cwd)).toMatchObject({ paths: ['a.yaml'], codes: ['CVG101'] });
  });
});

describe('what cannot be read', () => {
  test('too large: CVG103, at the limit: read', async () => {
    const cwd = tempTree({ 'a.yaml': 'x'.repeat(1024), 'b.yaml': 'x'.repeat(1025) });
    const result = await read(['.'], cwd);
    expect(result).toMatchObject({ paths: ['a.yaml'], codes: ['CVG103'] });
    expect(result.diagnostics[0]?.summary).toContain('1024 bytes');
  });

  test('a terabyte of holes is not read', async () => {
    const cwd = tempTree({ 'a.yaml': '' });
    truncateSync(path.join(cwd, 'a.yaml'), 2 ** 40);
    expect((await read(['a.yaml'], cwd)).codes).toEqual(['CVG103']);
  });

  test('a pipe is refused without waiting for its writer', async () => {
    const cwd = tempTree({ 'real.yaml': 'r' });
    execFileSync('mkfifo', [path.join(cwd, 'pipe.yaml')]);
    const result = await read(['.'], cwd);
    expect(result).toMatchObject({ paths: ['real.yaml'], codes: ['CVG102'] });
    expect(result.diagnostics[0]?.summary).toBe('pipe.yaml is a pipe, and a regular file is needed');
  });

  test('a device is refused', async () => {
    expect((await read(['/dev/zero'], '/')).diagnostics[0]?.summary).toContain('a device');
  });

  test.each(['/proc/self/environ', '/proc/self/status'])('%s is refused', async (argument) => {
    expect((await read([argument], tempTree({ a: '' }))).codes).toEqual(['CVG403']);
  });

  test('a circle of links and a link to nothing are CVG102', async () => {
    const cwd = tempTree({ 'a.yaml': { link: 'a.yaml' }, 'b.yaml': { link: 'nowhere' }, 'c.yaml': 'c' });
    expect(await read(['.'], cwd)).toMatchObject({ paths: ['c.yaml'], codes: ['CVG102', 'CVG102'] });
    expect((await read(['b.yaml'], cwd)).codes).toEqual(['CVG102']);
  });

  test('an argument with a NUL byte is an error, not a crash', async () => {
    expect((await read(['a\0.yaml'], '/')).codes).toEqual(['CVG102']);
  });
});

describe('links', () => {
  test('a mounted ConfigMap is read once, through its visible names', async () => {
    const cwd = tempTree({
      'config/..2026_01_01/state.yaml': 's',
      'config/..2026_01_01/more.yaml': 'm',
      'config/..data': { link: '..2026_01_01' },
      'config/state.yaml': { link: '..data/state.yaml' },
      'config/more.yaml': { link: '..data/more.yaml' },
    });
    const result = await read(['config'], cwd);
    expect(result).toMatchObject({ paths: ['config/more.yaml', 'config/state.yaml'], texts: ['m', 's'], codes: [] });
  });

  test('a linked folder is walked, a circle of folders ends', async () => {
    const cwd = tempTree({ 's/real/a.yaml': 'a', 's/link': { link: 'real' }, 's/loop': { link: '.' } });
    expect(await read(['s'], cwd)).toMatchObject({ texts: ['a'], codes: [] });
  });

  test('a named link is followed out of its folder', async () => {
    const cwd = tempTree({ 'shared/s.yaml': 's', 'here/state.yaml': { link: '../shared/s.yaml' } });
    const result = await read(['here/state.yaml'], cwd);
    expect(result).toMatchObject({ paths: ['here/state.yaml'], texts: ['s'], codes: [] });
    expect(result.roots).toEqual([path.join(cwd, 'here')]);
  });

  test('a link that is merely found in a folder is not', async () => {
    const cwd = tempTree({
      'outside/credentials': 'secret',
      'state/file.yaml': { link: '../outside/credentials' },
      'state/folder': { link: '../outside' },
      'state/environ.yaml': { link: '/proc/self/environ' },
      'state/good.yaml': 'good',
    });
    const result = await read(['state'], cwd);
    expect(result).toMatchObject({ texts: ['good'], codes: ['CVG403', 'CVG403', 'CVG403'] });
    expect((await read(['state/*.yaml'], cwd)).codes).toEqual(['CVG403', 'CVG403']);
  });

  test('nothing in .git is read, not even by name', async () => {
    const cwd = tempTree({ '.git/config': 'token', 'state.yaml': { link: '.git/config' } });
    expect((await read(['state.yaml'], cwd)).codes).toEqual(['CVG403']);
    expect((await read(['.git/config'], cwd)).codes).toEqual(['CVG403']);
  });

  test('an unreadable folder is an error, so that its part of the state is not silently gone', async () => {
    const cwd = tempTree({ 's/a.yaml': 'a', 's/ring': { link: 'ring' } });
    expect((await read(['s'], cwd)).codes).toEqual(['CVG102']);
  });
});
