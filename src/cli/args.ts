import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { GENERAL_HELP, PLAN_HELP, SCHEMA_HELP, SHOW_HELP, VALIDATE_HELP, WATCH_HELP } from './help-text.ts';
import { defineCompletion, type Shell } from './completion-options.ts';
import { defineApply, type ApplyOptions } from './apply-options.ts';
import { defineCheckCode, type CheckCodeOptions } from './check-code-options.ts';
import { defineDrift, type DriftOptions } from './drift-options.ts';
import { defineExplain, type ExplainOptions } from './explain-options.ts';
import { defineDump, type DumpOptions } from './dump-options.ts';
import { defineLaterCommands } from './later-commands.ts';
import { checkLeaseOptions } from './lease-options.ts';
import {
  addCommonOptions,
  addDocumentOptions,
  addLogOptions,
  addScopeOptions,
  ALL_WARNINGS,
  type CommonOptions,
  type DocumentOptions,
  deadlineOption,
  type ScopeOptions,
} from './options.ts';
import { policyOption, type PolicyOptions } from './policy-option.ts';
import { usageErrorOf } from './usage-error-of.ts';
import { defineSandbox, type SandboxOptions } from './sandbox-options.ts';
import { addWatchOptions, type WatchOptions } from './watch-options.ts';

export type ValidateOptions = CommonOptions & DocumentOptions;
export type PlanOptions = CommonOptions &
  DocumentOptions &
  PolicyOptions &
  ScopeOptions & {
    readonly out?: string;
    readonly deadline?: number;
    readonly detailedExitcode?: true;
    readonly allowUnresolved?: true;
    readonly parity?: true;
  };
export type ShowOptions = CommonOptions & DocumentOptions;
const SCHEMA_KINDS = ['state', 'plan', 'apply', 'drift', 'explain', 'check-code', 'error'] as const;
export type SchemaKind = (typeof SCHEMA_KINDS)[number];
export type SchemaOptions = CommonOptions & { readonly kind: SchemaKind };

/** What argv asks for. */
export type Invocation =
  | { readonly command: 'validate'; readonly options: ValidateOptions }
  | { readonly command: 'plan'; readonly options: PlanOptions }
  | { readonly command: 'apply'; readonly planFile: string | null; readonly options: ApplyOptions }
  | { readonly command: 'drift'; readonly options: DriftOptions }
  | { readonly command: 'explain'; readonly address: string; readonly options: ExplainOptions }
  | { readonly command: 'check-code'; readonly folder: string; readonly options: CheckCodeOptions }
  | { readonly command: 'watch'; readonly options: WatchOptions }
  | { readonly command: 'dump'; readonly options: DumpOptions }
  | { readonly command: 'show'; readonly planFile: string; readonly options: ShowOptions }
  | { readonly command: 'schema'; readonly options: SchemaOptions }
  | { readonly command: 'sandbox'; readonly options: SandboxOptions }
  | { readonly command: 'completion'; readonly shell: Shell; readonly options: CommonOptions };

export interface ParseOutput {
  readonly version: string;
  readonly writeOut: (text: string) => void;
  readonly writeErr: (text: string) => void;
}

