import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import path from 'node:path';
import { commandEnvironment } from './child-environment.ts';
import { describeFsError } from './describe-fs-error.ts';
import type { EnvOptions } from './resolve-env.ts';
import { runProgram, type ProgramOptions, type ProgramRun } from './run-program.ts';

export const POLICY_TIMEOUT_MS = 10_000;

const MAX_ANSWER_BYTES = 1024 * 1024;

const MODULE = /\.[cm]?[jt]s$/;

export interface PolicyFileOptions extends EnvOptions, ProgramOptions {
  /** Absolute; where the file is looked for, and where it runs. */
  readonly cwd: string;
}

/** What a policy file answered, not yet looked at, or why it did not: "it …". */
export type FileAnswer = { readonly answer: unknown } | { readonly why: string };

/**
 * Gives `input` (JSON) to a policy file and takes the JSON of its answer: a module, whose default export is called in a process
 * of its own, or a program, which gets it on its stdin. Both see few variables and no credential, and are killed when
 * they take too long. Throws only when aborted.
 */
export async function askPolicyFile(file: string, input: string, options: PolicyFileOptions): Promise<FileAnswer> {
  const { cwd, clock, signal } = options;
  const absolute = path.resolve(cwd, file);
  const isModule = MODULE.test(absolute);
  const unusable = await whyUnusable(absolute, isModule);
  if (unusable !== null) return { why: unusable };
  const ran = await runProgram(
    {
      argv: isModule ? [process.execPath, '--input-type=module', '--eval', CALLS_MODULE, absolute] : [absolute],
      cwd,
      env: commandEnvironment(options),
      input: Buffer.from(input),
      maxBytes: MAX_ANSWER_BYTES,
      timeoutMs: POLICY_TIMEOUT_MS,
    },
    { clock, ...(signal && { signal }) },
  );
  if (ran.type !== 'output') return { why: whyNoOutput(ran) };
  let answer: unknown;
  try {
    answer = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(ran.bytes));
  } catch {
    return { why: ran.bytes.length === 0 ? 'prints nothing' : 'prints something that is not JSON' };
  }
  if (!isModule) return { answer };
  const { answer: returned, failed } = answer as { readonly answer?: unknown; readonly failed?: unknown };
  return typeof failed === 'string' ? { why: failed } : { answer: returned };
}

async function whyUnusable(file: string, isModule: boolean): Promise<string | null> {
  try {
    if (!(await stat(file)).isFile()) return 'is not a file';
    if (isModule) return null;
  } catch (error) {
    return `cannot be read: ${describeFsError(error)}`;
  }
  try {
    await access(file, constants.X_OK);
    return null;
  } catch {
    return 'is neither a module (.js, .mjs, .ts) nor a program that this user may run';
  }
}

function whyNoOutput(ran: Exclude<ProgramRun, { readonly type: 'output' }>): string {
  switch (ran.type) {
    case 'exited':
      return `ended with exit code ${String(ran.code)}`;
    case 'killed':
      return `was ended by ${ran.by}`;
    case 'timed-out':
      return `had not answered after ${String(POLICY_TIMEOUT_MS / 1000)} seconds, and was killed`;
    case 'too-large':
      return `answers with more than ${String(MAX_ANSWER_BYTES)} bytes`;
    case 'missing':
      return 'cannot be started: the program that its first line names is not there';
    case 'failed':
      return ran.why;
    default:
      return ran satisfies never;
  }
}

/** In the other process: what the module prints goes to stderr, so that stdout is the answer and nothing else. */
const CALLS_MODULE = `
import { pathToFileURL } from 'node:url';
const print = process.stdout.write.bind(process.stdout);
process.stdout.write = process.stderr.write.bind(process.stderr);
const end = (said) => print(JSON.stringify(said), () => process.exit(0));
try {
  const chunks = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  const { default: policy } = await import(pathToFileURL(process.argv[1]));
  if (typeof policy !== 'function') end({ failed: 'has no function as its default export' });
  else end({ answer: await policy(JSON.parse(Buffer.concat(chunks).toString('utf8'))) });
} catch (error) {
  end({ failed: 'failed: ' + String(error instanceof Error ? error.message : error).slice(0, 1000) });
}
`;
