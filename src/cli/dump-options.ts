import { type Command, Option } from 'commander';
import { DUMP_HELP } from './help-text.ts';
import { addCommonOptions, addScopeOptions, type CommonOptions, deadlineOption, type ScopeOptions } from './options.ts';
import { UsageError } from './usage-error.ts';

export const SECRETS_CHOICES = ['reference', 'placeholder', 'sops'] as const;

/** How `dump` writes values that are not plainly harmless. */
export type SecretsChoice = (typeof SECRETS_CHOICES)[number];

export type DumpOptions = CommonOptions &
  ScopeOptions & {
    readonly all?: true;
    readonly secrets?: SecretsChoice;
    readonly secretsFile?: string;
    readonly valuesFile?: string;
    readonly includeValues?: true;
    readonly sanitize?: true;
    readonly split?: string;
    readonly deadline?: number;
  };

/** The command `dump` with its options, and which of them go together. */
export function defineDump(program: Command, found: (options: DumpOptions) => void): void {
  const dump = program.command('dump').description('print live state as a state document; reads only');
  const add = (option: Option): Command => dump.addOption(option.helpGroup('Dump:'));
  addScopeOptions(addCommonOptions(dump, { hide: ['Files and sources:'] }));
  add(new Option('--all', 'also defaults and empty collections, which manages them'));
  add(
    new Option('--secrets <how>', 'of values that are not plainly harmless: reference (fromEnv), placeholder or sops')
      .choices(SECRETS_CHOICES)
      .default(undefined, 'reference'),
  );
  add(new Option('--secrets-file <path>', 'with --secrets sops: the file for the values (default: secrets.sops.yaml)'));
  add(
    new Option(
      '--values-file <path>',
      'also write the values of references to this file, in clear, for a shell to read',
    ),
  );
  add(new Option('--include-values', 'all values in clear: the document is as secret as they are'));
  add(new Option('--sanitize', 'names and values as salted hashes, for bug reports'));
  add(new Option('--split <dir>', 'one file per project in this folder, and team.yaml, instead of stdout'));
  add(deadlineOption('Dump:'));
  dump.addHelpText('after', DUMP_HELP).action((options: DumpOptions) => {
    refuseContradictions(options);
    found(options);
  });
}

function refuseContradictions(options: DumpOptions): void {
  const { secrets, secretsFile, valuesFile, includeValues, sanitize } = options;
  if (sanitize === true && includeValues === true)
    throw new UsageError('--sanitize and --include-values contradict each other', 'a sanitized dump holds no value');
  if (secrets !== undefined && (sanitize === true || includeValues === true))
    throw new UsageError(
      `--secrets has no meaning with ${sanitize === true ? '--sanitize' : '--include-values'}`,
      'leave one of them out',
    );
  if (secretsFile !== undefined && secrets !== 'sops')
    throw new UsageError('--secrets-file is for --secrets sops', 'a file with values in clear is --values-file');
  if (valuesFile !== undefined && (secrets === 'sops' || sanitize === true || includeValues === true))
    throw new UsageError('--values-file is for references and placeholders', 'leave one of them out');
}
