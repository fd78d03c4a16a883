import path from 'node:path';
import { describeSource, type Resolved, type SourceRef } from '../model/source.ts';
import { sopsEnvironment } from './child-environment.ts';
import { openSourceFile } from './open-source-file.ts';
import type { RunOnce } from './resolve-command.ts';
import type { EnvOptions } from './resolve-env.ts';
import type { ProgramRun } from './run-program.ts';
import { unresolved, type SourceFailure } from './source-failure.ts';

/** Of the file, and of what is in it. */
export const MAX_SOPS_BYTES = 1024 * 1024;

/** Longer than a command has: key services are asked over the network, with retries. */
export const SOPS_TIMEOUT_MS = 30_000;

export interface SopsOptions {
  readonly env: EnvOptions['env'];
  /** Absolute; where the paths of state files start from. */
  readonly cwd: string;
  /** Absolute folders that may be read from. */
  readonly folders: readonly string[];
  readonly run: RunOnce;
}

export type SopsRef = SourceRef & { readonly from: 'sops' | 'sops-map' };

export type Decrypted =
  | {
      readonly type: 'decrypted';
      readonly tree: unknown;
      /** The file as it lies on the disk: names clear, values encrypted. */
      readonly text: string;
      readonly absolute: string;
    }
  | { readonly type: 'missing' | 'failed'; readonly failure: Resolved };

/**
 * What is in a SOPS file, decrypted by the `sops` program on the PATH, once per file. The file itself is held to every
 * rule for paths first. `-d` is understood by every version of sops; 3.9 and later also call it `decrypt`.
 */
export async function decryptSops(ref: SopsRef, options: SopsOptions): Promise<Decrypted> {
  const { where } = ref;
  const asked = describeSource(ref);
  const failed = (failure: Omit<SourceFailure, 'where'>): Decrypted => {
    return { type: 'failed', failure: unresolved({ ...failure, where }) };
  };
  const opened = await openSourceFile(ref, { ...options, maxBytes: MAX_SOPS_BYTES });
  if (opened.type !== 'text') return opened;
  const { text, absolute, real } = opened;
  const ran = await options.run({
    argv: ['sops', '-d', ...inputType(absolute), '--output-type', 'json', real],
    cwd: path.dirname(real),
    env: sopsEnvironment(options.env),
    maxBytes: MAX_SOPS_BYTES,
    timeoutMs: SOPS_TIMEOUT_MS,
  });
  if (ran.type !== 'output') return failed(whyNotDecrypted(asked, ran));
  try {
    const tree: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(ran.bytes));
    return { type: 'decrypted', tree, text, absolute };
  } catch {
    // The parser's message would repeat what it read.
    return failed({
      code: 'CVG404',
      summary: `${asked}: sops printed what is not JSON`,
      hint: 'Run `sops -d --output-type json` on the file by hand.',
    });
  }
}

/** What the file is by its name as written: a link may lead to a name that says nothing. */
function inputType(absolute: string): readonly string[] {
  const types: Readonly<Record<string, string>> = {
    '.yaml': 'yaml',
    '.yml': 'yaml',
    '.json': 'json',
    '.env': 'dotenv',
    '.ini': 'ini',
  };
  const type = types[path.extname(absolute)];
  return type === undefined ? [] : ['--input-type', type];
}

type Why = Omit<SourceFailure, 'where'>;

function whyNotDecrypted(asked: string, ran: Exclude<ProgramRun, { readonly type: 'output' }>): Why {
  const cannot = (summary: string, hint: string): Why => ({ code: 'CVG401', summary: `${asked}: ${summary}`, hint });
  switch (ran.type) {
    case 'missing':
      return cannot(
        'the program sops is not on the PATH',
        'Install it (https://getsops.io), or plan with --allow-unresolved where its keys are not at hand.',
      );
    case 'exited': {
      const known = SOPS_EXITS.get(ran.code);
      const said = known === undefined ? '' : `: ${known.says}`;
      return cannot(`sops ended with exit code ${ran.code}${said}`, known?.hint ?? BY_HAND);
    }
    case 'killed':
      return cannot(`sops was ended by ${ran.by}`, BY_HAND);
    case 'timed-out':
      return cannot(
        `sops had not ended after ${SOPS_TIMEOUT_MS / 1000} seconds, and was killed`,
        'It cannot ask for a passphrase, and key services must be in reach.',
      );
    case 'too-large':
      return {
        code: 'CVG404',
        summary: `${asked}: the file holds more than ${MAX_SOPS_BYTES} bytes, the most that is read`,
        hint: 'Check that the path names the file that you mean.',
      };
    case 'failed':
      return cannot(`sops ${ran.why}`, 'It must be a program that this user may run.');
    default:
      return ran satisfies never;
  }
}

const BY_HAND =
  'Run `sops -d` on the file by hand to see what it says: its stderr is not shown, for it may hold secrets.';

/** From getsops/sops cmd/sops/codes/codes.go; seen from sops 3.9.4. */
const SOPS_EXITS: ReadonlyMap<number, { readonly says: string; readonly hint: string }> = new Map([
  [25, { says: 'a value cannot be decrypted', hint: 'The file is damaged: take it from version control again.' }],
  [
    51,
    {
      says: 'the file was changed without sops',
      hint: 'Edit it with `sops FILE`, or take it from version control again.',
    },
  ],
  [52, { says: 'the file has no checksum', hint: 'Make it with sops; a file without a checksum proves nothing.' }],
  [
    128,
    {
      says: 'no key that it may use decrypts the file',
      hint: 'Give sops its key, for example with SOPS_AGE_KEY_FILE, or with the credentials of the key service.',
    },
  ],
]);
