import { type Command, InvalidArgumentError, Option } from 'commander';
import { DIAGNOSTIC_CODES } from '../model/diagnostic-codes.ts';
import { DIALECTS, type Dialect } from '../providers/registry.ts';
import type { ColorChoice } from './terminal.ts';
import { UsageError } from './usage-error.ts';
import { parseRate, parseTimeout, wholeNumber } from './values.ts';

/** What `--format` and `--report` take. */
export const FORMATS = ['text', 'json', 'markdown', 'html', 'sarif', 'junit'] as const;
export type Format = (typeof FORMATS)[number];
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** `--report F=FILE`. */
export interface ReportTo {
  readonly format: Format;
  readonly file: string;
}

/** The options of every command, as commander leaves them. */
export interface CommonOptions {
  readonly file: readonly string[];
  readonly apiUrl?: string;
  readonly tokenFile?: string;
  readonly dialect: Dialect;
  readonly allowHost: readonly string[];
  readonly caFile?: string;
  readonly allowPath: readonly string[];
  readonly allowEnv?: readonly string[];
  readonly allowExec?: true;
  readonly rate: number;
  readonly concurrency: number;
  readonly maxRequests?: number;
  readonly timeout: number;
  readonly color: ColorChoice;
  readonly logLevel: LogLevel;
  readonly logFormat: 'text' | 'json';
  readonly warningsAsErrors?: true | readonly string[];
  readonly suppress: readonly string[];
}

export interface DocumentOptions {
  readonly format: Format;
  readonly report: readonly ReportTo[];
}

export interface ScopeOptions {
  readonly target: readonly string[];
  readonly exclude: readonly string[];
}

type OptionGroup = 'Files and sources:' | 'Platform:' | 'Output:';

/**
 * The contract gives these to all commands, so that one set of flags serves a whole pipeline. `hide`: not shown in the
 * help of a command that has no use for them.
 */
export function addCommonOptions(
  command: Command,
  { skip = [], hide = [] }: { readonly skip?: readonly string[]; readonly hide?: readonly OptionGroup[] } = {},
): Command {
  const add = (group: OptionGroup, ...options: readonly Option[]): void => {
    for (const option of options) {
      if (skip.includes(option.long ?? '')) continue;
      const shown = !hide.includes(group) || option.long === DIALECT;
      command.addOption(shown ? option.helpGroup(group) : option.hideHelp());
    }
  };
  add(
    'Files and sources:',
    listOption('-f, --file <path>', 'state file, directory or glob; repeatable (default: convex.state.yaml)'),
    listOption('--allow-path <dir>', 'sources may also be read under this folder; repeatable'),
    new Option('--allow-env <glob>', 'fromEnv may read only what matches, and commands see it; repeatable').argParser(
      appended,
    ),
    new Option('--allow-exec', 'fromCommand may run programs; only for documents that you trust like a script'),
  );
  add(
    'Platform:',
    new Option('--api-url <url>', 'default: CONVEX_PROVISION_HOST, else https://api.convex.dev'),
    new Option('--token-file <path>', 'file with the team access token (default: CONVEX_TEAM_ACCESS_TOKEN)'),
    dialectOption(),
    listOption('--allow-host <suffix>', 'the token may also go to hosts with this suffix; repeatable'),
    new Option('--ca-file <path>', 'PEM file with further certificate authorities'),
    new Option('--rate <n>', 'requests per second, reads and retries included').default(20, '20').argParser(parseRate),
    new Option('--concurrency <n>', 'requests at once').default(8, '8').argParser(wholeNumber(1)),
    new Option('--max-requests <n>', 'refuse to send more than this').argParser(wholeNumber(1)),
    new Option('--timeout <duration>', 'per request').default(30_000, '30s').argParser(parseTimeout),
    new Option('--token [value]').hideHelp().preset('').argParser(refuseToken),
  );
  add(
    'Output:',
    choiceOption('--color <when>', 'auto, always or never', ['auto', 'always', 'never'], 'auto'),
    ...logOptions({ level: 'warn', format: 'text' }),
    new Option('--warnings-as-errors [=codes]', 'every warning, or the named ones, is an error').argParser(
      parseWarningCodes,
    ),
    new Option('--suppress <codes>', 'drop these warnings; repeatable').default([]).argParser(appendedCodes),
  );
  return command;
}

/** With other defaults than the usual ones: what runs for months is read by machines. */
export function addLogOptions(
  command: Command,
  defaults: { readonly level: LogLevel; readonly format: 'text' | 'json' },
): Command {
  for (const option of logOptions(defaults)) command.addOption(option.helpGroup('Output:'));
  return command;
}

