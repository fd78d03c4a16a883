import type { DatabaseSync } from 'node:sqlite';
import type { History, HistoryState, Recorded, RunInput } from '../../model/history.ts';
import type { Clock } from '../../model/ports.ts';
import { loadSqlite } from './load-sqlite.ts';
import { openFile, openMemory, whyNot } from './open-database.ts';
import { bytesOf, makeRoom, prune, type Bounds } from './retention.ts';
import { openStore, type Store } from './store.ts';

export interface HistoryOptions {
  /** Null: in memory, and gone with the process. */
  readonly file: string | null;
  readonly bounds: Bounds;
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
  /** Told when the file cannot be used, and when it can again; not again while nothing changes. */
  readonly onState: (state: HistoryState & { readonly aside: string | null }) => void;
}

/** What stands in memory beside a process that runs for months. */
const MOST_MEMORY_BYTES = 16 * 1024 * 1024;
const LEAST_MEMORY_BYTES = 1024 * 1024;
/** Runs that wait for a file that cannot be written; older ones are in memory alone. */
const MOST_WAITING = 500;
const FIRST_RETRY_MS = 30_000;
const LONGEST_RETRY_MS = 600_000;
/** How often room is made for one run before it is given up. */
const MOST_ROOM_MADE = 20;

interface Held {
  readonly db: DatabaseSync;
  readonly store: Store;
}

/**
 * The history in a file, and in memory while the file cannot be used: runs that it misses are written once it can.
 * Rejects for bugs alone; whatever a disk does is told to `onState`.
 */
export async function openHistory(options: HistoryOptions): Promise<History> {
  const sqlite = await loadSqlite();
  const { file, bounds, clock } = options;
  const small: Bounds = { ...bounds, bytes: Math.max(LEAST_MEMORY_BYTES, Math.min(bounds.bytes, MOST_MEMORY_BYTES)) };
  let onFile: Held | null = null;
  let inMemory: Held | null = null;
  let why: string | null = null;
  let told: string | null = null;
  let retryAt = 0;
  let retries = 0;
  let isDamaged = false;
  let bytes = 0;
  let waiting: RunInput[] = [];
  const held = (db: DatabaseSync): Held => ({ db, store: openStore(db) });
  const memory = (): Held => (inMemory ??= held(openMemory(sqlite, small)));
  const state = (): HistoryState => ({
    available: why === null,
    why,
    place: onFile === null ? 'memory' : 'file',
    bytes,
  });
  const tell = (aside: string | null): void => {
    if (told === why && aside === null) return;
    told = why;
    options.onState({ ...state(), aside });
  };

  /** The file from now on, with what it has missed; or memory, until a later time. */
  function tryFile(): void {
    if (file === null || onFile !== null || clock.monotonic() < retryAt) return;
    const opened = openFile(sqlite, file, { bounds, now: clock.now(), isDamaged });
    if ('why' in opened) return giveUp(opened.why);
    isDamaged = false;
    try {
      const next = held(opened.db);
      for (; waiting.length > 0; waiting.shift()) write(next, waiting[0] as RunInput, bounds);
      bytes = bytesOf(opened.db);
      onFile = next;
    } catch (error) {
      closeQuietly(opened.db);
      return failed(error, opened.aside);
    }
    why = null;
    if (inMemory !== null) closeQuietly(inMemory.db);
    inMemory = null;
    tell(opened.aside);
  }

  function giveUp(reason: string, aside: string | null = null): void {
    if (onFile !== null) closeQuietly(onFile.db);
    onFile = null;
    why = reason;
    retryAt = clock.monotonic() + Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(retries++, 10));
    tell(aside);
  }

  /** What a disk or a database does has a code; what has none is a bug, and hides behind no file. */
  function failed(error: unknown, aside: string | null = null): void {
    if ((error as { readonly code?: unknown }).code === undefined) throw error;
    const { why: reason, isBroken } = whyNot(error);
    isDamaged = isBroken;
    giveUp(reason, aside);
  }

  /** Reading may find what writing did not. */
  function read<T>(from: (store: Store) => T): T {
    if (onFile !== null)
      try {
        return from(onFile.store);
      } catch (error) {
        failed(error);
      }
    return from(memory().store);
  }

  /** In a database that is full the oldest goes, and what is new is tried again. */
  function write(into: Held, run: RunInput, within: Bounds): Recorded {
    for (let made = 0; ; made++) {
      try {
        const recorded = into.store.record(run);
        tidy(into, within);
        return recorded;
      } catch (error) {
        const isFull = ((error as { readonly errcode?: number }).errcode ?? 0) % 256 === 13;
        if (!isFull || made === MOST_ROOM_MADE || !makeRoom(into.db)) throw error;
      }
    }
  }

  /** The run is recorded already, whatever becomes of this. */
  function tidy(into: Held, within: Bounds): void {
    try {
      prune(into.db, within, clock.now());
      bytes = bytesOf(into.db);
    } catch (error) {
      if (into === onFile) failed(error);
    }
  }

  function recordInMemory(run: RunInput): Recorded {
    if (file !== null) {
      // Only the latest says what is equal: the sets of all of them would be what is too much.
      waiting = waiting.map((one) =>
        one.reading?.equal == null ? one : { ...one, reading: { ...one.reading, equal: null } },
      );
      waiting = [...waiting, run].slice(-MOST_WAITING);
    }
    try {
      return write(memory(), run, small);
    } catch (error) {
      if ((error as { readonly code?: unknown }).code === undefined) throw error;
      // Too much for the little room that there is: what is new counts.
      closeQuietly(memory().db);
      inMemory = null;
      return { id: run.id, opened: [], closed: [] };
    }
  }

  tryFile();
  return {
    record(run) {
      tryFile();
      if (onFile === null) return recordInMemory(run);
      try {
        const recorded = write(onFile, run, bounds);
        // Not when it was opened: a file that opens and takes nothing is tried less and less often.
        retries = 0;
        return recorded;
      } catch (error) {
        failed(error);
        return recordInMemory(run);
      }
    },
    nextId: () => read((store) => store.nextId()),
    runs: (page) => read((store) => store.runs(page)),
    run: (id) => read((store) => store.run(id)),
    episodes: (page) => read((store) => store.episodes(page)),
    lastEqual: (address) => read((store) => store.lastEqual(address)),
    state,
    close() {
      for (const one of [onFile, inMemory]) if (one !== null) closeQuietly(one.db);
      onFile = null;
      inMemory = null;
    },
  };
}

function closeQuietly(db: DatabaseSync): void {
  try {
    db.close();
  } catch {
    // It could not be written; that is known.
  }
}
