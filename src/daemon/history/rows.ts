import type { Address } from '../../model/address.ts';
import type { Episode, RecordedOutcome, RecordedRun } from '../../model/history.ts';

type Row = Readonly<Record<string, unknown>>;

/** A row of `runs`. Ours alone write there, so that shapes are trusted and files of others are not opened. */
export function runOf(row: Row): RecordedRun {
  return {
    id: Number(row['id']),
    session: String(row['session']),
    cause: String(row['cause']),
    startedAt: Number(row['started_at']),
    ms: Number(row['ms']),
    result: row['result'] as RecordedRun['result'],
    problem: textOrNull(row['problem']),
    differs: numberOrNull(row['differs']),
    changed: Number(row['changed']),
    held: Number(row['held']),
    requests: { reads: Number(row['reads']), writes: Number(row['writes']) },
    count: Number(row['count']),
    firstId: Number(row['first_id']),
    since: Number(row['since']),
  };
}

export function outcomeOf(row: Row): RecordedOutcome {
  return {
    address: String(row['address']) as Address,
    kind: String(row['kind']),
    action: row['action'] as RecordedOutcome['action'],
    status: row['status'] as RecordedOutcome['status'],
    code: textOrNull(row['code']),
  };
}

export function episodeOf(row: Row): Episode {
  return {
    address: String(row['address']) as Address,
    kind: String(row['kind']),
    action: row['action'] as Episode['action'],
    reason: row['reason'] as Episode['reason'],
    fields: JSON.parse(String(row['fields'])) as readonly string[],
    origin: row['origin'] as Episode['origin'],
    seenAt: Number(row['seen_at']),
    run: Number(row['run']),
    lastEqualAt: numberOrNull(row['last_equal_at']),
    goneAt: numberOrNull(row['gone_at']),
    healedBy: row['healed_by'] as Episode['healedBy'],
    healedIn: numberOrNull(row['healed_in']),
  };
}

export function numberOrNull(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value);
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
