import { createInterface } from 'node:readline/promises';
import type { Io } from './io.ts';
import type { Interrupt } from './signals.ts';
import { inCi } from './terminal.ts';

/** Asks one question; null when there is no answer any more (end of input, interrupted). */
export type Ask = (question: string) => Promise<string | null>;

/** A person can answer: both ends are a terminal, and it is not a build machine's. */
export function canAsk(io: Pick<Io, 'stdin' | 'stderr' | 'env'>): boolean {
  return io.stdin.isTTY === true && io.stderr.isTTY === true && !inCi(io.env);
}

/** Reads answers from stdin, with questions on stderr. Call only where {@link canAsk}. */
export function askOn(io: Pick<Io, 'stdin' | 'stderr'>, interrupt: Interrupt): Ask {
  return async (question) => {
    if (interrupt.drain.aborted) return null;
    const lines = createInterface({ input: io.stdin, output: io.stderr, terminal: io.stdin.isTTY === true });
    // In raw mode Ctrl-C is a key: readline tells us, the process gets no signal.
    lines.on('SIGINT', () => interrupt.raise('SIGINT'));
    const ended = new Promise<null>((resolve) => {
      lines.once('close', () => resolve(null));
      // A terminal that goes away is the end of all answers.
      io.stdin.once('error', () => resolve(null));
    });
    try {
      return await Promise.race([lines.question(question, { signal: interrupt.drain }), ended]);
    } catch (error) {
      if (interrupt.drain.aborted) return null;
      throw error;
    } finally {
      lines.close();
    }
  };
}
