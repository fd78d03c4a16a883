import { Argument, type Command, Option } from 'commander';
import { APPLY_HELP } from './help-text.ts';
import {
  addCommonOptions,
  addDocumentOptions,
  addScopeOptions,
  type CommonOptions,
  deadlineOption,
  type DocumentOptions,
  listOption,
  type ScopeOptions,
} from './options.ts';
import { policyOption, type PolicyOptions } from './policy-option.ts';
import { UsageError } from './usage-error.ts';
import { parseDuration, parsePercent } from './values.ts';

export type ApplyOptions = CommonOptions &
  DocumentOptions &
  PolicyOptions &
  ScopeOptions & {
    readonly autoApprove?: true;
    readonly allowDelete: readonly string[];
    readonly confirm: readonly string[];
    readonly maxDeletePercent?: number;
    readonly wait: number;
    readonly deadline?: number;
  };

/** The command `apply` with its options; `planFile` null: there is no saved plan. */
export function defineApply(program: Command, found: (planFile: string | null, options: ApplyOptions) => void): void {
  const apply = program.command('apply').description('plan, ask, execute, and read again as proof');
  addScopeOptions(addDocumentOptions(addCommonOptions(apply)))
    .addArgument(new Argument('[plan]', 'a plan saved by `plan --out`: its changes are executed if they still hold'))
    .addOption(new Option('--auto-approve', 'do not ask for "yes"; implies none of the others').helpGroup('Consent:'))
    .addOption(
      listOption('--allow-delete <kind>', 'things of this kind that hold data may be deleted; repeatable').helpGroup(
        'Consent:',
      ),
    )
    .addOption(
      listOption('--confirm <address>', 'consent to delete or replace this, by name; repeatable').helpGroup('Consent:'),
    )
    .addOption(
      new Option('--max-delete-percent <n>', 'threshold of deletions for this run')
        .argParser(parsePercent)
        .helpGroup('Consent:'),
    )
    .addOption(
      new Option('--wait <duration>', 'for what settles later; 0: not')
        .default(60_000, '1m')
        .argParser(parseDuration)
        .helpGroup('Apply:'),
    )
    .addOption(policyOption('Apply:'))
    .addOption(deadlineOption('Apply:'))
    .addHelpText('after', APPLY_HELP)
    .action((planFile: string | undefined, options: ApplyOptions) => {
      if (planFile !== undefined && options.target.length + options.exclude.length > 0) {
        throw new UsageError(
          'a saved plan has its own scope: --target and --exclude cannot narrow it',
          'make a new plan with them',
        );
      }
      found(planFile ?? null, options);
    });
}
