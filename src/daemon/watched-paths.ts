import { lstat, readlink } from 'node:fs/promises';
import path from 'node:path';

/** More links than any real path has: a circle. */
const MOST_LINKS = 40;

/**
 * The paths whose change may change what `absolute` names: the file itself, and every link on the way to it. A mounted
 * ConfigMap swaps one of those links (`..data`), git-sync another; an editor that renames replaces the file. Where a
 * part of the way is missing, that part: it may come.
 */
export async function pathsTo(absolute: string): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  let links = 0;
  const visit = async (wanted: string): Promise<void> => {
    const { root } = path.parse(wanted);
    let at = root;
    const parts = wanted.slice(root.length).split(path.sep).filter(Boolean);
    for (const [index, part] of parts.entries()) {
      at = path.join(at, part);
      const stats = await lstat(at).catch(() => null);
      if (stats === null) return void found.add(at);
      if (stats.isSymbolicLink()) {
        found.add(at);
        if (++links > MOST_LINKS) return;
        const target = await readlink(at).catch(() => null);
        if (target === null) return;
        return visit(path.join(path.resolve(path.dirname(at), target), ...parts.slice(index + 1)));
      }
    }
    found.add(at);
  };
  await visit(path.resolve(absolute));
  return found;
}
