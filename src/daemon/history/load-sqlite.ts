import process from 'node:process';
import type * as sqlite from 'node:sqlite';

export type Sqlite = typeof sqlite;

/**
 * Node's own SQLite, loaded where it is needed. The first versions of Node 24 announce it as experimental, 24.21
 * does not; that one warning is kept off the user's terminal, and no other.
 */
export async function loadSqlite(): Promise<Sqlite> {
  const before = Object.getOwnPropertyDescriptor(process, 'emitWarning');
  if (before === undefined) return import('node:sqlite');
  const warn = process.emitWarning.bind(process) as (...given: unknown[]) => void;
  Object.defineProperty(process, 'emitWarning', {
    ...before,
    value(...given: unknown[]) {
      if (!textOf(given[0]).startsWith('SQLite is an experimental feature')) warn(...given);
    },
  });
  try {
    return await import('node:sqlite');
  } finally {
    Object.defineProperty(process, 'emitWarning', before);
  }
}

function textOf(warning: unknown): string {
  return warning instanceof Error ? warning.message : typeof warning === 'string' ? warning : '';
}
