import { type Command, Option } from 'commander';
import { DIALECTS, kindsFor } from '../providers/registry.ts';
import { DRIFT_HELP } from './help-text.ts';
import {
  addCommonOptions,
  addDocumentOptions,
  addScopeOptions,
  type CommonOptions,
  deadlineOption,
  type DocumentOptions,
  type ScopeOptions,
} from './options.ts';
import { notBuilt, UsageError } from './usage-error.ts';
import { parseTimeout, wholeNumber } from './values.ts';

export type DriftOptions = CommonOptions &
  DocumentOptions &
  ScopeOptions & {
    readonly since: number;
    readonly showIp?: true;
    readonly failOn: readonly string[];
    readonly maxDrift: number;
    readonly propose?: true;
    readonly write?: true;
    readonly deadline?: number;
  };

/** Words of `--fail-on` that are no kinds. */
export const MOVEMENTS: ReadonlySet<string> = new Set(['changed', 'missing', 'unexpected']);

/** The command `drift` with its options. */
export function defineDrift(program: Command, found: (options: DriftOptions) => void): void {
  const drift = program
    .command('drift')
    .description('say what moved on the live side, and by whom; writes nothing without --write');
  const add = (option: Option): Command => drift.addOption(option.helpGroup('Drift:'));
  addScopeOptions(addDocumentOptions(addCommonOptions(drift)));
  add(
    new Option('--since <duration>', 'how far back the audit logs are read for who did it')
      .default(604_800_000, '7d')
      .argParser(parseTimeout),
  );
  add(new Option('--show-ip', 'also the addresses that people came from'));
  add(
    new Option('--fail-on <what>', 'only these count for exit 2: kinds, changed, missing, unexpected; repeatable')
      .default([])
      .argParser((text: string, before: readonly string[]) => [...before, ...text.split(',')]),
  );
  add(new Option('--max-drift <n>', 'exit 2 only from this many on').default(1, '1').argParser(wholeNumber(0)));
  add(new Option('--propose', 'print a diff that makes the files say what is live; secrets become references'));
  add(new Option('--write', 'with --propose: also edit the files'));
  add(deadlineOption('Drift:'));
  drift.addHelpText('after', DRIFT_HELP).action((options: DriftOptions) => {
    checkFailOn(options);
    if (options.write === true && options.propose !== true)
      throw new UsageError(
        '--write is for --propose',
        'drift itself writes nothing: add --propose, or leave --write out',
      );
    checkFormats(options);
    found(options);
  });
}

function checkFormats({ format, report }: DriftOptions): void {
  if ([format, ...report.map((to) => to.format)].includes('markdown')) refuseMarkdown();
}

/** The one format that other commands have and this one has not yet. */
export function refuseMarkdown(): never {
  throw notBuilt('format markdown of drift');
}

function checkFailOn({ failOn, dialect }: DriftOptions): void {
  const known = [...MOVEMENTS, ...kindsFor(dialect ?? DIALECTS[0]).map(({ name }) => name)];
  const unknown = failOn.find((word) => !known.includes(word));
  if (unknown !== undefined)
    throw new UsageError(`--fail-on does not know ${JSON.stringify(unknown)}`, `it takes ${known.join(', ')}`);
}
