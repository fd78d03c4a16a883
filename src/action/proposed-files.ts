import { readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ProposedFile } from './github/proposal-pull.ts';

/** The files of a repository that a run has edited, or why they cannot be proposed there. */
export type Edited = { readonly files: readonly ProposedFile[] } | { readonly why: string };

/** `paths` as the report has them, from `cwd`. Links are followed: what is proposed is the file that was edited. */
export async function proposedFiles(
  paths: readonly string[],
  { cwd, workspace }: { readonly cwd: string; readonly workspace: string },
): Promise<Edited> {
  const files: ProposedFile[] = [];
  for (const written of paths) {
    const real = await realpath(path.resolve(cwd, written));
    const root = (await rootAbove(real)) ?? (await realpath(workspace));
    const inside = path.relative(root, real);
    if (inside.startsWith('..') || path.isAbsolute(inside))
      return { why: `${written} is not in the repository of the workflow` };
    const { mode } = await stat(real);
    files.push({
      path: inside.split(path.sep).join('/'),
      mode: (mode & 0o100) === 0 ? '100644' : '100755',
      bytes: await readFile(real),
    });
  }
  return { files };
}

/** The root of the nearest repository that holds a file. */
async function rootAbove(file: string): Promise<string | null> {
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    const there = await stat(path.join(folder, '.git')).catch(() => null);
    if (there !== null) return folder;
    if (folder === path.dirname(folder)) return null;
  }
}
