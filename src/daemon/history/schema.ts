import type { DatabaseSync } from 'node:sqlite';

/** `application_id` of our files, "CVGH": what is set aside as broken has to have been ours. */
export const APPLICATION_ID = 0x43_56_47_48;

/** Forward only: what is released is never edited, the next one is appended. */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE runs (
    id INTEGER PRIMARY KEY,      -- the last one of those that the row stands for
    first_id INTEGER NOT NULL,
    since INTEGER NOT NULL,
    count INTEGER NOT NULL,
    session TEXT NOT NULL,
    cause TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    ms REAL NOT NULL,
    result TEXT NOT NULL,
    problem TEXT,
    differs INTEGER,
    changed INTEGER NOT NULL,
    held INTEGER NOT NULL,
    reads INTEGER NOT NULL,
    writes INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX runs_started ON runs (started_at);
  CREATE TABLE outcomes (
    run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    address TEXT NOT NULL,
    kind TEXT NOT NULL,
    action TEXT NOT NULL,
    status TEXT NOT NULL,
    code TEXT,
    PRIMARY KEY (run, address, action)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE episodes (
    id INTEGER PRIMARY KEY,
    address TEXT NOT NULL,
    kind TEXT NOT NULL,
    action TEXT NOT NULL,
    reason TEXT NOT NULL,
    fields TEXT NOT NULL,        -- JSON, names
    origin TEXT NOT NULL,
    seen_at INTEGER NOT NULL,
    run INTEGER NOT NULL,
    last_equal_at INTEGER,
    tried_in INTEGER,            -- a run that changed it, and did not see what came of that
    gone_at INTEGER,
    healed_by TEXT,
    healed_in INTEGER
  ) STRICT;
  CREATE UNIQUE INDEX episodes_open ON episodes (address) WHERE gone_at IS NULL;
  CREATE INDEX episodes_seen ON episodes (seen_at);
  CREATE INDEX episodes_gone ON episodes (gone_at);
  -- Written when an address becomes equal or ceases to be, and not by every run.
  CREATE TABLE equals (
    address TEXT PRIMARY KEY,
    since INTEGER NOT NULL,
    until INTEGER                -- null: as of the last reading
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX equals_until ON equals (until) WHERE until IS NOT NULL;
  CREATE TABLE readings (one INTEGER PRIMARY KEY CHECK (one = 1), at INTEGER NOT NULL) STRICT;
  `,
];

/** What {@link migrate} brings a database to. */
export const HISTORY_VERSION: number = MIGRATIONS.length;

/** A file that a newer version has written: it is left alone. */
export class NewerHistory extends Error {
  override readonly name = 'NewerHistory';
}

/** A database that is not a history of ours. */
export class ForeignFile extends Error {
  override readonly name = 'ForeignFile';
}

/** Brings a database to the newest tables, one transaction for each step. Throws {@link NewerHistory}, {@link ForeignFile}. */
export function migrate(db: DatabaseSync, migrations: readonly string[] = MIGRATIONS): void {
  const application = pragma(db, 'application_id');
  const version = pragma(db, 'user_version');
  const isNew = application === 0 && version === 0 && pragma(db, 'schema_version') === 0;
  if (!isNew && application !== APPLICATION_ID) throw new ForeignFile();
  if (version > migrations.length) throw new NewerHistory();
  for (const [index, sql] of migrations.entries()) {
    if (index < version) continue;
    inTransaction(db, () =>
      db.exec(`${sql}; PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${index + 1}`),
    );
  }
}

/** All of it, or nothing. */
export function inTransaction<T>(db: DatabaseSync, act: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = act();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    // Some errors have rolled back already.
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/** Everything that `read` asks is as of one moment, whoever writes meanwhile. */
export function inOneReading<T, Request>(
  db: DatabaseSync,
  read: (db: DatabaseSync, request: Request) => T,
  request: Request,
): T {
  db.exec('BEGIN');
  try {
    return read(db, request);
  } finally {
    if (db.isTransaction) db.exec('ROLLBACK');
  }
}

export function pragma(db: DatabaseSync, name: string): number {
  const row = db.prepare(`PRAGMA ${name}`).get() ?? {};
  return Number(Object.values(row)[0] ?? 0);
}
