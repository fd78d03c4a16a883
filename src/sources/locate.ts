import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { describeFsError, isMissing } from './describe-fs-error.ts';

export type Located =
  | { readonly type: 'found'; readonly real: string }
  | { readonly type: 'missing' }
  /** It stands, or would stand, where nothing may be read from. `why` completes "it". */
  | { readonly type: 'outside' | 'forbidden'; readonly why: string }
  | { readonly type: 'failed'; readonly why: string };

/**
 * Where an absolute path really leads, links resolved, and whether files may be read from there (rule 16): inside one
 * of the folders, never in `.git`, `/proc` or `/sys`. Null folders: anywhere else. What is missing is judged by the
 * folder it would stand in, so that nobody learns what exists outside.
 */
export async function locate(absolute: string, folders: readonly string[] | null): Promise<Located> {
  const standing = await resolveLinks(absolute);
  if (standing.type === 'failed') return standing;
  const forbidden = whyForbidden(standing.real);
  if (forbidden !== null) return { type: 'forbidden', why: forbidden };
  if (folders !== null) {
    const realFolders = await Promise.all(folders.map((folder) => resolveLinks(folder)));
    const inside = realFolders.some((folder) => folder.type !== 'failed' && isInside(standing.real, folder.real));
    if (!inside) return { type: 'outside', why: 'leads out of the folders that may be read' };
  }
  return standing.type === 'found' ? { type: 'found', real: standing.real } : { type: 'missing' };
}

/** True when `inner` is the folder itself or stands in it. Both absolute and real. */
export function isInside(inner: string, folder: string): boolean {
  const relative = path.relative(folder, inner);
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}

type Standing =
  | { readonly type: 'found' | 'missing'; readonly real: string }
  | { readonly type: 'failed'; readonly why: string };

/** The real path; of a missing thing, the real path of its nearest existing folder with the rest appended. */
async function resolveLinks(absolute: string): Promise<Standing> {
  const missing: string[] = [];
  for (let at = absolute; ; at = path.dirname(at)) {
    try {
      const real = path.join(await realpath(at), ...missing);
      return { type: missing.length === 0 ? 'found' : 'missing', real };
    } catch (error) {
      if (!isMissing(error) || at === path.dirname(at)) {
        return { type: 'failed', why: `cannot be read: ${describeFsError(error)}` };
      }
      missing.unshift(path.basename(at));
    }
  }
}

/** Compared without case: some file systems do not tell `.GIT` from `.git`. */
function whyForbidden(real: string): string | null {
  const parts = real.split(path.sep).map((part) => part.toLowerCase());
  if (parts.includes('.git')) return 'leads into a .git folder, which may hold credentials';
  if (parts[0] === '' && (parts[1] === 'proc' || parts[1] === 'sys')) return `leads into /${parts[1]}`;
  return null;
}
