import { EXIT, type ExitCode } from './exit-codes.ts';
import type { SignalSource } from './io.ts';

export type InterruptSignal = 'SIGINT' | 'SIGTERM';

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

export function listenForInterrupt(source: SignalSource, onDrain: (signal: InterruptSignal) => void): Interrupt {
  const drain = new AbortController();
  const abort = new AbortController();
  let first: InterruptSignal | null = null;

  const raise = (signal: InterruptSignal): void => {
    if (first === null) {
      first = signal;
      onDrain(signal);
      drain.abort('drain');
    } else {
      dispose();
      abort.abort('abort');
    }
  };
  const listener = (signal: NodeJS.Signals): void => raise(signal as InterruptSignal);
  const dispose = (): void => {
    source.off('SIGINT', listener);
    source.off('SIGTERM', listener);
  };
  source.on('SIGINT', listener);
  source.on('SIGTERM', listener);
  return { drain: drain.signal, abort: abort.signal, received: () => first, raise, dispose };
}

/** An interrupted command ends with its signal's code, whatever it had reached. */
export function exitAfter(interrupt: Interrupt, code: ExitCode): ExitCode {
  const signal = interrupt.received();
  return signal === null ? code : EXIT[signal];
}
