import path from 'node:path';
import { Secret } from '../model/secret.ts';
import { describeSource, type Resolved, type SourceRef } from '../model/source.ts';
import { commandEnvironment } from './child-environment.ts';
import { readText, withoutFinalNewline } from './read-text.ts';
import type { EnvOptions } from './resolve-env.ts';
import type { Program, ProgramRun } from './run-program.ts';
import { unresolved } from './source-failure.ts';

/** As of a file: a wrong command shows before memory does. */
const MAX_OUTPUT_BYTES = 64 * 1024;

export const COMMAND_TIMEOUT_MS = 10_000;

/** Runs a program that may have run before in this run of the tool: then it gives what that gave. */
export type RunOnce = (program: Program) => Promise<ProgramRun>;

export interface CommandOptions extends EnvOptions {
  /** Absolute; where the paths of state files start from. */
  readonly cwd: string;
  readonly allowExec: boolean;
  readonly run: RunOnce;
}

type CommandRef = SourceRef & { readonly from: 'command' };

/** What a program prints on stdout, as one value. Nothing that it prints stands in a diagnostic. */
export async function resolveCommand(ref: CommandRef, options: CommandOptions): Promise<Resolved> {
  const { where } = ref;
  const asked = describeSource(ref);
  if (!options.allowExec) {
    return unresolved({
      code: 'CVG403',
      where,
      summary: `${asked}: documents may run commands only with --allow-exec`,
      hint: 'Add --allow-exec if you trust this document like a script that you run.',
    });
  }
  const ran = await options.run({
    argv: ref.argv,
    cwd: path.resolve(options.cwd, path.dirname(where.file)),
    env: commandEnvironment(options),
    maxBytes: MAX_OUTPUT_BYTES,
    timeoutMs: COMMAND_TIMEOUT_MS,
  });
  if (ran.type !== 'output') return noOutput(ref, ran);
  const content = readText(ran.bytes);
  if ('why' in content) {
    const hint = 'Values are UTF-8 text without NUL; encode binary data, for example as base64.';
    return unresolved({ code: 'CVG404', where, summary: `${asked}: what the command prints ${content.why}`, hint });
  }
  const text = ref.keepNewline ? content.text : withoutFinalNewline(content.text);
  if (text === '' && !ref.allowEmpty) {
    return unresolved({
      code: 'CVG402',
      where,
      summary: `${asked}: the command prints nothing on stdout`,
      hint: 'Check what it is asked for, or write allowEmpty: true if empty is meant.',
    });
  }
  return { type: 'value', value: new Secret(text) };
}

const BY_HAND =
  'Run it by hand to see what it says: its stderr is not shown, for it may hold secrets. It sees few variables of the environment; --allow-env GLOB adds some.';

function noOutput(ref: CommandRef, ran: Exclude<ProgramRun, { readonly type: 'output' }>): Resolved {
  const { where } = ref;
  const asked = describeSource(ref);
  const cannot = (summary: string, hint: string): Resolved =>
    unresolved({ code: 'CVG401', where, summary: `${asked}: ${summary}`, hint });
  switch (ran.type) {
    case 'exited':
      return cannot(`the command ended with exit code ${ran.code}`, BY_HAND);
    case 'killed':
      return cannot(`the command was ended by ${ran.by}`, BY_HAND);
    case 'timed-out':
      return cannot(
        `the command had not ended after ${COMMAND_TIMEOUT_MS / 1000} seconds, and was killed`,
        'It cannot ask anything: its stdin is empty. Log in before, or give it what it needs with --allow-env GLOB.',
      );
    case 'too-large': {
      const summary = `${asked}: the command prints more than ${MAX_OUTPUT_BYTES} bytes, the most that is read`;
      return unresolved({ code: 'CVG404', where, summary, hint: 'Check that it prints the value and nothing else.' });
    }
    case 'missing':
      return cannot(
        'there is no such program',
        `Programs are looked for in the absolute folders of PATH; with a slash in the name, from the folder of ${where.file}.`,
      );
    case 'failed':
      return cannot(`the command ${ran.why}`, 'It must be a program that this user may run.');
    default:
      return ran satisfies never;
  }
}
