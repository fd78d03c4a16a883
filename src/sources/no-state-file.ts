import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { closest, distance } from 'fastest-levenshtein';
import type { Diagnostic } from '../model/diagnostic.ts';
import { compareCodePoints } from './code-point-order.ts';

/** The diagnostic for an `-f` argument that leads to no file, with the nearest name there is. */
export async function noStateFile(argument: string, cwd: string): Promise<Diagnostic> {
  const near = await nearest(argument, cwd);
  return {
    severity: 'error',
    code: 'CVG101',
    summary: `no state file matches ${argument}`,
    hint:
      near === null
        ? 'Name a file, a folder that holds *.yaml or *.yml files, or a glob with -f.'
        : `Did you mean ${near}?`,
  };
}

/** The sibling whose name is nearly the one that was asked for. */
async function nearest(argument: string, cwd: string): Promise<string | null> {
  const wanted = path.basename(argument);
  const folder = path.dirname(argument);
  const entries = await readdir(path.resolve(cwd, folder), { withFileTypes: true }).catch(() => []);
  const names = entries
    .filter((entry) => !entry.name.startsWith('.') && (entry.isDirectory() || isStateName(entry.name)))
    .map((entry) => entry.name)
    .sort(compareCodePoints);
  if (names.length === 0) return null;
  const name = closest(wanted, names);
  return name !== wanted && distance(wanted, name) <= Math.max(2, wanted.length / 3) ? path.join(folder, name) : null;
}

/** The files that a folder contributes. */
export function isStateName(name: string): boolean {
  return /\.ya?ml$/.test(name);
}
