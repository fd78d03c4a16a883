import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { replaceFiles } from '../../src/cli/replace-files.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'converge-'));
});
afterEach(() => rm(folder, { recursive: true }));

const at = (name: string): string => path.join(folder, name);
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test('whole, with its mode, in the place that a link leads to', async () => {
  await writeFile(at('real'), 'old');
  await chmod(at('real'), 0o664);
  await symlink('real', at('state.yaml'));
  await replaceFiles([{ file: at('state.yaml'), before: bytes('old'), after: bytes('new') }]);
  expect(await readFile(at('real'), 'utf8')).toBe('new');
  expect((await stat(at('real'))).mode & 0o777).toBe(0o664);
  expect((await readdir(folder)).sort()).toEqual(['real', 'state.yaml']);
});

test('none of several, where one is not as it was read', async () => {
  await writeFile(at('a.yaml'), 'a');
  await writeFile(at('b.yaml'), 'somebody was here');
  const all = ['a', 'b'].map((name) => ({ file: at(`${name}.yaml`), before: bytes(name), after: bytes('new') }));
  await expect(replaceFiles(all)).rejects.toThrow(
    `${at('b.yaml')} was changed after it was read: run it again; nothing is written`,
  );
  expect(await readFile(at('a.yaml'), 'utf8')).toBe('a');
  expect((await readdir(folder)).sort()).toEqual(['a.yaml', 'b.yaml']);
});

test('one that is gone is said', async () => {
  const gone = { file: at('gone.yaml'), before: bytes('old'), after: bytes('new') };
  await expect(replaceFiles([gone])).rejects.toThrow(`cannot write ${at('gone.yaml')}: ENOENT; nothing is written`);
  expect(await readdir(folder)).toEqual([]);
});
