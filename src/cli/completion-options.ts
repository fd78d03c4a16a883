import { Argument, type Command } from 'commander';
import { COMPLETION_HELP } from './help-text.ts';
import { addCommonOptions, type CommonOptions } from './options.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** What the scripts of `completion` call back: `converge __complete -- WORD…`, the last word being completed. */
export const COMPLETE = '__complete';

/** The command `completion`. */
export function defineCompletion(program: Command, found: (shell: Shell, options: CommonOptions) => void): void {
  const completion = program.command('completion').description('print a script that completes commands for a shell');
  addCommonOptions(completion, { hide: ['Files and sources:', 'Platform:', 'Output:'], skip: ['--dialect'] })
    .addArgument(new Argument('<shell>', SHELLS.join(', ')).choices(SHELLS))
    .addHelpText('after', COMPLETION_HELP)
    .action((shell: Shell, options: CommonOptions) => found(shell, options));
}
