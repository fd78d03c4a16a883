import process from 'node:process';
import { watch } from '../../compose/watch.ts';
import { sanitize } from '../../report/sanitize.ts';
import type { WatchOptions } from '../watch-options.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { systemChance, systemClock } from '../../compose/machine.ts';
import type { Session } from '../session.ts';
import { settingsOf } from '../settings.ts';
import { listenForInterrupt } from '../signals.ts';
import { UsageError } from '../usage-error.ts';
import { watchLog } from '../watch-log.ts';

const MIB = 1024 * 1024;
/** With the usual `--timeout` of 30 s a write may begin for 21 s after each renewal, of which there is one every 7 s. */
const LEASE_DURATION_MS = 60_000;

/** Runs the daemon until a signal ends it: 0 after a clean drain, else the signal's code. */
export async function runWatchCommand(options: WatchOptions, session: Session): Promise<ExitCode> {
  const { io, version } = session;
  const settings = settingsOf(options, io.env, { policy: options.policy });
  const log = watchLog(io.stderr, {
    level: options.logLevel,
    format: options.logFormat,
    color: session.stderr.color,
    scrub: session.scrub,
    now: () => systemClock.now(),
  });
  let ask: (() => void) | null = null;
  let toggle: (() => void) | null = null;
  // For as long as the process lives: without a listener Node opens a debugger, and after one the signal kills.
  io.signals.on('SIGUSR1', () => toggle?.());
  const interrupt = listenForInterrupt(
    io.signals,
    (signal) => log.onEvent({ type: 'draining', signal }),
    () => ask?.(),
  );
  try {
    const watched = await watch(
      settings,
      { env: io.env, cwd: io.cwd, clock: systemClock, chance: systemChance, onEvent: log.onEvent, version },
      {
        mode: options.apply === true ? 'apply' : 'observe',
        schedule: options.schedule,
        fullSchedule: options.fullSchedule,
        listen: options.listen,
        lease:
          options.lease === undefined
            ? null
            : { name: options.lease, durationMs: options.leaseDuration ?? LEASE_DURATION_MS },
        drain: interrupt.drain,
        abort: interrupt.abort,
        onAsked(listener) {
          ask = listener;
          return () => (ask = null);
        },
        onNews: log.onNews,
        records: {
          historyFile: options.history ?? null,
          historyBounds: { ageMs: options.historyAge, bytes: options.historySize * MIB },
          notifyFile: options.notify ?? null,
        },
        log: {
          level: options.logLevel,
          setLevel: log.setLevel,
          onToggle(listener) {
            toggle = listener;
            return () => (toggle = null);
          },
        },
        figures: processFigures,
      },
    );
    switch (watched.type) {
      case 'unusable':
        throw new UsageError(`${watched.option}: ${watched.why}`);
      case 'invalid-file':
        for (const problem of watched.problems) io.stderr.write(`converge: ${sanitize(problem)}\n`);
        return EXIT.error;
      case 'cannot-listen':
        io.stderr.write(`converge: cannot listen on ${sanitize(options.listen)}: ${sanitize(watched.why)}\n`);
        return EXIT.error;
      case 'ended':
        return watched.clean ? EXIT.done : EXIT[interrupt.received() ?? 'SIGTERM'];
      default:
        return watched satisfies never;
    }
  } finally {
    interrupt.dispose();
  }
}

function processFigures(): { readonly residentBytes: number; readonly cpuSeconds: number } {
  const { user, system } = process.cpuUsage();
  return { residentBytes: process.memoryUsage.rss(), cpuSeconds: (user + system) / 1e6 };
}