function logOptions({ level, format }: { readonly level: LogLevel; readonly format: 'text' | 'json' }): Option[] {
  return [
    choiceOption(
      '--log-level <level>',
      'debug, info, warn, error or silent; logs go to stderr',
      ['trace', 'debug', 'info', 'warn', 'error', 'silent'],
      level,
    ),
    choiceOption('--log-format <format>', 'text or json', ['text', 'json'], format),
  ];
}

/** For commands that print a document. */
export function addDocumentOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--format <format>', `of stdout: ${FORMATS_TEXT}`)
        .default('text', 'text')
        .argParser(parseFormat)
        .helpGroup('Output:'),
    )
    .addOption(
      new Option('--report <format=file>', 'also write the document to a file, as in json=FILE; repeatable')
        .default([])
        .argParser((text: string, previous: readonly ReportTo[]) => [...previous, parseReport(text)])
        .helpGroup('Output:'),
    );
}

/** For commands that act on a part of the document. */
export function addScopeOptions(command: Command): Command {
  return command
    .addOption(
      listOption('--target <glob>', 'only these addresses, what is in them and what they need; repeatable').helpGroup(
        'Scope:',
      ),
    )
    .addOption(listOption('--exclude <glob>', 'not these addresses; beats --target; repeatable').helpGroup('Scope:'));
}

/** A repeatable option, [] without it. */
export function listOption(flags: string, description: string): Option {
  return new Option(flags, description).default([]).argParser(appended);
}

/** It says what a document may hold and what the sandbox serves, so also commands that send nothing show it. */
const DIALECT = '--dialect';

/** Of commands that read the platform and end by themselves. */
export function deadlineOption(group: string): Option {
  const option = new Option('--deadline <duration>', 'for the whole run; then it ends as after SIGTERM');
  return option.argParser(parseTimeout).helpGroup(group);
}

/** Which API is spoken: by every command that talks to the platform, and by the sandbox. */
function dialectOption(): Option {
  const [usual] = DIALECTS;
  return new Option(`${DIALECT} <name>`, `which API is spoken: ${DIALECTS.join(' or ')}`)
    .default(usual, usual)
    .argParser(parseDialect);
}

function choiceOption(flags: string, description: string, choices: readonly string[], fallback: string): Option {
  return new Option(flags, description).choices(choices).default(fallback, fallback);
}

function appended(text: string, previous: readonly string[] | undefined): readonly string[] {
  if (text === '') throw new InvalidArgumentError('Expected some text.');
  return [...(previous ?? []), text];
}

const FORMATS_TEXT = `${FORMATS.slice(0, -1).join(', ')} or ${FORMATS.at(-1) ?? ''}`;

function parseFormat(text: string): Format {
  const format = FORMATS.find((known) => known === text);
  if (format !== undefined) return format;
  throw new InvalidArgumentError(`Expected ${FORMATS_TEXT}.`);
}

function parseReport(text: string): ReportTo {
  const equals = text.indexOf('=');
  const file = text.slice(equals + 1);
  if (equals < 1 || file === '') throw new InvalidArgumentError('Expected FORMAT=FILE, as in json=plan.json.');
  return { format: parseFormat(text.slice(0, equals)), file };
}

function parseDialect(text: string): Dialect {
  const dialect = DIALECTS.find((name) => name === text);
  if (dialect === undefined) throw new InvalidArgumentError(`Expected ${DIALECTS.join(' or ')}.`);
  return dialect;
}

/** The value is dropped unseen: it is a secret, and it stands in the shell's history already. */
function refuseToken(): never {
  throw new UsageError(
    'there is no --token: a token on the command line is visible to every process and in the shell history',
    'put it into CONVEX_TEAM_ACCESS_TOKEN, or into a file for --token-file; if this one was real, revoke it',
  );
}

/** What a bare `--warnings-as-errors` is turned into before parsing: commander would take the next argument for its value. */
export const ALL_WARNINGS = 'all';

function parseWarningCodes(text: string): true | readonly string[] {
  return text === ALL_WARNINGS ? true : parseCodes(text);
}

function appendedCodes(text: string, previous: readonly string[]): readonly string[] {
  return [...previous, ...parseCodes(text)];
}

function parseCodes(text: string): readonly string[] {
  const codes = text.split(',');
  const unknown = codes.find((code) => !Object.hasOwn(DIAGNOSTIC_CODES, code));
  if (unknown !== undefined) throw new InvalidArgumentError(`There is no code "${unknown}"; codes look like CVG309.`);
  return codes;
}
