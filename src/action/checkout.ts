import { globSync } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';

/**
 * The commits that the state files were checked out at, each once; null among them where that cannot be told: no
 * repository, or one whose HEAD is nothing that we can read.
 */
export async function commitsOf(files: readonly string[], cwd: string): Promise<ReadonlySet<string | null>> {
  const named = files.flatMap((file) => [path.resolve(cwd, file), ...matchesOf(file, cwd)]);
  const inside = await Promise.all(named.map(entriesOf));
  const places = [cwd, ...named, ...inside.flat()];
  const commits = new Set<string | null>();
  for (const place of places) {
    const real = await realpath(place).catch(() => null);
    if (real !== null) commits.add(await headAbove(real));
  }
  return commits;
}

/** The commits of the repositories that stand in a folder or directly below it. */
export async function checkoutsIn(folder: string): Promise<ReadonlySet<string>> {
  const commits = new Set<string>();
  for (const place of [folder, ...(await entriesOf(folder))]) {
    const commit = await headOf(path.join(place, '.git'));
    if (commit !== null) commits.add(commit);
  }
  return commits;
}

async function entriesOf(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.map((name) => path.join(folder, name));
}

function matchesOf(file: string, cwd: string): readonly string[] {
  return /[*?[{]/.test(file) ? globSync(file, { cwd }).map((found) => path.resolve(cwd, found)) : [];
}

/** The commit of the nearest repository that holds a place. */
async function headAbove(place: string): Promise<string | null> {
  for (let folder = place; ; folder = path.dirname(folder)) {
    const git = path.join(folder, '.git');
    const there = await stat(git).catch(() => null);
    if (there?.isDirectory() === true) return headOf(git);
    // A worktree's or submodule's, which names another folder.
    if (there !== null) return null;
    if (folder === path.dirname(folder)) return null;
  }
}

async function headOf(git: string): Promise<string | null> {
  const head = await textOf(path.join(git, 'HEAD'));
  if (head === null) return null;
  if (COMMIT.test(head)) return head;
  const [, ref] = /^ref: (refs\/[\w./-]+)$/.exec(head) ?? [];
  if (ref === undefined || ref.includes('..')) return null;
  const loose = await textOf(path.join(git, ref));
  if (loose !== null) return COMMIT.test(loose) ? loose : null;
  const packed = await textOf(path.join(git, 'packed-refs'));
  const line = packed?.split('\n').find((one) => one.endsWith(` ${ref}`));
  const commit = line?.split(' ')[0] ?? '';
  return COMMIT.test(commit) ? commit : null;
}

const COMMIT = /^[0-9a-f]{40,64}$/;

async function textOf(file: string): Promise<string | null> {
  return readFile(file, 'utf8').then(
    (text) => text.trim(),
    () => null,
  );
}
