import path from 'node:path';
import { parse } from 'yaml';
import type { Clock } from '../model/ports.ts';
import { reveal, type Secret } from '../model/secret.ts';
import { sopsEnvironment } from './child-environment.ts';
import { MAX_SOPS_BYTES, SOPS_TIMEOUT_MS } from './decrypt-sops.ts';
import type { EnvOptions } from './resolve-env.ts';
import { runProgram, type ProgramRun } from './run-program.ts';

/** A map of names and values, encrypted, as text of a SOPS file; or why not, and what to do. */
export type Encrypted =
  | { readonly type: 'encrypted'; readonly text: string }
  | { readonly type: 'failed'; readonly summary: string; readonly hint: string };

/**
 * Encrypts with the `sops` program, which finds its keys as always (`.sops.yaml`, `SOPS_AGE_RECIPIENTS`, …), for a file
 * of the name `file`. The values go through a pipe: no disk, argument or environment sees one. What comes back is looked
 * through, since rules can leave values in clear. Needs sops 3.10, the first that encrypts its stdin.
 */
export async function encryptSops(
  values: readonly { readonly name: string; readonly value: Secret }[],
  file: string,
  options: {
    readonly env: EnvOptions['env'];
    readonly cwd: string;
    readonly clock: Pick<Clock, 'sleep'>;
    readonly signal: AbortSignal;
  },
): Promise<Encrypted> {
  const plain = JSON.stringify(Object.fromEntries(values.map(({ name, value }) => [name, reveal(value)])));
  const outputType = path.extname(file) === '.json' ? 'json' : 'yaml';
  const types = ['--input-type', 'json', '--output-type', outputType];
  const ran = await runProgram(
    {
      argv: ['sops', 'encrypt', '--filename-override', path.resolve(options.cwd, file), ...types],
      cwd: options.cwd,
      env: sopsEnvironment(options.env),
      input: Buffer.from(plain),
      maxBytes: 4 * MAX_SOPS_BYTES,
      timeoutMs: SOPS_TIMEOUT_MS,
    },
    options,
  );
  if (ran.type !== 'output') return whyNot(ran);
  const text = new TextDecoder().decode(ran.bytes);
  const clear = leftInClear(text, values);
  if (clear === null) return { type: 'encrypted', text };
  return {
    type: 'failed',
    summary: `sops did not encrypt ${clear}: nothing is written`,
    hint: 'Look for encrypted_regex, unencrypted_regex and the like in the creation rule of .sops.yaml that this file falls under.',
  };
}

/** The first name whose value is not encrypted, or is not there; null: none. */
function leftInClear(text: string, values: readonly { readonly name: string }[]): string | null {
  let tree: unknown;
  try {
    tree = parse(text);
  } catch {
    tree = null;
  }
  const found = new Map(typeof tree === 'object' && tree !== null ? Object.entries(tree) : []);
  const isEncrypted = (value: unknown): boolean => typeof value === 'string' && /^ENC\[[^\]]+\]$/.test(value);
  return values.find(({ name }) => !isEncrypted(found.get(name)))?.name ?? null;
}

function whyNot(ran: Exclude<ProgramRun, { readonly type: 'output' }>): Encrypted {
  const failed = (summary: string, hint: string): Encrypted => ({ type: 'failed', summary, hint });
  switch (ran.type) {
    case 'missing':
      return failed('the program sops is not on the PATH', 'Install it (https://getsops.io), 3.10 or later.');
    case 'exited':
      return failed(`sops ended with exit code ${String(ran.code)}, and nothing is written`, HINT);
    case 'killed':
      return failed(`sops was ended by ${ran.by}, and nothing is written`, HINT);
    case 'timed-out':
      return failed(`sops had not ended after ${String(SOPS_TIMEOUT_MS / 1000)} seconds, and was killed`, HINT);
    case 'too-large':
      return failed('sops printed more than a SOPS file may hold', HINT);
    case 'failed':
      return failed(`sops ${ran.why}`, 'It must be a program that this user may run.');
    default:
      return ran satisfies never;
  }
}

/** sops ends with 1 for a missing key and for nearly everything else, and what it says is not shown. */
const HINT =
  'It must be sops 3.10 or later, and know for whom to encrypt: a creation rule of .sops.yaml for this file, or SOPS_AGE_RECIPIENTS. Try it by hand: `echo {} | sops encrypt --filename-override FILE`.';

/** Names that a SOPS file has for itself, or does not encrypt. */
export function isSopsName(name: string): boolean {
  return /^sops(?:_|$)|_unencrypted$/.test(name);
}
