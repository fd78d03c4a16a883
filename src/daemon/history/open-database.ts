import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  existsSync,
  linkSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  unlinkSync,
} from 'node:fs';
import path from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Sqlite } from './load-sqlite.ts';
import { APPLICATION_ID, ForeignFile, migrate, NewerHistory } from './schema.ts';
import { bound, type Bounds } from './retention.ts';

/** A database that can be written, or why there is none: one sentence without its full stop. */
export type OpenedDatabase = { readonly db: DatabaseSync; readonly aside: string | null } | { readonly why: string };

/** Another process writes for so long at most; everything here waits meanwhile. */
const BUSY_MS = 500;
/** More broken files than that are a broken disk, and nothing that a new one would mend. */
const MOST_ASIDE = 3;
const DAMAGED = { why: 'the file is damaged', isBroken: true } as const;

export function openMemory({ DatabaseSync }: Sqlite, bounds: Bounds): DatabaseSync {
  const db = new DatabaseSync(':memory:');
  prepare(db, bounds);
  return db;
}

/**
 * Opens a file, or makes it: 0600, never through a link. A broken one that was ours is renamed to `FILE.corrupt-TIME`, and
 * a new one begun; what is not ours, or newer than this version, is left as it is.
 */
export function openFile(
  sqlite: Sqlite,
  file: string,
  options: {
    readonly bounds: Bounds;
    readonly now: number;
    /** It was found to be damaged while it was used, which opening may not show. */
    readonly isDamaged: boolean;
  },
): OpenedDatabase {
  const { bounds, now } = options;
  const first = options.isDamaged ? DAMAGED : tryOpen(sqlite, file, bounds);
  if ('db' in first) return { db: first.db, aside: null };
  if (!first.isBroken) return { why: first.why };
  const aside = setAside(file, now);
  if (aside === null) return { why: `${first.why}, and is left as it is` };
  const second = tryOpen(sqlite, file, bounds);
  return 'db' in second ? { db: second.db, aside } : { why: second.why };
}

/** SQLite's own words for what a disk does, as ours. */
export function whyNot(error: unknown): { readonly why: string; readonly isBroken: boolean } {
  if (error instanceof NewerHistory)
    return { why: 'the file was written by a newer version of this program', isBroken: false };
  if (error instanceof ForeignFile) return { why: 'the file is a database of something else', isBroken: false };
  const { errcode, code } = error as { readonly errcode?: number; readonly code?: string };
  switch (errcode === undefined ? null : errcode & 0xff) {
    case 5:
    case 6:
      return { why: 'another process holds the file', isBroken: false };
    case 8:
      return { why: 'the file is read-only', isBroken: false };
    case 10:
      return { why: `reading or writing the file failed (${String(errcode)})`, isBroken: false };
    case 11:
      return DAMAGED;
    case 13:
      return { why: 'the disk, or the room that the history may take, is full', isBroken: false };
    case 14:
      return { why: 'the file cannot be opened', isBroken: false };
    case 26:
      return { why: 'the file is no database', isBroken: true };
    default:
      return {
        why: `the file cannot be used (${code ?? 'unknown'} ${String(errcode ?? '')})`.replace(/ \)$/, ')'),
        isBroken: false,
      };
  }
}

function tryOpen(
  { DatabaseSync }: Sqlite,
  file: string,
  bounds: Bounds,
): { readonly db: DatabaseSync } | { readonly why: string; readonly isBroken: boolean } {
  let db: DatabaseSync | null = null;
  try {
    makePrivate(file);
    db = new DatabaseSync(file, { timeout: BUSY_MS });
    prepare(db, bounds);
    // Also a file that was made whole by others may not be writable now.
    db.exec('BEGIN IMMEDIATE; ROLLBACK');
    return { db };
  } catch (error) {
    if (db?.isOpen === true) db.close();
    return error instanceof NotAFile ? { why: error.message, isBroken: false } : whyNot(error);
  }
}

function prepare(db: DatabaseSync, bounds: Bounds): void {
  db.exec('PRAGMA auto_vacuum = INCREMENTAL');
  db.exec('PRAGMA journal_mode = WAL');
  // A run that a power cut loses is one that nobody needs; the file stays whole.
  db.exec('PRAGMA synchronous = NORMAL');
  bound(db, bounds);
  migrate(db);
}

class NotAFile extends Error {
  override readonly name = 'NotAFile';
}

/** The file and what SQLite puts beside it are plain files that nobody else reads. */
function makePrivate(file: string): void {
  for (const one of [file, `${file}-wal`, `${file}-shm`]) {
    const stats = lstatSync(one, { throwIfNoEntry: false });
    if (stats === undefined) continue;
    if (!stats.isFile()) throw new NotAFile('there is a link or no plain file of that name');
    if ((stats.mode & 0o077) !== 0) chmodSync(one, 0o600);
  }
  if (lstatSync(file, { throwIfNoEntry: false }) !== undefined) return;
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new NotAFile(`the file cannot be made (${code})`);
  }
}

/** Only what was a history of ours, by its first bytes, and never over another file. Null: it is not safe, or has failed. */
function setAside(file: string, now: number): string | null {
  try {
    if (!wasOurs(file)) return null;
    const { dir, base } = path.parse(path.resolve(file));
    const before = readdirSync(dir).filter(
      (name) => name.startsWith(`${base}.corrupt-`) && !/-(?:wal|shm)$/.test(name),
    );
    if (before.length >= MOST_ASIDE) return null;
    const time = new Date(now).toISOString().replace(/[-:]|\.\d+/g, '');
    const free = `${file}.corrupt-${time}`;
    const aside = existsSync(free) ? `${free}-${randomBytes(3).toString('hex')}` : free;
    // A link fails where the name is taken; a rename would replace what has it.
    linkSync(file, aside);
    unlinkSync(file);
    // They belong to the old file, and would spoil a new one.
    for (const beside of ['-wal', '-shm'])
      if (existsSync(`${file}${beside}`)) renameSync(`${file}${beside}`, `${aside}${beside}`);
    return aside;
  } catch {
    return null;
  }
}

/** The header of a database: its name, and at byte 68 whose it is (sqlite.org/fileformat2.html). */
function wasOurs(file: string): boolean {
  const header = Buffer.alloc(72);
  const handle = openSync(file, 'r');
  try {
    readSync(handle, header, 0, header.length, 0);
  } finally {
    closeSync(handle);
  }
  return header.toString('latin1', 0, 16) === 'SQLite format 3\0' && header.readUInt32BE(68) === APPLICATION_ID;
}
