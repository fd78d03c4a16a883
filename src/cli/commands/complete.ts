import { declaredAddresses } from '../../compose/declared-addresses.ts';
import { sanitize } from '../../report/sanitize.ts';
import { defineProgram, parseArgs } from '../args.ts';
import { complete } from '../complete.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { systemChance, systemClock } from '../../compose/machine.ts';
import { settingsOf } from '../settings.ts';

/**
 * Prints what the last word may become, a line each: the word, a tab, what it is. `:files` as a line of its own: the
 * shell completes names of files. Offline, and silent about everything that goes wrong: somebody is typing.
 */
export async function runComplete(argv: readonly string[], io: Io, version: string): Promise<ExitCode> {
  const words = argv[0] === '--' ? argv.slice(1) : argv;
  const program = defineProgram({ version, writeOut: () => undefined, writeErr: () => undefined }, () => undefined);
  const candidates = await complete(program, words, {
    addresses: (options) => addressesOf(options, io, version).catch(() => []),
  });
  const lines = candidates.map(({ word, about }) => (about === '' ? word : `${word}\t${sanitize(about)}`));
  io.stdout.write(lines.map((line) => `${line}\n`).join(''));
  return EXIT.done;
}

/** What is declared in the files that the words before name. */
async function addressesOf(options: readonly string[], io: Io, version: string): Promise<readonly string[]> {
  const output = { version, writeOut: () => undefined, writeErr: () => undefined };
  const invocation = parseArgs(['validate', ...options], output);
  if (invocation?.command !== 'validate') return [];
  return declaredAddresses(settingsOf(invocation.options, io.env), {
    env: io.env,
    cwd: io.cwd,
    clock: systemClock,
    chance: systemChance,
    onEvent: () => undefined,
    version,
  });
}
