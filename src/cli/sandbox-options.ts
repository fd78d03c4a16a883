import { type Command, Option } from 'commander';
import { SANDBOX_HELP } from './help-text.ts';
import { addCommonOptions, type CommonOptions } from './options.ts';
import { parseRate, wholeNumber } from './values.ts';

export type SandboxOptions = Omit<CommonOptions, 'rate'> & {
  readonly port: number;
  readonly seed?: string;
  readonly rate?: number;
  readonly latency: number;
};

/** The command `sandbox` with its options. */
export function defineSandbox(program: Command, found: (options: SandboxOptions) => void): void {
  const sandbox = program.command('sandbox').description('serve an in-memory Convex platform on 127.0.0.1');
  addCommonOptions(sandbox, { skip: ['--rate'], hide: ['Files and sources:', 'Platform:'] })
    .addOption(
      new Option('--port <n>', '0: any free one')
        .default(0, '0')
        .argParser(wholeNumber(0, 65_535))
        .helpGroup('Sandbox:'),
    )
    .addOption(new Option('--seed <file>', 'what is there at the start (JSON or YAML)').helpGroup('Sandbox:'))
    .addOption(
      new Option('--rate <n>', 'requests per second before it answers 429 (default: no limit)')
        .argParser(parseRate)
        .helpGroup('Sandbox:'),
    )
    .addOption(
      new Option('--latency <ms>', 'before every reply')
        .default(0, '0')
        .argParser(wholeNumber(0))
        .helpGroup('Sandbox:'),
    )
    .addHelpText('after', SANDBOX_HELP)
    .action((options: SandboxOptions) => found(options));
}
