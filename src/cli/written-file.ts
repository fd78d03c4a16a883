import { randomBytes } from 'node:crypto';
import { chmod, lstat, open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Why a file was not written, for the user. */
export class FileNotWritten extends Error {
  override readonly name = 'FileNotWritten';
}

/**
 * Writes a report (0644 under the umask): whole or not at all, through a temporary file in the same folder. A link is
 * followed; a device or pipe (`/dev/stderr`) is written to as it is.
 */
export async function writeReport(file: string, text: string): Promise<void> {
  await explained(file, async () => {
    const there = await stat(file).catch(ignoreMissing);
    if (there !== null && !there.isFile()) return writeFile(file, text);
    return replaceFile(there === null ? file : await realpath(file), text, 0o644);
  });
}

/** Writes a file as secret as the values it stands on: 0600 whatever was there, and never through a link. */
export async function writeSecretFile(file: string, text: string): Promise<void> {
  await explained(file, async () => {
    const there = await lstat(file).catch(ignoreMissing);
    if (there !== null && !there.isFile())
      throw new FileNotWritten(`${file} is a link or not a plain file: it is not written through`);
    await replaceFile(file, text, 0o600);
  });
}

/** Fails early, before anything is read or changed, when `file` has no folder to stand in. */
export async function checkFolderOf(file: string): Promise<void> {
  const folder = path.dirname(file);
  const there = await stat(folder).catch(ignoreMissing);
  if (there === null || !there.isDirectory())
    throw new FileNotWritten(`cannot write ${file}: there is no folder ${folder}`);
}

async function replaceFile(file: string, text: string, mode: number): Promise<void> {
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const handle = await open(temporary, 'wx', mode);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (mode === 0o600) await chmod(temporary, mode);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function explained(file: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (error instanceof FileNotWritten) throw error;
    throw new FileNotWritten(`cannot write ${file}: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`);
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
  throw error;
}
