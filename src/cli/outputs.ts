import { sanitize } from '../report/sanitize.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import type { Io } from './io.ts';

/** Nobody is there any more who would read: a pipe's reader has ended (`| head`), or the terminal has gone. */
const NOBODY_READS: ReadonlySet<string | undefined> = new Set(['EPIPE', 'EIO', 'ENXIO', 'ECONNRESET']);

/**
 * No run stops in the middle because what it prints is not read or not kept. Gives what the exit code becomes: that
 * nobody reads is the reader's business; what could not be written (a full disk) is an error, said at the end.
 */
export function keepWriting(io: Pick<Io, 'stdout' | 'stderr'>): (code: number) => number {
  let lost: string | null = null;
  io.stdout.on('error', ({ code, message }) => {
    if (!NOBODY_READS.has(code)) lost ??= code ?? message;
  });
  // Where stderr fails there is nobody to tell.
  io.stderr.on('error', () => undefined);
  return (code) => {
    if (lost === null) return code;
    io.stderr.write(`converge: what was printed is not whole: stdout cannot be written (${sanitize(lost)})\n`);
    return isGood(code) ? EXIT.error : code;
  };
}

function isGood(code: number): code is ExitCode {
  return code === EXIT.done || code === EXIT.changes;
}
