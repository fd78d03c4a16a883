import process from 'node:process';
import type { InterruptSignal } from '../model/outcome.ts';

/** A stream that text goes to. `columns` and `rows` are there on a terminal. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): boolean;
  on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown;
}

/** Where signals come from. */
export interface SignalSource {
  on(signal: InterruptSignal | 'SIGUSR1', listener: (signal: NodeJS.Signals) => void): unknown;
  off(signal: InterruptSignal | 'SIGUSR1', listener: (signal: NodeJS.Signals) => void): unknown;
}

/** Everything of the process that a command touches. */
export interface Io {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: Output;
  readonly stderr: Output & NodeJS.WritableStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly signals: SignalSource;
  /** Where everything is that a comment has no room for, for people. Absent: the reports say. */
  readonly elsewhere?: string;
}

export function processIo(): Io {
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
    signals: process,
  };
}
