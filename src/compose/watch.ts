import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { openAlarm } from '../daemon/alarm.ts';
import { parseListen } from '../daemon/listen.ts';
import { openLogLevel, type Level } from '../daemon/log-level.ts';
import type { ProcessFigures } from '../daemon/metrics.ts';
import { liveness, readiness } from '../daemon/readiness.ts';
import { pauseApi } from '../daemon/pause-api.ts';
import { openPauseDesk, pausesInProcess } from '../daemon/pause-desk.ts';
import { parseSchedule, runSchedule } from '../daemon/schedule.ts';
import { openServer, type Server } from '../daemon/server.ts';
import { statusDocument } from '../daemon/status-json.ts';
import { whyUnmatchable } from '../document/address-globs.ts';
import type { PauseStore } from '../model/pause.ts';
import { Secret } from '../model/secret.ts';
import type { WatchMode, WatchNewsSink } from '../model/watch-status.ts';
import { kindsFor, pushFor } from '../providers/registry.ts';
import { runWatch, type RunEnd, type Watching } from '../reconcile/run-watch.ts';
import { WATCH_TIMES } from '../reconcile/watch.ts';
import type { Effects, Settings } from './contract.ts';
import { followFiles } from './follow-files.ts';
import { keepRecords, type RecordOptions } from './keep-records.ts';
import { keepStatus } from './keep-status.ts';
import { PUSH_SECRETS, readPushSecrets } from './push-secrets.ts';
import { receivePush } from './receive-push.ts';
import { openSteady, type SteadyOptions } from './steady.ts';
import { openRounds, type Signals } from './watch-round.ts';

export interface WatchRequest {
  readonly mode: WatchMode;
  /** A cron expression, five fields or six; `CRON_TZ=ZONE ` may stand in front. */
  readonly schedule: string;
  /** As `schedule`: when everything is read. */
  readonly fullSchedule: string;
  /** `HOST:PORT`. */
  readonly listen: string;
  /** Aborted: finish what is in flight, start nothing more. */
  readonly drain: AbortSignal;
  /** Aborted: give up what is in flight. */
  readonly abort: AbortSignal;
  /** Calls back whenever a person asks for a run (SIGHUP); returns how to stop that. */
  readonly onAsked: (ask: () => void) => () => void;
  readonly onNews: WatchNewsSink;
  /** Pauses that no document says; absent: gone with the process. */
  readonly pauses?: PauseStore;
  readonly records: RecordOptions;
  readonly log: {
    readonly level: Level | 'silent';
    readonly setLevel: (level: Level | 'silent') => void;
    /** Calls back whenever a person asks for more or less of the log (SIGUSR1); returns how to stop that. */
    readonly onToggle: (toggle: () => void) => () => void;
  };
  /** Of this process. */
  readonly figures: () => ProcessFigures;
}

export type Watched =
  /** It ran, and was told to end; `clean`: nothing in flight was given up. */
  | { readonly type: 'ended'; readonly clean: boolean }
  /** An option that says nothing sensible. */
  | { readonly type: 'unusable'; readonly option: string; readonly why: string }
  /** What is wrong with a file that an option names, one line each. */
  | { readonly type: 'invalid-file'; readonly problems: readonly string[] }
  | { readonly type: 'cannot-listen'; readonly why: string };

/** File with the bearer of requests that act. */
const TOKEN_FILE = 'CONVERGE_HTTP_TOKEN_FILE';
/** Names, with commas between, that requests may call the server by. */
const HOSTS = 'CONVERGE_HTTP_HOSTS';

const MOST_LAST_WORDS_MS = 5_000;
const LEAST_LAST_WORDS_MS = 1_000;
/** Runs for these read everything, whatever is remembered. */
const READS_EVERYTHING: ReadonlySet<string> = new Set(['start', 'files', 'asked']);
/** Phases in which the platform is read between runs. */
const IDLE: ReadonlySet<string> = new Set(['waiting', 'settling']);

