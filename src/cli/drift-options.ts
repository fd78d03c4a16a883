import { type Command, Option } from 'commander';
import { SEVERITIES, type DriftItem, type Severity } from '../model/drift.ts';
import { DIALECTS, kindsFor, type Dialect } from '../providers/registry.ts';
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
import { UsageError } from './usage-error.ts';
import { parseTimeout, wholeNumber } from './values.ts';

export type DriftOptions = CommonOptions &
  DocumentOptions &
  ScopeOptions & {
    readonly since: number;
    readonly showIp?: true;
    readonly history?: string;
    readonly failOn: readonly string[];
    readonly maxDrift: number;
    readonly propose?: true;
    readonly write?: true;
    readonly deadline?: number;
  };

/** Words of `--fail-on` that are no kinds. */
const MOVEMENTS: readonly string[] = ['changed', 'missing', 'unexpected'];

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
  add(new Option('--history <file>', 'the file of `watch --history`: since when things drift, and plots in html'));
  add(new Option('--show-ip', 'also the addresses that people came from'));
  add(
    new Option(
      '--fail-on <what>',
      'only these count for exit 2: kinds, changed, missing, unexpected; high, medium, low: that severity or a higher one; repeatable',
    )
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
    found(options);
  });
}

/** What `--fail-on` takes. */
export function failOnWords(dialect: Dialect): readonly string[] {
  return [...MOVEMENTS, ...SEVERITIES, ...kindsFor(dialect).map(({ name }) => name)];
}

function checkFailOn({ failOn, dialect }: DriftOptions): void {
  const known = failOnWords(dialect ?? DIALECTS[0]);
  const unknown = failOn.find((word) => !known.includes(word));
  if (unknown !== undefined)
    throw new UsageError(`--fail-on does not know ${JSON.stringify(unknown)}`, `it takes ${known.join(', ')}`);
}

/** The items that `--fail-on` names; all where it names none. Of several words of one sort any, of several sorts all. */
export function countedIn(
  items: readonly Pick<DriftItem, 'kind' | 'moved' | 'severity'>[],
  failOn: readonly string[],
): number {
  const movements = failOn.filter((word) => MOVEMENTS.includes(word));
  const least = Math.max(-1, ...SEVERITIES.map((severity, rank) => (failOn.includes(severity) ? rank : -1)));
  const kinds = failOn.filter((word) => !MOVEMENTS.includes(word) && !SEVERITIES.some((one) => one === word));
  const counts = (named: readonly string[], word: string): boolean => named.length === 0 || named.includes(word);
  const isGrave = (severity: Severity): boolean => least === -1 || SEVERITIES.indexOf(severity) <= least;
  return items.filter(
    ({ kind, moved, severity }) => counts(kinds, kind) && counts(movements, moved) && isGrave(severity),
  ).length;
}
