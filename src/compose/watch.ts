import { openAlarm } from '../daemon/alarm.ts';
import { openEventStream } from '../daemon/event-stream.ts';
import { openLogLevel } from '../daemon/log-level.ts';
import { readPageShell } from '../daemon/page-shell.ts';
import { pauseApi } from '../daemon/pause-api.ts';
import { openPauseDesk, pausesInProcess } from '../daemon/pause-desk.ts';
import { pulseOf, runJson } from '../daemon/pulse.ts';
import { liveness, readiness } from '../daemon/readiness.ts';
import { runSchedule } from '../daemon/schedule.ts';
import { openServer, type Server } from '../daemon/server.ts';
import { statusDocument } from '../daemon/status-json.ts';
import { openTree } from '../daemon/tree-json.ts';
import { whyUnmatchable } from '../document/address-globs.ts';
import { runWatch, type RunEnd, type Watching } from '../reconcile/run-watch.ts';
import { WATCH_TIMES, type WatchPhase } from '../reconcile/watch.ts';
import type { Effects, Settings } from './contract.ts';
import { followFiles } from './follow-files.ts';
import { keepRecords } from './keep-records.ts';
import { keepStatus } from './keep-status.ts';
import { elsewhere, openLead } from './lead.ts';
import { onAbort } from './on-abort.ts';
import { openPush } from './open-push.ts';
import { pausesInLease } from './pauses-in-lease.ts';
import { kindsIn } from './platform.ts';
import { receivePush } from './receive-push.ts';
import { openSteady } from './steady.ts';
import { readRequest, type Watched, type WatchRequest } from './watch-request.ts';
import { openRounds, type Signals } from './watch-round.ts';
import { namesOf, readBearer } from './who-may-ask.ts';

const MOST_LAST_WORDS_MS = 5_000;
const LEAST_LAST_WORDS_MS = 1_000;
/** Runs for these read everything, whatever is remembered. */
const READS_EVERYTHING: ReadonlySet<string> = new Set(['start', 'files', 'asked']);
/** Phases in which the platform is read between runs. */
const IDLE: ReadonlySet<WatchPhase> = new Set(['waiting', 'settling']);

