import { setImmediate } from 'node:timers/promises';
import { toolVersion } from '../compose/tool-version.ts';
import { sanitize } from '../report/sanitize.ts';
import { parseArgs, type Invocation } from './args.ts';
import { COMPLETE } from './completion-options.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import type { Io } from './io.ts';
import { keepWriting } from './outputs.ts';
import { scrubberFor } from './scrub.ts';
import { openSession } from './session.ts';
import { keepHeapSmall } from './small-heap.ts';
import { UsageError } from './usage-error.ts';
import { FileNotWritten } from './written-file.ts';

/** One run of the command line: argv without node and script → exit code. Writes to `io` only, never exits. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const whole = keepWriting(io);
  const code = await runArgv(argv, io);
  // What a stream says of its last write comes a moment after it.
  await setImmediate();
  return whole(code);
}

async function runArgv(argv: readonly string[], io: Io): Promise<ExitCode> {
  const version = toolVersion();
  try {
    if (argv[0] === COMPLETE)
      return await (await import('./commands/complete.ts')).runComplete(argv.slice(1), io, version);
    const invocation = parseArgs(argv, {
      version,
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
    });
    return invocation === null ? EXIT.done : await runInvocation(invocation, io, version);
  } catch (error) {
    return reportFailure(error, argv, io);
  }
}

/** Each command loads what it needs: `--version` and `validate` start without the network and the log. */
async function runInvocation(invocation: Invocation, io: Io, version: string): Promise<ExitCode> {
  const session = openSession(io, version, { ...invocation.options, command: invocation.command });
  switch (invocation.command) {
    case 'validate':
      return (await import('./commands/validate.ts')).runValidate(invocation.options, session);
    case 'plan':
      return (await import('./commands/plan.ts')).runPlan(invocation.options, session);
    case 'apply':
      return (await import('./commands/apply.ts')).runApply(invocation.planFile, invocation.options, session);
    case 'drift':
      return (await import('./commands/drift.ts')).runDrift(invocation.options, session);
    case 'explain':
      return (await import('./commands/explain.ts')).runExplain(invocation.address, invocation.options, session);
    case 'check-code':
      return (await import('./commands/check-code.ts')).runCheckCode(invocation.folder, invocation.options, session);
    case 'watch':
      keepHeapSmall();
      return (await import('./commands/watch.ts')).runWatchCommand(invocation.options, session);
    case 'dump':
      return (await import('./commands/dump.ts')).runDump(invocation.options, session);
    case 'show':
      return (await import('./commands/show.ts')).runShow(invocation.planFile, invocation.options, session);
    case 'schema':
      return (await import('./commands/schema.ts')).runSchema(invocation.options, session);
    case 'completion':
      return (await import('./commands/completion.ts')).runCompletion(invocation.shell, session);
    case 'sandbox':
      return (await import('./commands/sandbox.ts')).runSandbox(invocation.options, session);
    default:
      return invocation satisfies never;
  }
}

/** What no command handled: wrong usage, a file that cannot be written, or a bug of ours. */
async function reportFailure(error: unknown, argv: readonly string[], io: Io): Promise<ExitCode> {
  const problem = problemOf(error, io);
  if (wantsJson(argv)) {
    const { errorDocument } = await import('../report/error-json.ts');
    const { jsonText } = await import('../report/plain-json.ts');
    const { code, summary, hint } = problem;
    const document = errorDocument([{ severity: 'error', code, summary, ...(hint === null ? {} : { hint }) }]);
    io.stdout.write(jsonText(document));
  } else {
    io.stderr.write(`converge: ${problem.summary}\n${problem.hint === null ? '' : `  ${problem.hint}\n`}`);
  }
  return problem.exit;
}

function problemOf(error: unknown, io: Io) {
  if (error instanceof UsageError) {
    return { code: 'CVG706', summary: sanitize(error.message), hint: error.hint, exit: EXIT.usage } as const;
  }
  if (error instanceof FileNotWritten)
    return { code: 'CVG705', summary: sanitize(error.message), hint: null, exit: EXIT.error } as const;
  const scrub = scrubberFor(io.env);
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    code: 'CVG707',
    summary: `this is a bug of converge, please report it: ${scrub(text)}`,
    hint: null,
    exit: EXIT.error,
  } as const;
}

/** Before argv is understood: did the caller ask for JSON? */
function wantsJson(argv: readonly string[]): boolean {
  return argv.some((arg, index) => arg === '--format=json' || (arg === '--format' && argv[index + 1] === 'json'));
}
