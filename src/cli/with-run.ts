import type { Effects } from '../compose/contract.ts';
import { systemChance, systemClock } from '../compose/machine.ts';
import type { EventSink } from '../model/event.ts';
import type { ExitCode } from './exit-codes.ts';
import type { CommonOptions, LogLevel } from './options.ts';
import { noProgress, type Progress, progressOn } from './progress.ts';
import type { Session } from './session.ts';
import { exitAfter, type Interrupt, listenForInterrupt } from './signals.ts';

/** What a run against the platform has beside its session. */
export interface Run {
  readonly effects: Effects;
  readonly interrupt: Interrupt;
  readonly progress: Progress;
}

export type RunOptions = Pick<CommonOptions, 'logLevel' | 'logFormat'> & {
  /** Milliseconds that the whole run may take; then it ends as after SIGTERM. */
  readonly deadline?: number;
};

/** A log of these levels, or one for machines, takes the place of the progress display: each tells what happens once. */
const TELLING: ReadonlySet<LogLevel> = new Set(['trace', 'debug', 'info']);

/** Runs `body` with signals, progress and logs in place, and ends with the signal's code where one came. */
export async function withRun(
  session: Session,
  options: RunOptions,
  body: (run: Run) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { io } = session;
  const logs = options.logLevel !== 'silent' && (TELLING.has(options.logLevel) || options.logFormat === 'json');
  const progress = logs || options.logLevel === 'silent' ? noProgress : await progressOn(io.stderr, session.stderr);
  const log = logs ? await openLog(session, options) : noProgress.onEvent;
  const onEvent: EventSink = (event) => {
    log(event);
    progress.onEvent(event);
  };
  const interrupt = listenForInterrupt(io.signals, (signal) => onEvent({ type: 'draining', signal }));
  const effects: Effects = {
    env: io.env,
    cwd: io.cwd,
    clock: systemClock,
    chance: systemChance,
    onEvent,
    version: session.version,
  };
  const ended = new AbortController();
  if (options.deadline !== undefined) endAt(options.deadline, { session, interrupt, ended: ended.signal });
  try {
    return exitAfter(interrupt, await body({ effects, interrupt, progress }));
  } finally {
    ended.abort();
    interrupt.dispose();
    await progress.settle();
  }
}

/** Waits in the background for the deadline of the run, and not beyond its end. */
function endAt(
  ms: number,
  run: { readonly session: Session; readonly interrupt: Interrupt; readonly ended: AbortSignal },
): void {
  systemClock.sleep(ms, run.ended).then(
    () => {
      if (run.interrupt.received() !== null) return;
      run.session.io.stderr.write('The time of --deadline is over: this ends as after SIGTERM.\n');
      run.interrupt.raise('SIGTERM');
    },
    // It has ended before.
    () => undefined,
  );
}

async function openLog(session: Session, options: Pick<CommonOptions, 'logLevel' | 'logFormat'>): Promise<EventSink> {
  const { logSink } = await import('./log.ts');
  return logSink(session.io.stderr, {
    level: options.logLevel,
    format: options.logFormat,
    color: session.stderr.color,
    scrub: session.scrub,
    now: () => systemClock.now(),
  });
}
