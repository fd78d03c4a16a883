import { glob, lstat, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Diagnostic } from '../model/diagnostic.ts';
import { compareCodePoints } from './code-point-order.ts';
import { describeFsError, isMissing } from './describe-fs-error.ts';
import { displayPath } from './display-path.ts';
import { locate } from './locate.ts';
import { noStateFile, isStateName } from './no-state-file.ts';

/** A state file that an `-f` argument leads to. */
export interface FoundFile {
  /** As people see it. */
  readonly path: string;
  /** Links resolved. */
  readonly real: string;
  /** Absolute: the folder of the argument (rule 16). */
  readonly root: string;
}

export interface Found {
  readonly files: readonly FoundFile[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * What one `-f` argument names: a file, a folder (every `*.yaml` and `*.yml` in it and in its folders, hidden ones
 * skipped) or, when nothing of that name exists, a glob. A named thing may be a link to anywhere, for whoever named it
 * vouches for it; what is merely found in a folder must lie in that folder, links resolved. Nothing is opened here.
 */
export async function findStateFiles(argument: string, cwd: string): Promise<Found> {
  const search: Search = { cwd, files: [], diagnostics: [], visited: new Set() };
  // A CI variable that is not set must not mean "this folder".
  if (argument === '') return { files: [], diagnostics: [await noStateFile('an empty path', cwd)] };
  const absolute = path.resolve(cwd, argument);
  try {
    const named = await stat(absolute);
    if (named.isDirectory()) await walk(search, { given: argument, root: absolute, named: true });
    else await take(search, { given: argument, root: path.dirname(absolute), named: true });
  } catch (error) {
    if (!isMissing(error) || (await isLink(absolute))) {
      search.diagnostics.push(unreadable(displayPath(argument, cwd), `cannot be read: ${describeFsError(error)}`));
      return search;
    }
    await matchGlob(search, argument);
  }
  if (search.files.length === 0 && search.diagnostics.length === 0) {
    search.diagnostics.push(await noStateFile(argument, cwd));
  }
  return search;
}

interface Search {
  readonly cwd: string;
  readonly files: FoundFile[];
  readonly diagnostics: Diagnostic[];
  /** Real paths of the folders that were walked: links may lead in circles. */
  readonly visited: Set<string>;
}

interface Visit {
  /** The path in terms of the argument. */
  readonly given: string;
  readonly root: string;
  /** The argument itself. */
  readonly named: boolean;
}

async function walk(search: Search, visit: Visit): Promise<void> {
  const real = await admit(search, visit);
  if (real === null || search.visited.has(real)) return;
  search.visited.add(real);
  const names = await readdir(real);
  for (const name of names.filter((name) => !name.startsWith('.')).sort(compareCodePoints)) {
    await visitFound(search, { given: path.join(visit.given, name), root: visit.root, named: false }, isStateName);
  }
}

/**
 * Walks a folder, takes a file whose name is wanted. A folder that cannot be read is an error, or its part of the state
 * would silently be gone; a link to nothing only where its name is wanted.
 */
async function visitFound(search: Search, visit: Visit, wanted: (name: string) => boolean): Promise<void> {
  try {
    const found = await stat(path.resolve(search.cwd, visit.given));
    if (found.isDirectory()) await walk(search, visit);
    else if (wanted(visit.given)) await take(search, visit);
  } catch (error) {
    if (isMissing(error) && !wanted(visit.given)) return;
    const why = isMissing(error) ? 'is a link to nothing' : `cannot be read: ${describeFsError(error)}`;
    search.diagnostics.push(unreadable(displayPath(visit.given, search.cwd), why));
  }
}

async function take(search: Search, visit: Visit): Promise<void> {
  const real = await admit(search, visit);
  if (real !== null) search.files.push({ path: displayPath(visit.given, search.cwd), real, root: visit.root });
}

/** The real path of what may be read; null after a diagnostic. */
async function admit(search: Search, visit: Visit): Promise<string | null> {
  const shown = displayPath(visit.given, search.cwd);
  const located = await locate(path.resolve(search.cwd, visit.given), visit.named ? null : [visit.root]);
  switch (located.type) {
    case 'found':
      return located.real;
    case 'missing':
      search.diagnostics.push(unreadable(shown, 'is gone'));
      return null;
    case 'failed':
      search.diagnostics.push(unreadable(shown, located.why));
      return null;
    case 'forbidden':
    case 'outside':
      search.diagnostics.push({
        severity: 'error',
        code: 'CVG403',
        summary: `${shown} ${located.type === 'forbidden' ? located.why : 'is a link that leads out of its folder'}`,
        hint: 'Name the file itself with -f, or put it into the folder.',
      });
      return null;
    default:
      return located satisfies never;
  }
}

const GLOB_CHARACTERS = /[*?[\]{}]/;

async function matchGlob(search: Search, pattern: string): Promise<void> {
  if (!GLOB_CHARACTERS.test(pattern)) return;
  const parts = pattern.split('/');
  const fixed = parts.slice(
    0,
    parts.findIndex((part) => GLOB_CHARACTERS.test(part)),
  );
  const root = path.resolve(search.cwd, fixed.join('/') || (pattern.startsWith('/') ? '/' : '.'));
  const matches: string[] = [];
  for await (const match of glob(pattern, { cwd: search.cwd })) matches.push(match);
  for (const match of matches.sort(compareCodePoints)) {
    await visitFound(search, { given: match, root, named: false }, () => true);
  }
}

function unreadable(shown: string, why: string): Diagnostic {
  return { severity: 'error', code: 'CVG102', summary: `${shown} ${why}` };
}

async function isLink(absolute: string): Promise<boolean> {
  return lstat(absolute).then(
    (stats) => stats.isSymbolicLink(),
    () => false,
  );
}
