import path from 'node:path';
import { kindProblems } from '../document/kind-problems.ts';
import { didYouMean, show } from '../document/show.ts';
import { DIAGNOSTIC_CODES } from '../model/diagnostic-codes.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { EventSink } from '../model/event.ts';
import type { Chance, Clock } from '../model/ports.ts';
import { Secret } from '../model/secret.ts';
import { DIALECTS, kindsFor, type Dialect, type FurtherKind } from '../providers/registry.ts';
import { apiUrlFrom } from './api-url.ts';
import { DEFAULT_FILE, type Effects, type Settings } from './contract.ts';
import { systemChance, systemClock } from './machine.ts';
import type { OwnPlatform } from './platform.ts';
import { toolVersion } from './tool-version.ts';

/** What every function of the library takes. What is left out is what the command line has by default. */
export interface Options {
  /** State files, directories, globs; default: `convex.state.yaml`. */
  readonly files?: string | readonly string[] | undefined;
  /** Folder that relative paths start from; default: the process's. */
  readonly cwd?: string | undefined;
  /** What sources, proxies and defaults read; default: the process's. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** The team access token; default: `tokenFile`, else `CONVEX_TEAM_ACCESS_TOKEN` of `env`. */
  readonly token?: string | Secret | undefined;
  readonly tokenFile?: string | undefined;
  /** Default: `CONVEX_PROVISION_HOST` of `env`, else https://api.convex.dev; `/v1` is appended where it is missing. */
  readonly apiUrl?: string | undefined;
  readonly dialect?: Dialect | undefined;
  /** Kinds beside those of the dialect, parents before children. */
  readonly kinds?: readonly FurtherKind[] | undefined;
  /** Another platform in place of the dialect's, which then has no use for a token. */
  readonly platform?: OwnPlatform | undefined;
  /** Host suffixes that the token may go to beside the API host and `convex.cloud`. */
  readonly allowHosts?: readonly string[] | undefined;
  readonly caFile?: string | undefined;
  /** Folders that sources may also be read under. */
  readonly allowPaths?: readonly string[] | undefined;
  /** Globs: the only variables that `fromEnv` reads; default: all but credentials. */
  readonly allowEnv?: readonly string[] | undefined;
  /** `fromCommand` may run programs. */
  readonly allowExec?: boolean | undefined;
  /** Requests per second over all hosts, retries included; default 20. */
  readonly rate?: number | undefined;
  /** Requests at once; default 8. */
  readonly concurrency?: number | undefined;
  /** Refuse what is predicted to take more requests. */
  readonly maxRequests?: number | undefined;
  /** Per request, milliseconds; default 30,000. */
  readonly timeoutMs?: number | undefined;
  /** Address globs: only what `target` matches and needs, not what `exclude` matches. Default: everything. */
  readonly scope?: { readonly target?: readonly string[]; readonly exclude?: readonly string[] } | undefined;
  /** True: every warning; a list: these codes. */
  readonly warningsAsErrors?: boolean | readonly string[] | undefined;
  /** Codes of warnings that are dropped. */
  readonly suppress?: readonly string[] | undefined;
  /** Ends what is read as soon as possible: the function then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Told of what happens, in order; must not throw. Events carry no value of a variable. */
  readonly onEvent?: EventSink | undefined;
  readonly clock?: Clock | undefined;
  /** For the jitter of retries. */
  readonly chance?: Chance | undefined;
}

/** What the compose floor works with, made of a library caller's options. */
export interface Ready {
  readonly settings: Settings;
  readonly effects: Effects;
}

const COMMON: Readonly<Record<keyof Options, true>> = {
  files: true,
  cwd: true,
  env: true,
  token: true,
  tokenFile: true,
  apiUrl: true,
  dialect: true,
  kinds: true,
  platform: true,
  allowHosts: true,
  caFile: true,
  allowPaths: true,
  allowEnv: true,
  allowExec: true,
  rate: true,
  concurrency: true,
  maxRequests: true,
  timeoutMs: true,
  scope: true,
  warningsAsErrors: true,
  suppress: true,
  signal: true,
  onEvent: true,
  clock: true,
  chance: true,
};

const LISTS = ['allowHosts', 'allowPaths', 'allowEnv', 'suppress'] as const;

/** Least values. What is not a number at all is refused too: callers without types exist. */
const NUMBERS = {
  rate: { above: 0, whole: false },
  concurrency: { above: 0, whole: true },
  maxRequests: { above: 0, whole: true },
  timeoutMs: { above: 0, whole: false },
} as const;