/** Keeps a team as the documents say, or says where it is not, until told to stop. Owns everything that lives as long. */
export async function watch(settings: Settings, effects: Effects, request: WatchRequest): Promise<Watched> {
  const read = readRequest(request);
  if ('type' in read) return read;
  const pushed = await openPush(settings, effects);
  if ('type' in pushed) return pushed;
  const { schedule, fullSchedule, listen } = read;
  const { clock, chance } = effects;
  const { mode, onNews } = request;
  const kept = keepStatus(effects, { mode, schedule, apiUrl: settings.apiUrl });
  const lead =
    request.lease === null
      ? null
      : await openLead(request.lease, {
          effects,
          timeoutMs: settings.timeoutMs,
          onStanding: (standing) => kept.onLease(standing).forEach(onNews),
        });
  if (lead !== null && 'type' in lead) return lead;
  const onCrash = (error: unknown): void => onNews({ type: 'crashed', stack: stackOf(error) });
  const records = await keepRecords(settings, effects, { ...request.records, mode, onNews, onCrash });
  if ('problems' in records) {
    await lead?.close();
    return { type: 'invalid-file', problems: records.problems };
  }
  const level = openLogLevel({
    initial: request.log.level,
    clock,
    apply: request.log.setLevel,
    onChange: (change) => onNews({ type: 'log-level', ...change }),
  });
  const treeOf = openTree();
  const tree = (): ReturnType<typeof treeOf> => treeOf(kept.now().view);
  const events = openEventStream({ clock, state: () => pulseOf(kept.now(), clock.now(), tree().etag) });
  let loop: Watching | null = null;
  let phase: WatchPhase = 'waiting';
  const files = followFiles(settings.files, effects.cwd, {
    change: () => loop?.trigger('files'),
    failed: (why) => onNews({ type: 'files-unwatched', why }),
  });
  const told: Effects = {
    ...effects,
    mayWrite: lead?.mayWrite,
    onEvent(event) {
      kept.onEvent(event);
      effects.onEvent(event);
    },
  };
  const pauses = request.pauses ?? (lead === null ? pausesInProcess() : pausesInLease(lead.pauses));
  const steady = openSteady({ clock, schedule, fullSchedule, concurrency: settings.concurrency, push: pushed.push });
  const onMoved = (): void => loop?.trigger('moved');
  const rounds = openRounds(settings, told, {
    mode,
    steady,
    pauses,
    onLoaded(loaded) {
      records.learn(loaded);
      return files.learn(loaded);
    },
    onCrash,
  });
  // A tick: a run that goes is told again by its own end, and a platform that is down is not asked sooner.
  const alarm = openAlarm(clock, () => loop?.trigger('tick'));
  const desk = openPauseDesk(pauses, {
    now: () => clock.now(),
    whyNot: (address) => whyUnmatchable(address, kindsIn(settings))?.summary ?? null,
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
    onNews({ type: 'round-started', run: id, cause });
    // What changes from here on is read, or is seen.
    await files.follow();
    if (READS_EVERYTHING.has(cause)) steady.askFull();
    const found = await rounds.run(signals);
    const round = { id, cause, startedAt, ms: clock.monotonic() - from, ...found };
    for (const news of [...kept.onRound(round), ...kept.onCost(steady.cost())]) onNews(news);
    records.onRound(round);
    alarm.set(rounds.turnsAt());
    events.tell('run', runJson(round));
    events.changed();
    return found.result === 'interrupted'
      ? { result: 'done', retryInMs: null }
      : { result: found.result, retryInMs: rounds.retryInMs() };
  };
  const begin = (): Watching =>
    runWatch({
      clock,
      chance,
      run,
      onPhase(now) {
        phase = now;
        kept.onPhase(now);
        events.changed();
      },
    });

  let server: Server;
  try {
    server = await openServer({
      listen,
      names: namesOf(effects),
      token: () => readBearer(effects),
      live: () => liveness(kept.now(), clock.now()),
      ready: () => readiness(kept.now(), clock.now()),
      metrics: () => kept.metrics(rounds.provider()?.usage(), request.figures(), records.metrics()),
      status: () => ({
        ...statusDocument(kept.now(), clock.now()),
        ...records.status(),
        logLevel: level.current(),
      }),
      reconcile: () => loop?.trigger('asked'),
      elsewhere: () => elsewhere(lead?.standing() ?? null),
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
      page: { shell: await readPageShell(), tree, events },
    });
  } catch (error) {
    await Promise.all([records.close(0), lead?.close()]);
    return { type: 'cannot-listen', why: error instanceof Error ? error.message : String(error) };
  }
  const ending = new AbortController();
  let stoppedAt: number | null = null;
  const undo: (() => void)[] = [];
  let refreshing = Promise.resolve();
  try {
    onNews({ type: 'listening', url: server.url });
    const watching = lead === null ? begin() : lead.watching(begin);
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
    refreshing = steady.refresh({ signal: ending.signal, isIdle: () => IDLE.has(phase), onMoved });
    // The schedule ends only by failing, or when it never comes again.
    const end = await Promise.race([
      watching.ended,
      ticking.then(() => watching.ended),
      refreshing.then(() => watching.ended),
    ]);
    await records.close(request.abort.aborted ? 0 : lastWordsMs(stoppedAt, clock.monotonic()));
    onNews({ type: 'stopped', clean: end === 'drained' });
    return { type: 'ended', clean: end === 'drained' };
  } finally {
    ending.abort('ended');
    alarm.close();
    for (const undone of undo) undone();
    // Where it failed, that is what the race above has rejected with.
    await refreshing.catch(() => undefined);
    level.close();
    events.close();
    await Promise.all([files.close(), server.close(), rounds.close(), records.close(0), lead?.close()]);
  }
}

/** Messages that wait are sent before the time is over in which all has to end; a moment where a run has used it up. */
function lastWordsMs(stoppedAt: number | null, now: number): number {
  const left = WATCH_TIMES.drainMs - (stoppedAt === null ? 0 : now - stoppedAt);
  return Math.max(LEAST_LAST_WORDS_MS, Math.min(MOST_LAST_WORDS_MS, left));
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
