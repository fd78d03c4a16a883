import { stat } from 'node:fs/promises';
import path from 'node:path';
import { watchFiles, type WatchedFolder } from '../daemon/watch-files.ts';
import type { Loaded } from './load.ts';

/** Watches what the `-f` arguments lead to, and the files that the documents take values from. */
export interface FollowedFiles {
  /** Resolves once a change of anything known is seen. */
  follow(): Promise<void>;
  /** Learns what a load has read. */
  readonly learn: (loaded: Pick<Loaded, 'sourceFiles' | 'texts'>) => Promise<void>;
  close(): Promise<void>;
}

export function followFiles(
  files: readonly string[],
  cwd: string,
  on: { readonly change: () => void; readonly failed: (why: string) => void },
): FollowedFiles {
  const watched = watchFiles(on);
  let documents: readonly string[] = [];
  let sources: readonly string[] = [];
  const follow = async (): Promise<void> => {
    const { named, folders } = await whatIsNamed(files, cwd);
    try {
      await watched.follow([...named, ...documents, ...sources], folders);
    } catch (error) {
      on.failed(error instanceof Error ? error.message : String(error));
    }
  };
  return {
    follow,
    async learn({ sourceFiles, texts }) {
      // A document that cannot be understood says nothing of its sources: the last ones may still be what is mended.
      if (sourceFiles.length > 0) sources = sourceFiles;
      documents = [...texts.keys()].map((file) => path.resolve(cwd, file));
      await follow();
    },
    close: () => watched.close(),
  };
}

const GLOB_CHARACTERS = /[*?[\]{}]/;

/** Files as they are; folders, and globs as the folders that may hold what they mean. */
async function whatIsNamed(
  files: readonly string[],
  cwd: string,
): Promise<{ readonly named: readonly string[]; readonly folders: readonly WatchedFolder[] }> {
  const named: string[] = [];
  const folders: WatchedFolder[] = [];
  for (const argument of files) {
    const absolute = path.resolve(cwd, argument);
    const stats = await stat(absolute).catch(() => null);
    if (stats?.isDirectory() === true) folders.push({ path: absolute, depth: Number.POSITIVE_INFINITY });
    else if (stats !== null || !GLOB_CHARACTERS.test(argument)) named.push(absolute);
    else folders.push(folderOf(argument, cwd));
  }
  return { named, folders };
}

function folderOf(glob: string, cwd: string): WatchedFolder {
  const parts = glob.split('/');
  const fixed = parts.findIndex((part) => GLOB_CHARACTERS.test(part));
  const base = parts.slice(0, fixed).join('/') || (glob.startsWith('/') ? '/' : '.');
  const depth = glob.includes('**') ? Number.POSITIVE_INFINITY : parts.length - fixed - 1;
  return { path: path.resolve(cwd, base), depth };
}
