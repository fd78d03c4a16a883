import path from 'node:path';
import PQueue from 'p-queue';
import { comparePlace } from '../model/place.ts';
import type { Clock } from '../model/ports.ts';
import { sourceId, type Resolution, type Resolved, type SourceRef } from '../model/source.ts';
import { resolveCommand, type RunOnce } from './resolve-command.ts';
import { resolveDotenv } from './resolve-dotenv.ts';
import { resolveEnv } from './resolve-env.ts';
import { resolveFile } from './resolve-file.ts';
import { resolveSopsMap } from './resolve-sops-map.ts';
import { resolveSops } from './resolve-sops.ts';
import { runProgram, type ProgramRun } from './run-program.ts';

export interface SourceOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute; where the paths of state files and of `allowPaths` start from. */
  readonly cwd: string;
  /** Path of a state file as places name it → absolute folder of the `-f` argument that it came through. */
  readonly roots: ReadonlyMap<string, string>;
  readonly allowPaths: readonly string[];
  /** Globs of the environment variables that may be read; null: all but the tool's and the runner's credentials. */
  readonly allowEnv: readonly string[] | null;
  /** Commands may run. */
  readonly allowExec: boolean;
  readonly clock: Pick<Clock, 'sleep'>;
  /** Aborted: kill the programs that run, and throw its reason. */
  readonly signal?: AbortSignal;
}

/** Sources that are resolved, and so programs that run, at once. */
const CONCURRENCY = 4;

/**
 * Resolves every distinct source once (rules 14 to 16). What cannot be resolved is a value too: `unresolved` with a
 * diagnostic at the first line that asks for it. Never throws for what a user can write or a file system can do, only
 * when aborted; never blocks; no diagnostic holds a value. A program runs once, however many sources it serves.
 */
export async function resolveSources(refs: readonly SourceRef[], options: SourceOptions): Promise<Resolution> {
  const sorted = refs.toSorted((a, b) => comparePlace(a.where, b.where));
  const queue = new PQueue({ concurrency: CONCURRENCY });
  const run = runOnce(options);
  const tasks = [...Map.groupBy(sorted, sourceId)].flatMap(([id, same]) => {
    const [first] = same;
    if (first === undefined) return [];
    return async (): Promise<[string, Resolved]> => [
      id,
      await resolveOne(first, foldersFor(same, options), { ...options, run }),
    ];
  });
  try {
    return new Map(await queue.addAll(tasks));
  } finally {
    queue.clear();
  }
}

/** Programs that are the same in all that they are given run once. */
function runOnce(options: SourceOptions): RunOnce {
  const known = new Map<string, Promise<ProgramRun>>();
  return (program) => {
    const id = JSON.stringify(program);
    const running = known.get(id) ?? runProgram(program, options);
    known.set(id, running);
    return running;
  };
}

async function resolveOne(
  ref: SourceRef,
  folders: readonly string[],
  options: SourceOptions & { readonly run: RunOnce },
): Promise<Resolved> {
  const { cwd, env, run } = options;
  switch (ref.from) {
    case 'env':
      return resolveEnv(ref, options);
    case 'file':
      return resolveFile(ref, { cwd, folders });
    case 'command':
      return resolveCommand(ref, options);
    case 'sops':
      return resolveSops(ref, { cwd, env, folders, run });
    case 'dotenv':
      return resolveDotenv(ref, { cwd, folders });
    case 'sops-map':
      return resolveSopsMap(ref, { cwd, env, folders, run });
    default:
      return ref satisfies never;
  }
}

/** Where the references may read from: the folders of their `-f` arguments and the allowed paths. */
function foldersFor(refs: readonly SourceRef[], options: SourceOptions): readonly string[] {
  const roots = refs.map((ref) => options.roots.get(ref.where.file) ?? path.dirname(ref.where.file));
  return [...new Set([...roots, ...options.allowPaths].map((folder) => path.resolve(options.cwd, folder)))];
}
