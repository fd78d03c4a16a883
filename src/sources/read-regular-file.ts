import type { Stats } from 'node:fs';
import { constants, lstat, open, type FileHandle } from 'node:fs/promises';
import { describeFsError } from './describe-fs-error.ts';

export type FileRead =
  | { readonly type: 'read'; readonly bytes: Uint8Array }
  | { readonly type: 'too-large' }
  /** `why` completes "it": `is a pipe, and a regular file is needed`. */
  | { readonly type: 'failed'; readonly why: string };

/**
 * The bytes of a regular file of at most `maxBytes`. `path` must be a real path: a link in its last part is refused,
 * and so is a file that is swapped between the look and the opening. Never blocks (pipes, devices) and never reads
 * more than `maxBytes` + 1 bytes, whatever size the file claims.
 */
export async function readRegularFile(path: string, maxBytes: number): Promise<FileRead> {
  try {
    const seen = await lstat(path);
    if (!seen.isFile()) return { type: 'failed', why: `is ${whatIs(seen)}, and a regular file is needed` };
    if (seen.size > maxBytes) return { type: 'too-large' };
    // Windows has neither flag; undefined counts as no bits.
    const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    try {
      const opened = await handle.stat();
      if (!opened.isFile() || opened.ino !== seen.ino || opened.dev !== seen.dev) {
        return { type: 'failed', why: 'changed while it was opened' };
      }
      const bytes = await readUpTo(handle, maxBytes + 1);
      return bytes.length > maxBytes ? { type: 'too-large' } : { type: 'read', bytes };
    } finally {
      await handle.close();
    }
  } catch (error) {
    return { type: 'failed', why: `cannot be read: ${describeFsError(error)}` };
  }
}

async function readUpTo(handle: FileHandle, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  while (total < limit) {
    const chunk = new Uint8Array(Math.min(64 * 1024, limit - total));
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, null);
    if (bytesRead === 0) break;
    chunks.push(chunk.subarray(0, bytesRead));
    total += bytesRead;
  }
  return Buffer.concat(chunks);
}

function whatIs(stats: Stats): string {
  if (stats.isDirectory()) return 'a folder';
  if (stats.isFIFO()) return 'a pipe';
  if (stats.isSocket()) return 'a socket';
  if (stats.isSymbolicLink()) return 'a link';
  return 'a device';
}
