import { Argument, type Command, Option } from 'commander';
import { EXPLAIN_HELP } from './help-text.ts';
import {
  addCommonOptions,
  addDocumentOptions,
  type CommonOptions,
  deadlineOption,
  type DocumentOptions,
} from './options.ts';
import { checkTextOrJson } from './text-and-json.ts';
import { parseTimeout } from './values.ts';

export type ExplainOptions = CommonOptions &
  DocumentOptions & {
    readonly since: number;
    readonly showIp?: true;
    readonly history?: string;
    readonly deadline?: number;
  };

/** The command `explain` with its options. */
export function defineExplain(program: Command, found: (address: string, options: ExplainOptions) => void): void {
  const explain = program
    .command('explain')
    .description("tell one thing's story: line, author, live side, last event, plan");
  addDocumentOptions(addCommonOptions(explain))
    .addArgument(new Argument('<address>', 'as plan prints it: project:shop/deployment:production/env-var:KEY'))
    .addOption(
      new Option('--since <duration>', 'how far back the audit logs are read for its last event')
        .default(604_800_000, '7d')
        .argParser(parseTimeout)
        .helpGroup('Explain:'),
    )
    .addOption(new Option('--show-ip', 'also the address that it came from').helpGroup('Explain:'))
    .addOption(
      new Option('--history <file>', 'the file of `watch --history`: when it was last as declared').helpGroup(
        'Explain:',
      ),
    )
    .addOption(deadlineOption('Explain:'))
    .addHelpText('after', EXPLAIN_HELP)
    .action((address: string, options: ExplainOptions) => {
      checkTextOrJson('explain', options);
      found(address, options);
    });
}
