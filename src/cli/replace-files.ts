import { randomBytes } from 'node:crypto';
import { chmod, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { FileNotWritten } from './written-file.ts';

export interface Replacement {
  readonly file: string;
  /** What it must hold now. */
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

/**
 * Gives files of a person other contents: each whole or not at all, its mode kept, a link's target in its place. Where one
 * of them is no longer as it was read, none is written; what fails after the first one is said with what was written.
 */
export async function replaceFiles(files: readonly Replacement[]): Promise<void> {
  const ready: { readonly file: string; readonly real: string; readonly temporary: string }[] = [];
  const done: string[] = [];
  let at = '';
  try {
    for (const { file, before, after } of files) {
      at = file;
      const real = await realpath(file);
      const { mode } = await stat(real);
      await mustHold(file, real, before);
      const temporary = path.join(path.dirname(real), `.${path.basename(real)}.${randomBytes(6).toString('hex')}.tmp`);
      ready.push({ file, real, temporary });
      await writeWhole(temporary, after, mode & 0o7777);
    }
    for (const [index, { file, real, temporary }] of ready.entries()) {
      at = file;
      await mustHold(file, real, files[index]?.before ?? new Uint8Array());
      await rename(temporary, real);
      done.push(file);
    }
  } catch (error) {
    for (const { temporary } of ready) await rm(temporary, { force: true });
    const why =
      error instanceof FileNotWritten
        ? error.message
        : `cannot write ${at}: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`;
    throw new FileNotWritten(
      done.length === 0 ? `${why}; nothing is written` : `${why}; written are ${done.join(', ')}`,
    );
  }
}

async function mustHold(file: string, real: string, before: Uint8Array): Promise<void> {
  const now = await readFile(real);
  if (!now.equals(before)) throw new FileNotWritten(`${file} was changed after it was read: run it again`);
}

async function writeWhole(file: string, bytes: Uint8Array, mode: number): Promise<void> {
  const handle = await open(file, 'wx', mode);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  // Whatever the umask, which can only take away.
  await chmod(file, mode);
}