/**
 * Options → what the compose floor takes, or everything that is wrong with them. `further` are the names of the options
 * that one function has beside the common ones: a name that nobody knows is an error, never ignored.
 */
export function readOptions(options: Options, further: readonly string[] = []): Ready | readonly Diagnostic[] {
  const known = [...Object.keys(COMMON), ...further];
  const problems: Diagnostic[] = Object.keys(options)
    .filter((name) => !known.includes(name))
    .map((name) => wrong(`there is no option ${show(name)}`, didYouMean(name, known) ?? undefined));
  const { dialect = DIALECTS[0], kinds = [], platform, env = process.env } = options;
  if (!DIALECTS.includes(dialect)) return [...problems, wrong(`dialect is one of ${DIALECTS.join(', ')}`)];
  problems.push(...shapeProblems(options));
  const clashes =
    platform === undefined ? kindProblems(kindsFor(dialect), kinds) : kindProblems([], [...platform.kinds, ...kinds]);
  problems.push(...clashes.map((summary): Diagnostic => ({ severity: 'error', code: 'CVG711', summary })));
  if (platform !== undefined && kinds.length > 0)
    problems.push(wrong('kinds are for a dialect', 'A platform brings all of its kinds.'));
  const apiUrl = apiUrlFrom(options.apiUrl, env, 'apiUrl');
  if (typeof apiUrl !== 'string') return [...problems, wrong(apiUrl.why, apiUrl.hint)];
  if (problems.length > 0) return problems;
  const { files = DEFAULT_FILE, token, scope } = options;
  return {
    settings: {
      files: typeof files === 'string' ? [files] : files,
      apiUrl,
      dialect,
      kinds,
      platform,
      token: typeof token === 'string' ? new Secret(token.trim()) : token,
      tokenFile: options.tokenFile ?? null,
      allowHosts: options.allowHosts ?? [],
      caFile: options.caFile ?? null,
      allowPaths: options.allowPaths ?? [],
      allowEnv: options.allowEnv ?? null,
      allowExec: options.allowExec ?? false,
      rate: options.rate ?? 20,
      concurrency: options.concurrency ?? 8,
      maxRequests: options.maxRequests ?? null,
      timeoutMs: options.timeoutMs ?? 30_000,
      scope: { target: scope?.target ?? [], exclude: scope?.exclude ?? [] },
      warningsAsErrors: options.warningsAsErrors ?? false,
      suppress: options.suppress ?? [],
      allowUnresolved: false,
    },
    effects: {
      env,
      cwd: path.resolve(options.cwd ?? '.'),
      clock: options.clock ?? systemClock,
      chance: options.chance ?? systemChance,
      onEvent: options.onEvent ?? (() => undefined),
      version: toolVersion(),
    },
  };
}

function shapeProblems(options: Options): readonly Diagnostic[] {
  const { files, token, warningsAsErrors = false, suppress = [] } = options;
  const problems: Diagnostic[] = [];
  for (const [name, { above, whole }] of Object.entries(NUMBERS)) {
    const value = options[name as keyof typeof NUMBERS];
    if (value !== undefined && !(value > above && (whole ? Number.isSafeInteger(value) : Number.isFinite(value))))
      problems.push(wrong(`${name} is a ${whole ? 'whole ' : ''}number above ${String(above)}`));
  }
  for (const name of LISTS)
    if (options[name] !== undefined && !isTexts(options[name])) problems.push(wrong(`${name} is a list of texts`));
  if (files !== undefined && typeof files !== 'string' && !(isTexts(files) && files.length > 0))
    problems.push(wrong('files is a path, or a list of at least one'));
  if (typeof token === 'string' && token.trim() === '')
    problems.push(wrong('token is empty', 'Leave it out to have it read from `tokenFile` or the environment.'));
  if (isTexts(suppress)) {
    const codes = [...suppress, ...(typeof warningsAsErrors === 'boolean' ? [] : warningsAsErrors)];
    const unknown = codes.filter((code) => !Object.hasOwn(DIAGNOSTIC_CODES, code));
    problems.push(...unknown.map((code) => wrong(`there is no code ${show(code)}`, 'Codes look like CVG309.')));
  }
  return problems;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

/** An option that cannot be meant: the library's wrong usage. */
export function wrong(summary: string, hint?: string): Diagnostic {
  return { severity: 'error', code: 'CVG706', summary, ...(hint === undefined ? {} : { hint }) };
}
