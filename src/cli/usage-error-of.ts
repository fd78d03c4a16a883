import type { CommanderError } from 'commander';
import { UsageError } from './usage-error.ts';

/**
 * Commander's error without its prefix, and without the value of an unknown option: it may be a secret. `commands` are
 * the names that there are.
 */
export function usageErrorOf(error: CommanderError, argv: readonly string[], commands: readonly string[]): UsageError {
  const command = argv.find((arg) => !arg.startsWith('-'));
  const known = command !== undefined && commands.includes(command);
  const hint = `see converge ${known ? `${command} ` : ''}--help`;
  if (error.code === 'commander.help') return new UsageError('a command is needed', hint);
  const message = error.message.replace(/^error: /, '').replace(/(unknown option '[^'=]*)=.*'(?=\n|$)/s, "$1'");
  const meant = error.code === 'commander.unknownCommand' ? ELSEWHERE[command ?? ''] : undefined;
  // A word of another tool is better known than guessed.
  const plain = meant === undefined ? message : message.replace(/\s*\(Did you mean.*$/s, '');
  const said = meant === undefined ? plain : `${plain} (Did you mean ${meant}?)`;
  return new UsageError(said.replace(/\n/g, ' '), hint);
}

/** What other tools call the same. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  check: 'validate',
  lint: 'validate',
  diff: 'plan',
  preview: 'plan',
  deploy: 'apply',
  push: 'apply',
  sync: 'apply',
  up: 'apply',
  export: 'dump',
  import: 'dump',
  pull: 'dump',
  status: 'drift',
  refresh: 'drift',
  daemon: 'watch',
  serve: 'watch',
};
