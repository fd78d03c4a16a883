import path from 'node:path';
import type { LineHistory } from '../model/explanation.ts';
import type { Place } from '../model/place.ts';
import { runProgram, type ProgramOptions, type ProgramRun } from './run-program.ts';

export interface LineHistoryOptions extends ProgramOptions {
  /** Absolute: what the place's file starts from. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const TIMEOUT_MS = 10_000;
const MOST_BYTES = 1_000_000;
/** A line that is not in any commit. */
const NO_COMMIT = /^0+$/;

/**
 * Who last changed a line and in which commit, as `git blame` says. Nothing of it fails: without git or a repository the
 * answer says why. Throws only when aborted.
 */
export async function lineHistory({ file, line }: Place, options: LineHistoryOptions): Promise<LineHistory> {
  const absolute = path.resolve(options.cwd, file);
  const argv = [
    'git',
    // A repository may say that programs are run; none of them is needed to read a line.
    ...['core.fsmonitor=false', 'core.hooksPath=/dev/null'].flatMap((setting) => ['-c', setting]),
    'blame',
    '--porcelain',
    '--no-textconv',
    '-L',
    `${line},${line}`,
    '--',
    path.basename(absolute),
  ];
  const program = { argv, cwd: path.dirname(absolute), env: gitEnvironment(options.env) };
  const run = await runProgram({ ...program, maxBytes: MOST_BYTES, timeoutMs: TIMEOUT_MS }, options);
  return run.type === 'output' ? readBlame(new TextDecoder().decode(run.bytes)) : { type: 'unknown', why: whyNot(run) };
}

/** The porcelain format: a header line with the commit, then `key value` lines, then the line itself behind a tab. */
export function readBlame(text: string): LineHistory {
  const [header = '', ...rest] = text.split('\n');
  const commit = header.split(' ')[0] ?? '';
  if (!/^[0-9a-f]{40,64}$/.test(commit)) return { type: 'unknown', why: 'git answered in a form that is not known' };
  if (NO_COMMIT.test(commit)) return { type: 'uncommitted' };
  const said = (key: string): string => rest.find((one) => one.startsWith(`${key} `))?.slice(key.length + 1) ?? '';
  return {
    type: 'committed',
    author: said('author'),
    commit,
    at: Number(said('author-time')) * 1000,
    summary: said('summary'),
  };
}

/** Where it finds itself and its user, nothing of the runner's, and no question at a terminal. */
function gitEnvironment(env: LineHistoryOptions['env']): Readonly<Record<string, string>> {
  const passed = ['PATH', 'HOME', 'USERPROFILE', 'XDG_CONFIG_HOME', 'SYSTEMROOT'].flatMap((name) => {
    const value = env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(passed), LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0' };
}

function whyNot(run: Exclude<ProgramRun, { readonly type: 'output' }>): string {
  switch (run.type) {
    case 'missing':
      return 'git was not found';
    case 'timed-out':
      return 'git took too long';
    case 'too-large':
      return 'git printed too much';
    case 'killed':
      return `git was ended by ${run.by}`;
    case 'exited':
      return 'git knows no history of it: no repository, or a file that is not in it';
    case 'failed':
      return `git ${run.why}`;
    default:
      return run satisfies never;
  }
}
