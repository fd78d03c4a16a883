import type { Diagnostic } from '../model/diagnostic.ts';
import { compareCodePoints } from './code-point-order.ts';
import { findStateFiles, type FoundFile } from './find-state-files.ts';
import { readRegularFile } from './read-regular-file.ts';

export interface StateFile {
  /** As people see it: relative to `cwd` with `/` where it lies below, else as given. */
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Absolute folder of the `-f` argument that it came through: what its sources may read (rule 16). */
  readonly root: string;
}

export interface StateFilesOptions {
  /** Absolute. */
  readonly cwd: string;
  /** Largest file that is read, in bytes. */
  readonly maxBytes: number;
}

/**
 * Reads every state file that the `-f` arguments name, sorted by path whatever the order of the arguments. A file
 * that several arguments or links lead to is read once, under its first path and the outermost of its folders.
 * Never blocks on pipes or devices, never reads more than `maxBytes` of a file.
 */
export async function readStateFiles(
  args: readonly string[],
  options: StateFilesOptions,
): Promise<{ readonly files: readonly StateFile[]; readonly diagnostics: readonly Diagnostic[] }> {
  const diagnostics: Diagnostic[] = [];
  const found: FoundFile[] = [];
  for (const argument of new Set(args)) {
    const result = await findStateFiles(argument, options.cwd);
    found.push(...result.files);
    diagnostics.push(...result.diagnostics);
  }
  const files: StateFile[] = [];
  for (const file of onePerRealPath(found)) {
    const read = await readRegularFile(file.real, options.maxBytes);
    if (read.type === 'read') files.push({ path: file.path, bytes: read.bytes, root: file.root });
    else diagnostics.push(refused(file.path, read, options.maxBytes));
  }
  return { files, diagnostics };
}

function onePerRealPath(found: readonly FoundFile[]): readonly FoundFile[] {
  const byReal = Map.groupBy(
    found.toSorted((a, b) => compareCodePoints(a.path, b.path)),
    (file) => file.real,
  );
  return [...byReal.values()].flatMap(([first, ...rest]) => {
    if (first === undefined) return [];
    const root = rest.reduce((outer, file) => (file.root.length < outer.length ? file.root : outer), first.root);
    return [{ ...first, root }];
  });
}

function refused(
  path: string,
  read: { readonly type: 'too-large' } | { readonly type: 'failed'; readonly why: string },
  maxBytes: number,
): Diagnostic {
  return read.type === 'too-large'
    ? {
        severity: 'error',
        code: 'CVG103',
        summary: `${path} is larger than ${maxBytes} bytes, the most that is read`,
        hint: 'Split it: several files make one state.',
      }
    : { severity: 'error', code: 'CVG102', summary: `${path} ${read.why}` };
}
