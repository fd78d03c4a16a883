import { randomBytes } from 'node:crypto';
import { chmod, lstat, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** What the process was given to write to; a file among them is written to at its end. */
const OWN_STREAM = /^\/(?:dev\/(?:stdout|stderr|fd\/\d+)|proc\/self\/fd\/\d+)$/;

/** Why a file was not written, for the user. */
export class FileNotWritten extends Error {
  override readonly name = 'FileNotWritten';
}

/**
 * Writes a report like a secret file: it says how a team is built. A device or pipe is written to as it is, and so is
 * a stream of the process (`/dev/stderr`).
 */
export async function writeReport(file: string, text: string): Promise<void> {
  await explained(file, async () => {
    const isOwnStream = OWN_STREAM.test(path.resolve(file));
    const there = await (isOwnStream ? stat : lstat)(file).catch(ignoreMissing);
    const isDevice = there !== null && !there.isFile() && !there.isSymbolicLink() && !there.isDirectory();
    if (isOwnStream || isDevice) await writeFile(file, text, { flag: there?.isFile() === true ? 'a' : 'w' });
    else await replaceUnlinked(file, text);
  });
}

/** Writes a file as secret as the values it stands on: whole or not at all, 0600 whatever was there, never through a link. */
export async function writeSecretFile(file: string, text: string): Promise<void> {
  await explained(file, () => replaceUnlinked(file, text));
}

export interface NewFile {
  readonly file: string;
  readonly text: string;
  /** 0600. */
  readonly secret: boolean;
}

/**
 * Writes new files for people, whole or not at all each, never through a link and never over another content: where one
 * of them stands there already with another text, none is written. Folders are made.
 */
export async function writeNewFiles(files: readonly NewFile[]): Promise<void> {
  for (const { file, text } of files) {
    await explained(file, async () => {
      const there = await lstat(file).catch(ignoreMissing);
      if (there === null) return;
      if (!there.isFile()) throw new FileNotWritten(`${file} is a link or not a plain file: it is not written through`);
      if ((await readFile(file, 'utf8')) !== text)
        throw new FileNotWritten(`${file} is there already with another content; nothing is written`);
    });
  }
  for (const { file, text, secret } of files) {
    await explained(file, async () => {
      await mkdir(path.dirname(file), { recursive: true });
      await replaceUnlinked(file, text, secret ? 0o600 : 0o666);
    });
  }
}

/** Fails early, before anything is read or changed, when `file` has no folder to stand in. */
export async function checkFolderOf(file: string): Promise<void> {
  const folder = path.dirname(file);
  const there = await stat(folder).catch(ignoreMissing);
  if (there === null || !there.isDirectory())
    throw new FileNotWritten(`cannot write ${file}: there is no folder ${folder}`);
}

/** `mode` 0600 whatever the umask; any other as the umask has it. */
async function replaceUnlinked(file: string, text: string, mode = 0o600): Promise<void> {
  const there = await lstat(file).catch(ignoreMissing);
  if (there !== null && !there.isFile())
    throw new FileNotWritten(`${file} is a link or not a plain file: it is not written through`);
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const handle = await open(temporary, 'wx', mode);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    // Whatever the umask, which can only take away.
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
