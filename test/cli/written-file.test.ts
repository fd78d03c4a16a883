import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
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
  test('is readable by others, and replaces what stood there whole', async () => {
    await writeFile(at('report.txt'), 'a longer old text');
    await writeReport(at('report.txt'), 'new');
    expect(await readFile(at('report.txt'), 'utf8')).toBe('new');
    expect((await modeOf(at('report.txt'))) & 0o444).toBe(0o444 & ~process.umask());
  });

  test('follows a link and leaves it a link', async () => {
    await writeFile(at('target'), 'old');
    await symlink(at('target'), at('report.txt'));
    await writeReport(at('report.txt'), 'new');
    expect(await readFile(at('target'), 'utf8')).toBe('new');
    expect(
      (await readdir(folder, { withFileTypes: true })).find(({ name }) => name === 'report.txt')?.isSymbolicLink(),
    ).toBe(true);
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
