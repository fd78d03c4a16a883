import { anyGlob } from '../model/glob.ts';
import { Secret } from '../model/secret.ts';
import { describeSource, type Resolved, type SourceRef } from '../model/source.ts';
import { withoutFinalNewline } from './read-text.ts';
import { unresolved } from './source-failure.ts';

/**
 * What a document may not read: the tool's own credentials and the runner's (rule 16). A pull request could otherwise
 * copy them into a variable that it can read back.
 */
export const DENIED_NAMES: readonly string[] = [
  'CONVEX_*TOKEN*',
  'CONVEX_*KEY*',
  'CONVERGE_*',
  'GITHUB_TOKEN',
  'ACTIONS_*',
];

export interface EnvOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Globs of the names that may be read; null: all but {@link DENIED_NAMES}. */
  readonly allowEnv: readonly string[] | null;
}

/** The value of one environment variable of this process. */
export function resolveEnv(ref: SourceRef & { readonly from: 'env' }, options: EnvOptions): Resolved {
  const { where, name } = ref;
  const asked = describeSource(ref);
  if (!mayRead(name, options.allowEnv)) {
    return unresolved({ code: 'CVG403', where, ...notAllowed(asked, name, options.allowEnv) });
  }
  const raw = Object.hasOwn(options.env, name) ? options.env[name] : undefined;
  if (raw === undefined) {
    return unresolved({
      code: 'CVG401',
      where,
      summary: `${asked}: the environment variable ${name} is not set`,
      hint: `Set ${name} where this command runs.`,
    });
  }
  const why = notText(raw);
  if (why !== null) {
    return unresolved({
      code: 'CVG404',
      where,
      summary: `${asked}: the environment variable ${name} ${why}`,
      hint: 'Values are UTF-8 text without NUL; encode binary data, for example as base64.',
    });
  }
  const text = withoutFinalNewline(raw);
  if (text === '' && !ref.allowEmpty) {
    return unresolved({
      code: 'CVG402',
      where,
      summary: `${asked}: the environment variable ${name} is set but empty`,
      hint: `A CI secret that does not exist arrives empty: check its name, or write allowEmpty: true if empty is meant.`,
    });
  }
  return { type: 'value', value: new Secret(text) };
}

/** In any case of letters: Windows reads `convex_token` and `CONVEX_TOKEN` from one place. */
export function isCredentialName(name: string): boolean {
  return anyGlob(DENIED_NAMES)(name.toUpperCase());
}

function mayRead(name: string, allowEnv: readonly string[] | null): boolean {
  return allowEnv === null ? !isCredentialName(name) : anyGlob(allowEnv)(name);
}

function notAllowed(asked: string, name: string, allowEnv: readonly string[] | null) {
  return allowEnv === null
    ? {
        summary: `${asked}: ${name} is a credential of this tool or of the runner, which documents may not read`,
        hint: `Give the value under another name. --allow-env ${name} would allow it; once given, that option is the whole list of what documents may read.`,
      }
    : {
        summary: `${asked}: no --allow-env names ${name}`,
        hint: `Add --allow-env ${name} if the document may read it.`,
      };
}

/** Node puts U+FFFD where an environment variable is not UTF-8, and passing that on would be a wrong value. */
function notText(raw: string): string | null {
  if (raw.includes('\0')) return 'holds a NUL byte';
  return raw.includes('\uFFFD') || !raw.isWellFormed() ? 'is not UTF-8 text' : null;
}
