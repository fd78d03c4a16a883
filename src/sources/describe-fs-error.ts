/** A file system error in words, without the path (messages of the system repeat it): `permission denied (EACCES)`. */
export function describeFsError(error: unknown): string {
  const code = fsErrorCode(error);
  const words = code === null ? undefined : WORDS[code];
  return words === undefined ? (code ?? 'unknown error') : `${words} (${code})`;
}

/** `ENOENT` and the like; null for what is not a system error. */
export function fsErrorCode(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

/** True where nothing stands at the path. */
export function isMissing(error: unknown): boolean {
  const code = fsErrorCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  ENOENT: 'it does not exist',
  ENOTDIR: 'a part of its path is not a folder',
  EISDIR: 'it is a folder',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'its name is too long',
  EMFILE: 'too many open files',
  ENFILE: 'too many open files',
  EIO: 'input/output error',
  ENXIO: 'no such device',
  ERR_INVALID_ARG_VALUE: 'the path has a NUL byte',
};