/** Keeps a team as the documents say, or says where it is not, until told to stop. Owns everything that lives as long. */
export async function watch(settings: Settings, effects: Effects, request: WatchRequest): Promise<Watched> {
  const schedule = parseSchedule(request.schedule);
  if ('wrong' in schedule) return { type: 'unusable', option: '--schedule', why: schedule.wrong };
  const fullSchedule = parseSchedule(request.fullSchedule);
  if ('wrong' in fullSchedule) return { type: 'unusable', option: '--full-schedule', why: fullSchedule.wrong };
  const pushed = await openPush(settings, effects);
  if ('why' in pushed) return { type: 'unusable', option: PUSH_SECRETS, why: pushed.why };
  const listen = parseListen(request.listen);
  if ('wrong' in listen) return { type: 'unusable', option: '--listen', why: listen.wrong };

  const { clock, chance } = effects;
  const onCrash = (error: unknown): void => request.onNews({ type: 'crashed', stack: stackOf(error) });
  const { mode, onNews } = request;
  const records = await keepRecords(settings, effects, { ...request.records, mode, onNews, onCrash });
  if ('problems' in records) return { type: 'invalid-file', problems: records.problems };
  const level = openLogLevel({
    initial: request.log.level,
    clock,
    apply: request.log.setLevel,
    onChange: (change) => onNews({ type: 'log-level', ...change }),
  });
  const kept = keepStatus(effects, { mode: request.mode, schedule, apiUrl: settings.apiUrl });
  let loop: Watching | null = null;
  const files = followFiles(settings.files, effects.cwd, {
    change: () => loop?.trigger('files'),
    failed: (why) => request.onNews({ type: 'files-unwatched', why }),
  });
  const told: Effects = {
    ...effects,
    onEvent(event) {
      kept.onEvent(event);
      effects.onEvent(event);
    },
  };
  const pauses = request.pauses ?? pausesInProcess();
  const steady = openSteady({ clock, schedule, fullSchedule, concurrency: settings.concurrency, push: pushed.push });
  const onMoved = (): void => loop?.trigger('moved');
  const rounds = openRounds(settings, told, {
    mode: request.mode,
    steady,
    pauses,
    onLoaded: (loaded) => {
      records.learn(loaded);
      return files.learn(loaded);
    },
    onCrash,
  });
  // A tick: a run that goes is told again by its own end, and a platform that is down is not asked sooner.
  const alarm = openAlarm(clock, () => loop?.trigger('tick'));
  const desk = openPauseDesk(pauses, {
    now: () => clock.now(),
    whyNot: (address) => whyUnmatchable(address, kindsFor(settings.dialect))?.summary ?? null,
    onAdded() {
      rounds.brake();
      loop?.trigger('asked');
    },
    onLifted: () => loop?.trigger('asked'),
  });
  const run = async (cause: string, signals: Signals): Promise<RunEnd> => {
    const id = records.nextRun();
    const startedAt = clock.now();
    const from = clock.monotonic();
    request.onNews({ type: 'round-started', run: id, cause });
    // What changes from here on is read, or is seen.
    await files.follow();
    if (READS_EVERYTHING.has(cause)) steady.askFull();
    const found = await rounds.run(signals);
    const round = { id, cause, startedAt, ms: clock.monotonic() - from, ...found };
    for (const news of [...kept.onRound(round), ...kept.onCost(steady.cost())]) request.onNews(news);
    records.onRound(round);
    alarm.set(rounds.turnsAt());
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
      metrics: () => kept.metrics(rounds.provider()?.usage(), request.figures()) + records.metrics(),
      status: () => ({
        ...statusDocument(kept.now(), clock.now()),
        ...records.status(),
        logLevel: level.current(),
      }),
      reconcile: () => loop?.trigger('asked'),
      pauses: pauseApi(desk, () => kept.now().view?.plan.paused ?? []),
      history: () => records.history,
      setLogLevel: level.set,
      hook:
        pushed.push === null
          ? null
          : receivePush(pushed.push.of, {
              clock,
              secrets: pushed.push.secrets,
              onMoved: (moved) => (steady.hear(moved) ? onMoved() : undefined),
            }),
    });
  } catch (error) {
    await records.close(0);
    return { type: 'cannot-listen', why: error instanceof Error ? error.message : String(error) };
  }
  const ending = new AbortController();
  let stoppedAt: number | null = null;
  const undo: (() => void)[] = [];
  let refreshing = Promise.resolve();
  try {
    request.onNews({ type: 'listening', url: server.url });
    const watching = runWatch({ clock, chance, run, onPhase: kept.onPhase });
    loop = watching;
    undo.push(
      request.onAsked(() => watching.trigger('asked')),
      request.log.onToggle(level.toggle),
      onAbort(request.drain, () => (stoppedAt = clock.monotonic())),
      onAbort(request.drain, watching.stop),
      onAbort(request.abort, watching.abort),
      onAbort(request.abort, () => void records.close(0)),
    );
    const onTick = (): void => {
      steady.onTick();
      watching.trigger('tick');
    };
    const ticking = runSchedule(schedule, { clock, chance, signal: ending.signal, onTick });
    // The schedule ends only by failing, or when it never comes again.
    refreshing = steady.refresh({ signal: ending.signal, isIdle: () => IDLE.has(kept.now().phase), onMoved });
    const end = await Promise.race([
      watching.ended,
      ticking.then(() => watching.ended),
      refreshing.then(() => watching.ended),
    ]);
    await records.close(request.abort.aborted ? 0 : lastWordsMs(stoppedAt, clock.monotonic()));
    request.onNews({ type: 'stopped', clean: end === 'drained' });
    return { type: 'ended', clean: end === 'drained' };
  } finally {
    ending.abort('ended');
    alarm.close();
    for (const undone of undo) undone();
    // Where it failed, that is what the race above has rejected with.
    await refreshing.catch(() => undefined);
    level.close();
    await Promise.all([files.close(), server.close(), rounds.close(), records.close(0)]);
  }
}

/** What the platform may send, where a file of secrets says that it does. */
async function openPush(
  { dialect }: Settings,
  effects: Effects,
): Promise<{ readonly push: SteadyOptions['push'] } | { readonly why: string }> {
  try {
    if ((await readPushSecrets(effects)) === null) return { push: null };
  } catch (error) {
    return { why: error instanceof Error ? error.message : String(error) };
  }
  const of = pushFor(dialect);
  if (of === null) return { why: `the dialect ${dialect} sends nothing` };
  return { push: { of, secrets: async () => (await readPushSecrets(effects)) ?? [] } };
}

/** Messages that wait are sent before the time is over in which all has to end; a moment where a run has used it up. */
function lastWordsMs(stoppedAt: number | null, now: number): number {
  const left = WATCH_TIMES.drainMs - (stoppedAt === null ? 0 : now - stoppedAt);
  return Math.max(LEAST_LAST_WORDS_MS, Math.min(MOST_LAST_WORDS_MS, left));
}

function onAbort(signal: AbortSignal, act: () => void): () => void {
  if (signal.aborted) act();
  else signal.addEventListener('abort', act, { once: true });
  return () => signal.removeEventListener('abort', act);
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
