import type { Episode, HistoryReader, HistoryState, RecordedOutcome, RecordedRun } from '../model/history.ts';

const FORMAT_VERSION = '1.0';

type Json = Readonly<Record<string, unknown>>;

/** What `/api/runs` answers. Minor versions add keys. */
export function runsDocument({ runs, next }: ReturnType<HistoryReader['runs']>): Json {
  return { kind: 'runs', formatVersion: FORMAT_VERSION, runs: runs.map(runJson), next };
}

/** What `/api/runs/ID` answers. */
export function runDocument({
  run,
  outcomes,
}: {
  readonly run: RecordedRun;
  readonly outcomes: readonly RecordedOutcome[];
}): Json {
  return {
    kind: 'run',
    formatVersion: FORMAT_VERSION,
    run: runJson(run),
    outcomes: outcomes.map(({ address, kind, action, status, code }) => ({ address, kind, action, status, code })),
  };
}

/** What `/api/drift` answers: names of fields, never a value of one. */
export function driftDocument(episodes: readonly Episode[]): Json {
  return { kind: 'drift-history', formatVersion: FORMAT_VERSION, episodes: episodes.map(episodeJson) };
}

/** The part of `/api/status` that says whether any of it is kept. */
export function historyJson({ available, why, place, bytes }: HistoryState): Json {
  return { available, why, place, bytes };
}

function runJson(run: RecordedRun): Json {
  return {
    id: run.id,
    session: run.session,
    cause: run.cause,
    startedAt: time(run.startedAt),
    seconds: run.ms / 1000,
    result: run.result,
    problem: run.problem,
    differs: run.differs,
    changed: run.changed,
    held: run.held,
    requests: run.requests,
    standsFor: { runs: run.count, firstId: run.firstId, since: time(run.since) },
  };
}

function episodeJson(episode: Episode): Json {
  return {
    address: episode.address,
    kind: episode.kind,
    action: episode.action,
    reason: episode.reason,
    fields: episode.fields,
    origin: episode.origin,
    seenAt: time(episode.seenAt),
    goneAt: timeOrNull(episode.goneAt),
    healedBy: episode.healedBy,
    run: episode.run,
    healedInRun: episode.healedIn,
    lastEqualAt: timeOrNull(episode.lastEqualAt),
  };
}

/** RFC 3339 UTC. */
function time(ms: number): string {
  return new Date(ms).toISOString();
}

function timeOrNull(ms: number | null): string | null {
  return ms === null ? null : time(ms);
}
