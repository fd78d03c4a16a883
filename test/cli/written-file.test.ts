import { chmod, link, mkdir, mkdtemp, open, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkFolderOf, writeReport, writeSecretFile } from '../../src/cli/written-file.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'converge-'));
});
afterEach(() => rm(folder, { recursive: true }));

const at = (name: string): string => path.join(folder, name);
const modeOf = async (file: string): Promise<number> => (await stat(file)).mode & 0o777;

describe('a secret file', () => {
  test('is for its owner only, whatever stood there', async () => {
    await writeFile(at('plan.json'), 'old');
    await chmod(at('plan.json'), 0o666);
    await writeSecretFile(at('plan.json'), 'new');
    expect(await readFile(at('plan.json'), 'utf8')).toBe('new');
    expect(await modeOf(at('plan.json'))).toBe(0o600);
    expect(await readdir(folder)).toEqual(['plan.json']);
  });

  test('is not written through a link', async () => {
    await writeFile(at('target'), 'old');
    await symlink(at('target'), at('plan.json'));
    await expect(writeSecretFile(at('plan.json'), 'new')).rejects.toThrow('is a link');
    expect(await readFile(at('target'), 'utf8')).toBe('old');
  });

  test('is not written through a dangling link', async () => {
    await symlink(at('nowhere'), at('plan.json'));
    await expect(writeSecretFile(at('plan.json'), 'new')).rejects.toThrow('is a link');
    expect(await readdir(folder)).toEqual(['plan.json']);
  });
});

describe('a report', () => {
  test('is for its owner only, and replaces what stood there whole', async () => {
    await writeFile(at('report.txt'), 'a longer old text');
    await chmod(at('report.txt'), 0o644);
    await writeReport(at('report.txt'), 'new');
    expect(await readFile(at('report.txt'), 'utf8')).toBe('new');
    expect(await modeOf(at('report.txt'))).toBe(0o600);
  });

  test.each(['target', 'nowhere'])('is not written through a link to %s', async (target) => {
    await writeFile(at('target'), 'old');
    await symlink(at(target), at('report.txt'));
    await expect(writeReport(at('report.txt'), 'new')).rejects.toThrow('is a link');
    expect(await readFile(at('target'), 'utf8')).toBe('old');
    expect((await readdir(folder)).toSorted()).toEqual(['report.txt', 'target']);
  });

  test('is not written through a link to a device', async () => {
    await symlink('/dev/null', at('report.txt'));
    await expect(writeReport(at('report.txt'), 'new')).rejects.toThrow('is a link');
  });

  test('leaves the other name of a hard link as it was', async () => {
    await writeFile(at('target'), 'old');
    await link(at('target'), at('report.txt'));
    await writeReport(at('report.txt'), 'new');
    expect(await readFile(at('target'), 'utf8')).toBe('old');
  });

  test('appends to a stream of the process that is a file', async () => {
    const handle = await open(at('stream'), 'w');
    try {
      await handle.writeFile('before\n');
      await writeReport(`/dev/fd/${String(handle.fd)}`, 'after\n');
    } finally {
      await handle.close();
    }
    expect(await readFile(at('stream'), 'utf8')).toBe('before\nafter\n');
  });

  test('does not take the place of a folder', async () => {
    await mkdir(at('report.txt'));
    await expect(writeReport(at('report.txt'), 'new')).rejects.toThrow('not a plain file');
    expect((await stat(at('report.txt'))).isDirectory()).toBe(true);
    expect(await readdir(folder)).toEqual(['report.txt']);
  });

  test('may go to a device, which stays one', async () => {
    await writeReport('/dev/null', 'new');
    expect((await stat('/dev/null')).isCharacterDevice()).toBe(true);
  });

  test('without a folder says so, and leaves nothing', async () => {
    await expect(writeReport(at('no/report.txt'), 'x')).rejects.toThrow(`cannot write ${at('no/report.txt')}: ENOENT`);
    await expect(checkFolderOf(at('no/report.txt'))).rejects.toThrow('there is no folder');
    await expect(checkFolderOf(at('report.txt'))).resolves.toBeUndefined();
    expect(await readdir(folder)).toEqual([]);
  });
});
