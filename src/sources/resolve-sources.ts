import path from 'node:path';
import { comparePlace } from '../model/place.ts';
import { sourceId, type Resolution, type Resolved, type SourceRef } from '../model/source.ts';
import { resolveDotenv } from './resolve-dotenv.ts';
import { resolveEnv } from './resolve-env.ts';
import { resolveFile } from './resolve-file.ts';

export interface SourceOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute; where the paths of state files and of `allowPaths` start from. */
  readonly cwd: string;
  /** Path of a state file as places name it → absolute folder of the `-f` argument that it came through. */
  readonly roots: ReadonlyMap<string, string>;
  readonly allowPaths: readonly string[];
  /** Globs of the environment variables that may be read; null: all but the tool's and the runner's credentials. */
  readonly allowEnv: readonly string[] | null;
}

/**
 * Resolves every distinct source once (rules 14 to 16). What cannot be resolved is a value too: `unresolved` with a
 * diagnostic at the first line that asks for it. Never throws for what a user can write or a file system can do, never
 * blocks, and no diagnostic holds a value.
 */
export async function resolveSources(refs: readonly SourceRef[], options: SourceOptions): Promise<Resolution> {
  const sorted = refs.toSorted((a, b) => comparePlace(a.where, b.where));
  const resolution = new Map<string, Resolved>();
  for (const [id, same] of Map.groupBy(sorted, sourceId)) {
    const [first] = same;
    if (first !== undefined) resolution.set(id, await resolveOne(first, foldersFor(same, options), options));
  }
  return resolution;
}

async function resolveOne(ref: SourceRef, folders: readonly string[], options: SourceOptions): Promise<Resolved> {
  const { cwd } = options;
  switch (ref.from) {
    case 'env':
      return resolveEnv(ref, options);
    case 'file':
      return resolveFile(ref, { cwd, folders });
    case 'dotenv':
      return resolveDotenv(ref, { cwd, folders });
    default:
      return ref satisfies never;
  }
}

/** Where the references may read from: the folders of their `-f` arguments and the allowed paths. */
function foldersFor(refs: readonly SourceRef[], options: SourceOptions): readonly string[] {
  const roots = refs.map((ref) => options.roots.get(ref.where.file) ?? path.dirname(ref.where.file));
  return [...new Set([...roots, ...options.allowPaths].map((folder) => path.resolve(options.cwd, folder)))];
}
