import { mkdir, mkdtemp, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { watchFiles, type FileWatch } from '../../src/daemon/watch-files.ts';
import { pathsTo } from '../../src/daemon/watched-paths.ts';

let folder = '';
let watched: FileWatch | null = null;
let heard: (() => void) | null = null;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'converge-watch-'));
});

afterEach(async () => {
  await watched?.close();
  watched = null;
  await rm(folder, { recursive: true });
});

const at = (...names: readonly string[]): string => path.join(folder, ...names);

function opened(): FileWatch {
  watched = watchFiles({
    change: () => heard?.(),
    failed: (why) => {
      throw new Error(why);
    },
  });
  return watched;
}

/** Resolves when a change is heard after `act` began; the test's own time limit is the bound. */
async function hears(act: () => Promise<void>): Promise<true> {
  const change = new Promise<void>((resolve) => (heard = resolve));
  await act();
  await change;
  return true;
}

describe('a change is heard', () => {
  test('of a file that is written, replaced as vim does it, deleted and made again', async () => {
    await writeFile(at('state.yaml'), 'one');
    await opened().follow([at('state.yaml')], []);
    expect(await hears(() => writeFile(at('state.yaml'), 'two'))).toBe(true);
    expect(
      await hears(async () => {
        await rename(at('state.yaml'), at('state.yaml~'));
        await writeFile(at('state.yaml'), 'three');
        await unlink(at('state.yaml~'));
      }),
    ).toBe(true);
    expect(
      await hears(async () => {
        await writeFile(at('.state.tmp'), 'four');
        await rename(at('.state.tmp'), at('state.yaml'));
      }),
    ).toBe(true);
    expect(await hears(() => unlink(at('state.yaml')))).toBe(true);
    expect(await hears(() => writeFile(at('state.yaml'), 'five'))).toBe(true);
  });

  test.each(['file', 'folder'])('of a mounted ConfigMap, swap after swap, for a %s', async (named) => {
    const version = async (name: string): Promise<void> => {
      await mkdir(at(name));
      await writeFile(at(name, 'state.yaml'), name);
    };
    const swap = async (name: string): Promise<void> => {
      await symlink(name, at('..data_tmp'));
      await rename(at('..data_tmp'), at('..data'));
    };
    await version('..2026_1');
    await swap('..2026_1');
    await symlink(path.join('..data', 'state.yaml'), at('state.yaml'));
    const files = opened();
    // The documents that a folder was found to hold are followed by name.
    const folders = named === 'folder' ? [{ path: folder, depth: Infinity }] : [];
    const follow = (): Promise<void> => files.follow([at('state.yaml')], folders);
    await follow();
    for (const name of ['..2026_2', '..2026_3', '..2026_4']) {
      await version(name);
      expect(await hears(() => swap(name))).toBe(true);
      // As before each run.
      await follow();
      await rm(at(name.replace(/\d$/, (digit) => String(Number(digit) - 1))), { recursive: true });
    }
  });

  test('of a work tree that git-sync swaps under a link, for a file and for a folder in it', async () => {
    for (const name of ['one', 'two', 'three']) {
      await mkdir(at('.worktrees', name, 'infra'), { recursive: true });
      await writeFile(at('.worktrees', name, 'infra', 'state.yaml'), name);
    }
    const swap = async (name: string): Promise<void> => {
      await symlink(path.join('.worktrees', name), at('tmp-link'));
      await rename(at('tmp-link'), at('current'));
    };
    await swap('one');
    const files = opened();
    const named = at('current', 'infra', 'state.yaml');
    await files.follow([named], []);
    expect(await hears(() => swap('two'))).toBe(true);
    await files.follow([], [{ path: at('current', 'infra'), depth: Infinity }]);
    expect(await hears(() => swap('three'))).toBe(true);
    await files.follow([], [{ path: at('current', 'infra'), depth: Infinity }]);
    expect(await hears(() => writeFile(at('current', 'infra', 'more.yaml'), 'new'))).toBe(true);
  });

  test('of a folder: a file that comes, changes and goes, also deeper', async () => {
    await mkdir(at('infra', 'shop'), { recursive: true });
    await opened().follow([], [{ path: at('infra'), depth: Infinity }]);
    expect(await hears(() => writeFile(at('infra', 'a.yaml'), 'one'))).toBe(true);
    expect(await hears(() => writeFile(at('infra', 'shop', 'b.yml'), 'one'))).toBe(true);
    expect(await hears(() => unlink(at('infra', 'a.yaml')))).toBe(true);
  });

  test('of a file that is not there yet, nor its folder', async () => {
    const files = opened();
    await files.follow([at('infra', 'state.yaml')], []);
    expect(await hears(() => mkdir(at('infra')))).toBe(true);
    await files.follow([at('infra', 'state.yaml')], []);
    expect(await hears(() => writeFile(at('infra', 'state.yaml'), 'one'))).toBe(true);
  });
});

describe('the way to a file', () => {
  test('names the file and every link', async () => {
    await mkdir(at('..data_1'));
    await writeFile(at('..data_1', 'state.yaml'), '');
    await symlink('..data_1', at('..data'));
    await symlink(path.join('..data', 'state.yaml'), at('state.yaml'));
    const names = [...(await pathsTo(at('state.yaml')))].map((name) => path.relative(folder, name));
    expect(names).toEqual(expect.arrayContaining(['state.yaml', '..data', path.join('..data_1', 'state.yaml')]));
    expect(names).not.toContain('..data_1');
  });

  test('ends at links that lead in a circle', async () => {
    await symlink('b', at('a'));
    await symlink('a', at('b'));
    const names = [...(await pathsTo(at('a')))].map((name) => path.relative(folder, name));
    expect(names).toEqual(expect.arrayContaining(['a', 'b']));
  });
});