/** Reads argv (without node and script). Null: help or version was printed. Throws {@link UsageError}. */
export function parseArgs(argv: readonly string[], output: ParseOutput): Invocation | null {
  let invocation: Invocation | null = null;
  const program = defineProgram(output, (found) => {
    invocation = found;
  });
  try {
    program.parse(spellOutBareOptions(argv), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return null;
    throw usageErrorOf(
      error,
      argv,
      program.commands.map((command) => command.name()),
    );
  }
  return invocation;
}

/** All commands with their options; `found` is called with what argv asks for. */
export function defineProgram(output: ParseOutput, found: (invocation: Invocation) => void): Command {
  const program = new Command('converge')
    .description('Keeps a Convex team the way files say it should be.')
    .version(output.version)
    .exitOverride()
    .configureHelp({ optionDescription: describeOption, argumentDescription: ({ description }) => description })
    .configureOutput({ writeOut: output.writeOut, writeErr: output.writeErr, outputError: () => undefined })
    .addHelpText('after', GENERAL_HELP);

  const validate = program.command('validate').description('check the document offline: no network, no source is read');
  addDocumentOptions(addCommonOptions(validate, { hide: ['Platform:'] }))
    .addHelpText('after', VALIDATE_HELP)
    .action((options: ValidateOptions) => found({ command: 'validate', options }));

  const plan = program.command('plan').description('read live state and print what differs; writes nothing');
  addScopeOptions(addDocumentOptions(addCommonOptions(plan)))
    .addOption(new Option('--out <file>', 'save the plan for `apply FILE`; as secret as the values').helpGroup('Plan:'))
    .addOption(new Option('--detailed-exitcode', 'exit 2 with changes, 3 with refusals').helpGroup('Plan:'))
    .addOption(
      new Option('--allow-unresolved', 'a source that cannot be read is unknown, not an error').helpGroup('Plan:'),
    )
    .addOption(
      new Option('--parity', 'also how deployments compare, variable by variable; no value is shown').helpGroup(
        'Plan:',
      ),
    )
    .addOption(policyOption('Plan:'))
    .addOption(deadlineOption('Plan:'))
    .addHelpText('after', PLAN_HELP)
    .action((options: PlanOptions) => found({ command: 'plan', options }));

  defineApply(program, (planFile, options) => found({ command: 'apply', planFile, options }));
  defineDrift(program, (options) => found({ command: 'drift', options }));
  defineExplain(program, (address, options) => found({ command: 'explain', address, options }));

  defineCheckCode(program, (folder, options) => found({ command: 'check-code', folder, options }));

  const watch = program.command('watch').description('the daemon: say what differs, or with --apply heal it');
  addWatchOptions(
    addLogOptions(addCommonOptions(watch, { skip: ['--log-level', '--log-format'] }), {
      level: 'info',
      format: 'json',
    }),
  )
    .addHelpText('after', WATCH_HELP)
    .action((options: WatchOptions) => {
      checkLeaseOptions(options);
      found({ command: 'watch', options });
    });

  defineDump(program, (options) => found({ command: 'dump', options }));

  const show = program.command('show').description('print a saved plan, also a stale one; no network');
  addDocumentOptions(addCommonOptions(show, { hide: ['Files and sources:', 'Platform:'] }))
    .addArgument(new Argument('<plan>', 'a plan saved by `plan --out`'))
    .addHelpText('after', SHOW_HELP)
    .action((planFile: string, options: ShowOptions) => found({ command: 'show', planFile, options }));

  const schema = program.command('schema').description('print a JSON Schema');
  addCommonOptions(schema, { hide: ['Files and sources:', 'Platform:'] })
    .addOption(
      new Option('--kind <kind>', 'state, plan, apply, drift, explain, check-code or error')
        .default('state', 'state')
        .argParser(parseSchemaKind)
        .helpGroup('Output:'),
    )
    .addHelpText('after', SCHEMA_HELP)
    .action((options: SchemaOptions) => found({ command: 'schema', options }));

  defineSandbox(program, (options) => found({ command: 'sandbox', options }));
  defineCompletion(program, (shell, options) => found({ command: 'completion', shell, options }));
  defineLaterCommands(program);
  return program;
}

/** The description says choices and defaults in words; commander would add them as JSON. */
function describeOption({ description, defaultValueDescription }: Option): string {
  return defaultValueDescription === undefined ? description : `${description} (default: ${defaultValueDescription})`;
}

function parseSchemaKind(text: string): SchemaKind {
  const known = SCHEMA_KINDS.find((kind) => kind === text);
  if (known !== undefined) return known;
  throw new InvalidArgumentError(`Expected ${SCHEMA_KINDS.slice(0, -1).join(', ')} or ${SCHEMA_KINDS.at(-1)}.`);
}

/** `--warnings-as-errors` takes a value only after `=`; commander would also eat the next argument. */
function spellOutBareOptions(argv: readonly string[]): string[] {
  const end = argv.indexOf('--');
  return argv.map((arg, index) =>
    arg === '--warnings-as-errors' && (end === -1 || index < end) ? `${arg}=${ALL_WARNINGS}` : arg,
  );
}
