import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseListen } from '../daemon/listen.ts';
import type { ProcessFigures } from '../daemon/metrics.ts';
import { liveness, readiness } from '../daemon/readiness.ts';
import { parseSchedule, runSchedule } from '../daemon/schedule.ts';
import { openServer, type Server } from '../daemon/server.ts';
import { statusDocument } from '../daemon/status-json.ts';
import { Secret } from '../model/secret.ts';
import type { LeaseStanding, WatchMode, WatchNewsSink } from '../model/watch-status.ts';
import { runWatch, type RunEnd, type Watching } from '../reconcile/run-watch.ts';
import type { Effects, Settings } from './contract.ts';
import { followFiles } from './follow-files.ts';
import { keepStatus } from './keep-status.ts';
import { openLead, type LeaseRequest } from './lead.ts';
import { onAbort } from './on-abort.ts';
import { openRounds, type Signals } from './watch-round.ts';

export interface WatchRequest {
  readonly mode: WatchMode;
  /** A cron expression, five fields or six; `CRON_TZ=ZONE ` may stand in front. */
  readonly schedule: string;
  /** `HOST:PORT`. */
  readonly listen: string;
  /** Null: this is the only one. */
  readonly lease: LeaseRequest | null;
  /** Aborted: finish what is in flight, start nothing more. */
  readonly drain: AbortSignal;
  /** Aborted: give up what is in flight. */
  readonly abort: AbortSignal;
  /** Calls back whenever a person asks for a run (SIGHUP); returns how to stop that. */
  readonly onAsked: (ask: () => void) => () => void;
  readonly onNews: WatchNewsSink;
  /** Of this process. */
  readonly figures: () => ProcessFigures;
}

export type Watched =
  /** It ran, and was told to end; `clean`: nothing in flight was given up. */
  | { readonly type: 'ended'; readonly clean: boolean }
  /** An option that says nothing sensible. */
  | { readonly type: 'unusable'; readonly option: string; readonly why: string }
  | { readonly type: 'cannot-listen'; readonly why: string };

/** File with the bearer of requests that act. */
const TOKEN_FILE = 'CONVERGE_HTTP_TOKEN_FILE';
/** Names, with commas between, that requests may call the server by. */
const HOSTS = 'CONVERGE_HTTP_HOSTS';

/** Keeps a team as the documents say, or says where it is not, until told to stop. Owns everything that lives as long. */
export async function watch(settings: Settings, effects: Effects, request: WatchRequest): Promise<Watched> {
  const schedule = parseSchedule(request.schedule);
  if ('wrong' in schedule) return { type: 'unusable', option: '--schedule', why: schedule.wrong };
  const listen = parseListen(request.listen);
  if ('wrong' in listen) return { type: 'unusable', option: '--listen', why: listen.wrong };

  const { clock, chance } = effects;
  const kept = keepStatus(effects, { mode: request.mode, schedule, apiUrl: settings.apiUrl });
  const lead =
    request.lease === null
      ? null
      : await openLead(request.lease, {
          effects,
          timeoutMs: settings.timeoutMs,
          onStanding(standing) {
            for (const news of kept.onLease(standing)) request.onNews(news);
          },
        });
  if (lead !== null && 'option' in lead) return { type: 'unusable', ...lead };
  let loop: Watching | null = null;
  const files = followFiles(settings.files, effects.cwd, {
    change: () => loop?.trigger('files'),
    failed: (why) => request.onNews({ type: 'files-unwatched', why }),
  });
  const told: Effects = {
    ...effects,
    mayWrite: lead?.mayWrite,
    onEvent(event) {
      kept.onEvent(event);
      effects.onEvent(event);
    },
  };
  const rounds = openRounds(settings, told, {
    mode: request.mode,
    onLoaded: files.learn,
    onCrash: (error) => request.onNews({ type: 'crashed', stack: stackOf(error) }),
  });
  let count = 0;
  const run = async (cause: string, signals: Signals): Promise<RunEnd> => {
    const id = ++count;
    const startedAt = clock.now();
    const from = clock.monotonic();
    request.onNews({ type: 'round-started', run: id, cause });
    // What changes from here on is read, or is seen.
    await files.follow();
    const found = await rounds.run(signals);
    for (const news of kept.onRound({ id, cause, startedAt, ms: clock.monotonic() - from, ...found }))
      request.onNews(news);
    return found.result === 'interrupted'
      ? { result: 'done', retryInMs: null }
      : { result: found.result, retryInMs: rounds.retryInMs() };
  };

  let server: Server;
  try {
    server = await openServer({
      listen,
      names: namesIn(effects.env[HOSTS]),
      token: () => readBearer(effects),
      live: () => liveness(kept.now(), clock.now()),
      ready: () => readiness(kept.now(), clock.now()),
      metrics: () => kept.metrics(rounds.provider()?.usage(), request.figures()),
      status: () => statusDocument(kept.now(), clock.now()),
      reconcile: () => loop?.trigger('asked'),
      elsewhere: () => elsewhere(lead?.standing() ?? null),
    });
  } catch (error) {
    return { type: 'cannot-listen', why: error instanceof Error ? error.message : String(error) };
  }
  const ending = new AbortController();
  const undo: (() => void)[] = [];
  try {
    request.onNews({ type: 'listening', url: server.url });
    const begin = (): Watching => runWatch({ clock, chance, run, onPhase: kept.onPhase });
    const watching = lead === null ? begin() : lead.watching(begin);
    loop = watching;
    undo.push(
      request.onAsked(() => watching.trigger('asked')),
      onAbort(request.drain, watching.stop),
      onAbort(request.abort, watching.abort),
    );
    const onTick = (): void => watching.trigger('tick');
    const ticking = runSchedule(schedule, { clock, chance, signal: ending.signal, onTick });
    // The schedule ends only by failing, or when it never comes again.
    const end = await Promise.race([watching.ended, ticking.then(() => watching.ended)]);
    request.onNews({ type: 'stopped', clean: end === 'drained' });
    return { type: 'ended', clean: end === 'drained' };
  } finally {
    ending.abort('ended');
    for (const undone of undo) undone();
    await Promise.all([files.close(), server.close(), rounds.close(), lead?.close()]);
  }
}

/** Who follows does not act: what is asked of it is refused, with the name of who would. */
function elsewhere(standing: LeaseStanding | null): string | null {
  if (standing === null || standing.role === 'leader') return null;
  const { holder, lease } = standing;
  return `another replica leads: ${holder ?? 'none at the moment'} (Lease ${lease}); ask it`;
}

/** Throws where the file that is named gives none. */
async function readBearer({ env, cwd }: Effects): Promise<Secret | null> {
  const file = env[TOKEN_FILE] ?? '';
  if (file === '') return null;
  const text = (await readFile(path.resolve(cwd, file), 'utf8')).trim();
  if (text === '') throw new Error('the file is empty');
  return new Secret(text);
}

function namesIn(list: string | undefined): readonly string[] {
  return (list ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
