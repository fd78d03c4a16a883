import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { type FSWatcher, watch } from 'chokidar';
import { pathsTo } from './watched-paths.ts';

/** A folder in which files may come and go. */
export interface WatchedFolder {
  readonly path: string;
  /** How many folders deep; 0: only what is in it. */
  readonly depth: number;
}

export interface FileWatch {
  /** From now on these. Resolves once changes of them are seen. Absolute paths. */
  follow(files: readonly string[], folders: readonly WatchedFolder[]): Promise<void>;
  close(): Promise<void>;
}

interface Opened {
  readonly key: string;
  readonly identities: ReadonlyMap<string, string>;
  readonly watchers: readonly FSWatcher[];
}

/**
 * Tells that a file may have changed, never which: what is read then is up to the reader. Links are followed by hand,
 * name by name, so that swapping one is seen like writing the file.
 */
export function watchFiles(on: {
  readonly change: () => void;
  /** The machine cannot watch (more): changes are then only seen by the schedule. */
  readonly failed: (why: string) => void;
}): FileWatch {
  let open: Opened = { key: '', identities: new Map(), watchers: [] };

  async function opened(names: ReadonlySet<string>, folders: readonly WatchedFolder[]): Promise<readonly FSWatcher[]> {
    const parents = new Set([...names].map((name) => path.dirname(name)));
    // Where links lead is known by name already; chokidar is given what is there.
    const real = await Promise.all(
      folders.map(async (folder) => ({ ...folder, path: await realpath(folder.path).catch(() => folder.path) })),
    );
    const watchers = [
      watch([...parents], {
        depth: 0,
        followSymlinks: false,
        ignoreInitial: true,
        ignored: (at) => !parents.has(at) && !names.has(at),
      }),
      ...real.map((folder) =>
        watch(folder.path, {
          depth: folder.depth,
          ignoreInitial: true,
          ignored: (at, stats) => at !== folder.path && isForeign(at, stats?.isFile() === true),
        }),
      ),
    ];
    await Promise.all(
      watchers.map(async (watcher) => {
        watcher.on('all', () => on.change());
        // A machine that is out of watches may never be ready, and no run waits for that.
        await new Promise<void>((resolve) => {
          watcher.once('ready', resolve);
          watcher.on('error', (error) => {
            on.failed(error instanceof Error ? error.message : String(error));
            resolve();
          });
        });
      }),
    );
    return watchers;
  }

  return {
    async follow(files, folders) {
      const names = new Set<string>();
      for (const file of [...files, ...folders.map((folder) => folder.path)])
        for (const name of await pathsTo(file)) names.add(name);
      const identities = await identitiesOf(
        [...names].map((name) => path.dirname(name)),
        folders,
      );
      const key = JSON.stringify([[...names].sort(), folders, [...identities]]);
      if (open.key === key) return;
      const before = open;
      // Watchers of one path share what watches it, so another folder of the same name needs the old ones gone first.
      const isMoved = [...identities].some(([at, id]) => (before.identities.get(at) ?? id) !== id);
      if (isMoved) await closeAll(before.watchers);
      open = { key, identities, watchers: await opened(names, folders) };
      if (!isMoved) await closeAll(before.watchers);
    },
    async close() {
      await closeAll(open.watchers);
      open = { key: '', identities: new Map(), watchers: [] };
    },
  };
}

/** Hidden things (a mounted ConfigMap's own folders among them), installed packages, and files that are no state. */
function isForeign(at: string, isFile: boolean): boolean {
  const name = path.basename(at);
  return name.startsWith('.') || name === 'node_modules' || (isFile && !/\.ya?ml$/i.test(name));
}

/** Which folder each path is at the moment. */
async function identitiesOf(
  parents: readonly string[],
  folders: readonly WatchedFolder[],
): Promise<ReadonlyMap<string, string>> {
  const identities = new Map<string, string>();
  for (const at of [...parents, ...folders.map((folder) => folder.path)].sort()) {
    const stats = await stat(at).catch(() => null);
    identities.set(at, stats === null ? 'missing' : `${stats.dev}:${stats.ino}`);
  }
  return identities;
}

async function closeAll(watchers: readonly FSWatcher[]): Promise<void> {
  await Promise.all(watchers.map((watcher) => watcher.close()));
}
