import type { InterruptSignal } from '../model/outcome.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import type { SignalSource } from './io.ts';

/** Law H: the first signal drains, the second aborts. A third finds the default behaviour and kills. */
export interface Interrupt {
  /** Aborted at the first signal: start nothing more. */
  readonly drain: AbortSignal;
  /** Aborted at the second: give up what is in flight. */
  readonly abort: AbortSignal;
  /** The first signal that came. */
  received(): InterruptSignal | null;
  /** As if the process had got it: a terminal in raw mode sends Ctrl-C as a key. */
  raise(signal: InterruptSignal): void;
  dispose(): void;
}

/**
 * SIGHUP says that the terminal is gone. The kernel and the shell often both send it, so it never counts as a second
 * signal, and it stays caught: nothing else would protect what is in flight. `onHangup`: for what has no terminal, and
 * takes it as daemons do, as a request to look again.
 */
export function listenForInterrupt(
  source: SignalSource,
  onDrain: (signal: InterruptSignal) => void,
  onHangup: (() => void) | null = null,
): Interrupt {
  const drain = new AbortController();
  const abort = new AbortController();
  let first: InterruptSignal | null = null;

  const raise = (signal: InterruptSignal): void => {
    if (first === null) {
      first = signal;
      onDrain(signal);
      drain.abort('drain');
    } else if (signal !== 'SIGHUP') {
      letGo();
      abort.abort('abort');
    }
  };
  const listener = (signal: NodeJS.Signals): void => {
    if (signal === 'SIGHUP' && onHangup !== null) onHangup();
    else raise(signal as InterruptSignal);
  };
  const letGo = (): void => {
    source.off('SIGINT', listener);
    source.off('SIGTERM', listener);
  };
  source.on('SIGINT', listener);
  source.on('SIGTERM', listener);
  source.on('SIGHUP', listener);
  return {
    drain: drain.signal,
    abort: abort.signal,
    received: () => first,
    raise,
    dispose() {
      letGo();
      source.off('SIGHUP', listener);
    },
  };
}

/** An interrupted command ends with its signal's code, whatever it had reached. */
export function exitAfter(interrupt: Interrupt, code: ExitCode): ExitCode {
  const signal = interrupt.received();
  return signal === null ? code : EXIT[signal];
}
