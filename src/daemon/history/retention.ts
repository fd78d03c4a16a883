import type { DatabaseSync } from 'node:sqlite';
import { inTransaction, pragma } from './schema.ts';

/** How much is kept. */
export interface Bounds {
  /** What ended before so many milliseconds is forgotten. */
  readonly ageMs: number;
  /** Of the file and what SQLite keeps beside it. */
  readonly bytes: number;
}

/** Rows that go at once: a few milliseconds. */
const STEP_ROWS = 500;
const STEP_PAGES = 512;
/** Above this share of the pages room is made, before there is none. */
const FULL_SHARE = 0.9;
/** What is written since SQLite last moved it to its place may stand beside the file: so much, or a quarter of small ones. */
const MOST_WAL_BYTES = 4 * 1024 * 1024;

/** Tells SQLite the bounds. Before the first table is made. */
export function bound(db: DatabaseSync, { bytes }: Bounds): void {
  const size = pragma(db, 'page_size');
  const wal = Math.min(MOST_WAL_BYTES, Math.floor(bytes / 4));
  db.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor((bytes - wal) / size))}`);
  db.exec(`PRAGMA wal_autocheckpoint = ${Math.max(1, Math.floor(wal / 2 / size))}`);
  db.exec(`PRAGMA journal_size_limit = ${wal}`);
}

/** Bytes in use, without what is free inside of the file. */
export function bytesOf(db: DatabaseSync): number {
  return (pragma(db, 'page_count') - pragma(db, 'freelist_count')) * pragma(db, 'page_size');
}

/** One small step: of what is too old, and of the oldest where room is short. True: there may be more to do. */
export function prune(db: DatabaseSync, bounds: Bounds, now: number): boolean {
  const old = now - bounds.ageMs;
  const isOld = forgetBefore(db, old) > 0;
  const used = pragma(db, 'page_count') - pragma(db, 'freelist_count');
  const isFull = used > pragma(db, 'max_page_count') * FULL_SHARE;
  const made = isFull && makeRoom(db);
  if (pragma(db, 'freelist_count') > STEP_PAGES) db.exec(`PRAGMA incremental_vacuum(${STEP_PAGES})`);
  return isOld || made;
}

/** Forgets the oldest rows, whatever their age. False: nothing is left that could go. */
export function makeRoom(db: DatabaseSync): boolean {
  return inTransaction(db, () => {
    const runs = remove(db, 'runs', 'id', `SELECT id FROM runs ORDER BY id LIMIT ${STEP_ROWS}`);
    const oldest = db.prepare('SELECT min(started_at) AS at FROM runs').get()?.['at'] ?? Number.MAX_SAFE_INTEGER;
    const episodes = remove(
      db,
      'episodes',
      'id',
      `SELECT id FROM episodes WHERE gone_at < ? ORDER BY gone_at LIMIT ${STEP_ROWS}`,
      oldest,
    );
    if (runs + episodes > 0) return true;
    const ended = `SELECT address FROM equals WHERE until IS NOT NULL ORDER BY until LIMIT ${STEP_ROWS}`;
    return remove(db, 'equals', 'address', ended) > 0;
  });
}

function forgetBefore(db: DatabaseSync, old: number): number {
  // Looked for first: a run in which nothing is old writes nothing.
  const found = db
    .prepare(
      `SELECT (SELECT min(started_at) FROM runs) < ? AS runs, (SELECT min(gone_at) FROM episodes) < ? AS episodes,
              (SELECT min(until) FROM equals WHERE until IS NOT NULL) < ? AS equals`,
    )
    .get(old, old, old);
  if (found?.['runs'] !== 1 && found?.['episodes'] !== 1 && found?.['equals'] !== 1) return 0;
  return inTransaction(
    db,
    () =>
      remove(db, 'runs', 'id', `SELECT id FROM runs WHERE started_at < ? ORDER BY started_at LIMIT ${STEP_ROWS}`, old) +
      remove(db, 'episodes', 'id', `SELECT id FROM episodes WHERE gone_at < ? LIMIT ${STEP_ROWS}`, old) +
      remove(db, 'equals', 'address', `SELECT address FROM equals WHERE until < ? LIMIT ${STEP_ROWS}`, old),
  );
}

function remove(db: DatabaseSync, table: string, column: string, which: string, ...given: readonly unknown[]): number {
  const statement = db.prepare(`DELETE FROM ${table} WHERE ${column} IN (${which})`);
  return Number(statement.run(...(given as readonly number[])).changes);
}
