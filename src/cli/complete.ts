import type { Command, Option } from 'commander';
import { choicesOf, isPathOption, takesAddress } from './complete-values.ts';
import { splitWords } from './complete-words.ts';

/** What the last word may become. `word` `:files`: the shell knows better. */
export interface Candidate {
  readonly word: string;
  readonly about: string;
}

export interface Sources {
  /** Of what is declared in the files that these options name. */
  readonly addresses: (options: readonly string[]) => Promise<readonly string[]>;
}

const FILES: readonly Candidate[] = [{ word: ':files', about: '' }];

/**
 * Completes the last of `words` (argv without the program, up to the cursor), for what `program` defines: commands,
 * options, their values, and addresses segment by segment. Hidden and unbuilt things are not offered.
 */
export async function complete(
  program: Command,
  words: readonly string[],
  sources: Sources,
): Promise<readonly Candidate[]> {
  const partial = words.at(-1) ?? '';
  const { command, awaiting, literal, documents } = splitWords(program, words.slice(0, -1));
  if (command === undefined) return [];
  if (command === null) return beginning(partial, partial.startsWith('-') ? GLOBAL : commandsOf(program));
  const addresses = (): Promise<readonly string[]> => sources.addresses(documents);
  if (awaiting !== null) return valuesOf(awaiting, partial, addresses);
  if (!literal && partial.startsWith('--') && partial.includes('=')) {
    const equals = partial.indexOf('=');
    const option = command.options.find(({ long }) => long === partial.slice(0, equals));
    if (option === undefined) return [];
    const values = await valuesOf(option, partial.slice(equals + 1), addresses);
    return values.map(({ word, about }) => ({
      word: word.startsWith(':') ? word : `${partial.slice(0, equals + 1)}${word}`,
      about,
    }));
  }
  if (!literal && partial.startsWith('-')) return beginning(partial, optionsOf(command));
  const [argument] = command.registeredArguments;
  if (argument === undefined) return partial === '' ? optionsOf(command) : [];
  if (argument.argChoices !== undefined) return beginning(partial, named(argument.argChoices));
  if (argument.name() === 'address') return segments(await addresses(), partial);
  return FILES;
}

const GLOBAL: readonly Candidate[] = [
  { word: '--help', about: 'what there is' },
  { word: '--version', about: 'of converge' },
];

function commandsOf(program: Command): readonly Candidate[] {
  return program.commands
    .filter((command) => !/not built yet/.test(command.description()))
    .map((command) => ({ word: command.name(), about: command.description() }));
}

function optionsOf(command: Command): readonly Candidate[] {
  return command.options
    .filter((option) => !option.hidden)
    .map((option) => ({ word: option.long ?? option.flags, about: option.description }));
}

async function valuesOf(
  option: Option,
  partial: string,
  addresses: () => Promise<readonly string[]>,
): Promise<readonly Candidate[]> {
  if (takesAddress(option)) return segments(await addresses(), partial);
  const choices = choicesOf(option);
  // What is behind the `=` of FORMAT=FILE.
  if (isPathOption(option) || (choices.some((word) => word.endsWith('=')) && partial.includes('='))) return FILES;
  // Of a list the last item is completed.
  const done = partial.slice(0, partial.lastIndexOf(',') + 1);
  return beginning(
    partial,
    named(choices).map(({ word, about }) => ({ word: `${done}${word}`, about })),
  );
}

/** Addresses up to the segment that is being typed; with a `/` where there is something inside. */
function segments(addresses: readonly string[], partial: string): readonly Candidate[] {
  const from = partial.lastIndexOf('/') + 1;
  const found = new Set<string>();
  for (const address of addresses) {
    if (!address.startsWith(partial)) continue;
    const end = address.indexOf('/', from);
    found.add(end === -1 ? address : address.slice(0, end));
    if (end !== -1) found.add(`${address.slice(0, end)}/`);
  }
  return named([...found].sort());
}

function beginning(partial: string, candidates: readonly Candidate[]): readonly Candidate[] {
  return candidates.filter(({ word }) => word.startsWith(partial));
}

function named(words: readonly string[]): readonly Candidate[] {
  return words.map((word) => ({ word, about: '' }));
}
