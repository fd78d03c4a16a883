import { spawn, type ChildProcess } from 'node:child_process';
import type { Clock } from '../model/ports.ts';
import { describeFsError, isMissing } from './describe-fs-error.ts';

export interface Program {
  /** The program and its arguments, each handed over as it is: no shell reads them. */
  readonly argv: readonly string[];
  /** Absolute; a program named with a slash is looked for from here. */
  readonly cwd: string;
  /** All that it sees of the environment; its PATH is where the program is looked for. */
  readonly env: Readonly<Record<string, string>>;
  /** What it reads on its stdin; absent: nothing. */
  readonly input?: Uint8Array;
  /** The most that it may print. */
  readonly maxBytes: number;
  readonly timeoutMs: number;
}

/** What became of a program: what it printed, or why that is not to be had. */
export type ProgramRun =
  | { readonly type: 'output'; readonly bytes: Uint8Array }
  | { readonly type: 'exited'; readonly code: number }
  | { readonly type: 'killed'; readonly by: string }
  | { readonly type: 'timed-out' | 'too-large' | 'missing' }
  /** `why` completes "it". */
  | { readonly type: 'failed'; readonly why: string };

export interface ProgramOptions {
  readonly clock: Pick<Clock, 'sleep'>;
  readonly signal?: AbortSignal;
}

/**
 * Runs a program to its end without a shell, its stdin what it is given and its stderr dropped, which may hold secrets.
 * It leads a process group of its own, and that group is killed when the program ends, takes too long, prints too much, or the
 * signal is aborted: what it started in the background does not outlive it, unless it left the group itself. Throws
 * the signal's reason when aborted, and nothing else.
 */
export async function runProgram(program: Program, { clock, signal }: ProgramOptions): Promise<ProgramRun> {
  signal?.throwIfAborted();
  const { argv, cwd, env, maxBytes, timeoutMs } = program;
  const [file = '', ...args] = argv;
  if (file === '') return { type: 'missing' };
  if (argv.some((word) => word.includes('\0'))) return { type: 'failed', why: 'has a NUL byte in its arguments' };
  const { promise, resolve, reject } = Promise.withResolvers<ProgramRun>();
  const timer = new AbortController();
  let child;
  try {
    const stdin = program.input === undefined ? 'ignore' : 'pipe';
    child = spawn(file, args, { cwd, env, stdio: [stdin, 'pipe', 'ignore'], detached: true, windowsHide: true });
  } catch (error) {
    return notStarted(error);
  }
  const kill = (): void => killGroup(child);
  const onAbort = (): void => reject(signal?.reason);
  // Even when this process ends on a second Ctrl-C, which the group of its own does not get.
  process.once('exit', kill);
  signal?.addEventListener('abort', onAbort, { once: true });
  clock.sleep(timeoutMs, timer.signal).then(
    () => resolve({ type: 'timed-out' }),
    () => undefined,
  );
  const chunks: Uint8Array[] = [];
  let total = 0;
  child.stdout?.on('data', (chunk: Uint8Array) => {
    chunks.push(chunk);
    total += chunk.length;
    if (total > maxBytes) resolve({ type: 'too-large' });
  });
  // It may end without having read all; that is its business.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(program.input);
  child.on('error', (error) => resolve(notStarted(error)));
  // What is left of the group would hold stdout open; what it printed until now is still read.
  child.on('exit', kill);
  child.on('close', (code, by) => {
    if (by !== null) resolve({ type: 'killed', by });
    else resolve(code === 0 ? { type: 'output', bytes: Buffer.concat(chunks) } : { type: 'exited', code: code ?? -1 });
  });
  try {
    return await promise;
  } finally {
    process.off('exit', kill);
    signal?.removeEventListener('abort', onAbort);
    timer.abort();
    // After its end the number of the group may be given to another one.
    if (child.exitCode === null && child.signalCode === null) kill();
    child.stdout?.destroy();
  }
}

/** Some of these are thrown, some come later as an event. */
function notStarted(error: unknown): ProgramRun {
  if (isMissing(error)) return { type: 'missing' };
  return { type: 'failed', why: `cannot be started: ${describeFsError(error)}` };
}

/** At once and for certain: a program that was not asked nicely cannot answer by staying. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nothing of it is left.
  }
}
