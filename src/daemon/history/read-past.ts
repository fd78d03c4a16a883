import { existsSync, statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { DatabaseSync } from 'node:sqlite';
import type { Address } from '../../model/address.ts';
import type { DriftPast } from '../../model/drift-past.ts';
import { loadSqlite, type Sqlite } from './load-sqlite.ts';
import { whyNot } from './open-database.ts';
import { numberOrNull } from './rows.ts';
import { APPLICATION_ID, ForeignFile, HISTORY_VERSION, inOneReading, NewerHistory, pragma } from './schema.ts';
import { openStore } from './store.ts';

/** The daemon writes for so long at most; then it is told that another process holds the file. */
const BUSY_MS = 2_000;
const MOST_EPISODES = 5_000;

export interface PastRequest {
  /** When they were last as declared is asked. */
  readonly addresses: readonly Address[];
  /** Of what ended before nothing is listed; milliseconds since epoch. */
  readonly since: number;
}

/**
 * What a file of a daemon's history tells, also while that daemon writes it: one reading, and nothing of the file is changed.
 * Whatever is wrong with the file is a sentence without its full stop; never throws for it.
 */
export async function readPast(
  file: string,
  request: PastRequest,
): Promise<{ readonly past: DriftPast } | { readonly why: string }> {
  const sqlite = await loadSqlite();
  let db: DatabaseSync | null = null;
  try {
    const stats = statSync(file, { throwIfNoEntry: false });
    if (stats === undefined) return { why: 'there is no such file' };
    if (!stats.isFile()) return { why: 'it is no plain file' };
    db = openToRead(sqlite, file);
    return { past: inOneReading(db, pastOf, request) };
  } catch (error) {
    return { why: error instanceof OlderHistory ? error.message : whyNot(error).why };
  } finally {
    if (db?.isOpen === true) db.close();
  }
}

/**
 * A file that no process has open is read as it lies there: SQLite would put its own two beside it otherwise, and could
 * not where the folder is read-only. Its log beside it means a daemon that runs or died, and both are read.
 */
function openToRead({ DatabaseSync }: Sqlite, file: string): DatabaseSync {
  const place = pathToFileURL(file);
  if (!existsSync(`${file}-wal`)) place.searchParams.set('immutable', '1');
  return new DatabaseSync(place, { readOnly: true, timeout: BUSY_MS });
}

class OlderHistory extends Error {
  override readonly name = 'OlderHistory';
}

function pastOf(db: DatabaseSync, { addresses, since }: PastRequest): DriftPast {
  if (pragma(db, 'application_id') !== APPLICATION_ID) throw new ForeignFile();
  const version = pragma(db, 'user_version');
  if (version > HISTORY_VERSION) throw new NewerHistory();
  if (version < HISTORY_VERSION)
    throw new OlderHistory(
      'the file was written by an older version of this program, whose daemon has to open it first',
    );
  const store = openStore(db);
  const episodes = store.episodes({ since, limit: MOST_EPISODES + 1 });
  const first = db.prepare('SELECT min(since) AS at FROM runs').get();
  const seen =
    numberOrNull(first?.['at']) ?? Math.min(Number.MAX_SAFE_INTEGER, ...episodes.map(({ seenAt }) => seenAt));
  return {
    from: Math.max(since, seen),
    episodes: episodes.slice(0, MOST_EPISODES),
    isCut: episodes.length > MOST_EPISODES,
    lastEqual: new Map(
      addresses.flatMap((address) => {
        const at = store.lastEqual(address);
        return at === null ? [] : [[address, at] as const];
      }),
    ),
  };
}
