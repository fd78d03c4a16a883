import type { DatabaseSync } from 'node:sqlite';
import type { Address } from '../../model/address.ts';
import type { History, HistoryReader, Recorded, RunInput } from '../../model/history.ts';
import { openEquals } from './equals.ts';
import { episodeSteps } from './episodes.ts';
import { openEpisodeRows } from './episode-rows.ts';
import { numberOrNull, outcomeOf, runOf } from './rows.ts';
import { inTransaction, pragma } from './schema.ts';

/** The history in one database. Everything throws what SQLite throws; a run is recorded wholly or not at all. */
export type Store = Pick<History, 'record' | 'nextId'> & Omit<HistoryReader, 'state'>;

/** Equal runs are one row for so long: a history of months stays small, and each hour has its figures. */
export const COLLAPSE_MS = 3_600_000;

export function openStore(db: DatabaseSync): Store {
  const episodes = openEpisodeRows(db);
  const equals = openEquals(db);
  const select = db.prepare('SELECT * FROM runs WHERE id < ? ORDER BY id DESC LIMIT ?');
  const named = db.prepare('SELECT * FROM runs WHERE id >= ? ORDER BY id LIMIT 1');
  const outcomesOf = db.prepare('SELECT * FROM outcomes WHERE run = ? ORDER BY address, action');
  const last = db.prepare('SELECT * FROM runs ORDER BY id DESC LIMIT 1');
  const insert = db.prepare(
    `INSERT INTO runs (id, first_id, since, count, session, cause, started_at, ms, result, problem, differs, changed, held, reads, writes)
     VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const collapse = db.prepare(
    'UPDATE runs SET id = ?, count = count + 1, started_at = ?, ms = ?, reads = ?, writes = ? WHERE id = ?',
  );
  const insertOutcome = db.prepare('INSERT OR REPLACE INTO outcomes VALUES (?, ?, ?, ?, ?, ?)');
  let lastId = idOf(last.get());
  let version = pragma(db, 'data_version');

  /** Another process has written: what we remember of the tables is out of date. */
  function relearn(): void {
    const now = pragma(db, 'data_version');
    if (now === version) return;
    version = now;
    forget();
  }
  function forget(): void {
    lastId = idOf(last.get());
    episodes.forget();
    equals.forget();
  }

  function recordRun(input: RunInput): Recorded {
    const id = Math.max(input.id, lastId + 1);
    const steps = episodeSteps(episodes.open(), { ...input, id });
    const { startedAt, reading } = input;
    const opened = steps.began.map((difference) =>
      episodes.begin(difference, {
        origin: input.origin,
        seenAt: startedAt,
        run: id,
        lastEqualAt: equals.last(difference.address),
      }),
    );
    for (const difference of steps.moved) episodes.move(difference);
    for (const address of steps.tried) episodes.tried(address, id);
    const goneAt = reading?.at ?? startedAt;
    const closed = steps.ended.map((ending) => episodes.end(ending, Math.max(goneAt, startedAt)));
    if (reading !== null) equals.read(reading.at, reading.equal);
    const isNews = opened.length + closed.length + steps.moved.length + input.outcomes.length > 0;
    writeRun(input, id, isNews);
    return { id, opened, closed };
  }

  function writeRun(input: RunInput, id: number, isNews: boolean): void {
    const { session, cause, startedAt, ms, result, problem, held, requests } = input;
    const differs = input.reading?.differing.length ?? null;
    const changed = input.outcomes.filter(({ status }) => status === 'succeeded').length;
    const row = last.get();
    const before = row === undefined ? null : runOf(row);
    const isRepeated =
      before !== null &&
      !isNews &&
      before.changed === 0 &&
      startedAt - before.since < COLLAPSE_MS &&
      startedAt >= before.startedAt &&
      before.session === session &&
      before.cause === cause &&
      before.result === result &&
      before.problem === problem &&
      before.differs === differs &&
      before.held === held &&
      outcomesOf.get(before.id) === undefined;
    if (isRepeated) {
      const { reads, writes } = requests;
      collapse.run(id, startedAt, ms, reads, writes, before.id);
    } else {
      insert.run(
        id,
        id,
        startedAt,
        session,
        cause,
        startedAt,
        ms,
        result,
        problem,
        differs,
        changed,
        held,
        requests.reads,
        requests.writes,
      );
      for (const one of input.outcomes) insertOutcome.run(id, one.address, one.kind, one.action, one.status, one.code);
    }
  }

  return {
    record(input) {
      try {
        const recorded = inTransaction(db, () => {
          // Inside, so that nobody writes between the look and ours.
          relearn();
          return recordRun(input);
        });
        lastId = recorded.id;
        return recorded;
      } catch (error) {
        // It was rolled back, and what we remember was not.
        version = -1;
        throw error;
      }
    },
    nextId: () => lastId + 1,
    runs({ limit, before }) {
      const rows = select.all(before ?? Number.MAX_SAFE_INTEGER, limit + 1).map(runOf);
      const runs = rows.slice(0, limit);
      return { runs, next: rows.length > limit ? (runs.at(-1)?.id ?? null) : null };
    },
    run(id) {
      const row = named.get(id);
      const run = row === undefined ? null : runOf(row);
      if (run === null || run.firstId > id) return null;
      return { run, outcomes: outcomesOf.all(run.id).map(outcomeOf) };
    },
    episodes: (page) => episodes.since(page),
    lastEqual: (address: Address) => equals.last(address),
  };
}

function idOf(row: Readonly<Record<string, unknown>> | undefined): number {
  return numberOrNull(row?.['id']) ?? 0;
}
