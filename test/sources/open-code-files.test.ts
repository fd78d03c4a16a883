import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openCodeFiles } from '../../src/sources/open-code-files.ts';
import { inFolder } from '../kit/scratch.ts';

test('files below a folder, links as what they lead to, circles once; not hidden ones and packages', async () => {
  const app = {
    'app/convex/b.ts': 'b',
    'app/convex/a/deep.ts': 'deep',
    'app/convex/.hidden.ts': '',
    'app/convex/node_modules/x/index.ts': '',
    'shared/s.ts': 'shared',
  };
  await inFolder(app, async (cwd) => {
    await symlink(join(cwd, 'shared/s.ts'), join(cwd, 'app/convex/linked.ts'));
    await symlink(join(cwd, 'shared'), join(cwd, 'app/convex/folder'));
    await symlink(join(cwd, 'app/convex'), join(cwd, 'app/convex/a/circle'));
    await symlink(join(cwd, 'gone'), join(cwd, 'app/convex/gone.ts'));
    const files = openCodeFiles('app', cwd);
    expect(await files.list('convex')).toEqual({
      files: ['convex/a/deep.ts', 'convex/b.ts', 'convex/folder/s.ts', 'convex/linked.ts'],
      unreadable: [],
    });
    expect(await files.list('elsewhere')).toEqual({ files: [], unreadable: [] });
    expect(await files.read('convex/linked.ts')).toEqual({ type: 'text', text: 'shared' });
    expect(files.shown('convex/b.ts')).toBe('app/convex/b.ts');
  });
});

test('what is not there, folders, and what is no text', async () => {
  await inFolder({ 'bom.ts': '\uFEFFx', 'nul.ts': 'a\0b' }, async (cwd) => {
    await mkdir(join(cwd, 'folder.ts'));
    const files = openCodeFiles('.', cwd);
    expect(await files.read('gone.ts')).toEqual({ type: 'none' });
    expect(await files.read('folder.ts')).toEqual({ type: 'none' });
    expect(await files.read('bom.ts')).toEqual({ type: 'text', text: 'x' });
    expect(await files.read('nul.ts')).toEqual({ type: 'unreadable', why: 'it holds a NUL byte' });
  });
});
