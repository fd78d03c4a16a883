import { Argument, type Command } from 'commander';
import { CHECK_CODE_HELP } from './help-text.ts';
import {
  addCommonOptions,
  addDocumentOptions,
  type CommonOptions,
  type DocumentOptions,
  listOption,
} from './options.ts';

export type CheckCodeOptions = CommonOptions & DocumentOptions & { readonly deployment: readonly string[] };

/** The command `check-code` with its options. */
export function defineCheckCode(program: Command, found: (folder: string, options: CheckCodeOptions) => void): void {
  const command = program
    .command('check-code')
    .description('code against document: variables that are missing, unused, wrong or removed too early; offline');
  addDocumentOptions(addCommonOptions(command, { hide: ['Platform:'] }))
    .addArgument(new Argument('<dir>', 'the folder of the app, with convex.json or convex/ in it'))
    .addOption(
      listOption(
        '--deployment <address>',
        'only these deployments: addresses, globs, or selectors as plans name them; repeatable',
      ).helpGroup('Check:'),
    )
    .addHelpText('after', CHECK_CODE_HELP)
    .action((folder: string, options: CheckCodeOptions) => found(folder, options));
}
