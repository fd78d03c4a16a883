import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** A `sops` to test with. */
export interface SopsProgram {
  readonly name: string;
  /** The PATH that it is found on, before any other. */
  readonly PATH: string;
  /** It prints what stands beside the file; the real one decrypts. */
  readonly standIn: boolean;
}

/** Holds the `sops` that prints `FILE.decrypted.json`, and what it needs. */
export const STAND_IN_PATH = `${path.join(import.meta.dirname, 'stand-in')}:/usr/bin:/bin`;

/** The stand-in always; the real one as well where this machine has it. */
export function sopsPrograms(): readonly SopsProgram[] {
  const searched = process.env['PATH'] ?? '';
  const real = searched
    .split(path.delimiter)
    .find((folder) => path.isAbsolute(folder) && isProgram(path.join(folder, 'sops')));
  return [
    { name: 'the stand-in', PATH: STAND_IN_PATH, standIn: true },
    ...(real === undefined ? [] : [{ name: `the real sops in ${real}`, PATH: searched, standIn: false }]),
  ];
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
