import type { Command, Option } from 'commander';

/** What the words before the one that is being completed say. */
export interface Said {
  /** Null: none was given yet; undefined: one that there is not. */
  readonly command: Command | null | undefined;
  /** The option whose value comes next. */
  readonly awaiting: Option | null;
  /** After `--` nothing is an option. */
  readonly literal: boolean;
  /** Those options, with their values, that say which document it is. */
  readonly documents: readonly string[];
}

/** Options that decide what is declared. */
const OF_DOCUMENTS: ReadonlySet<string> = new Set(['--file', '--dialect']);

export function splitWords(program: Command, words: readonly string[]): Said {
  const at = words.findIndex((word) => !word.startsWith('-'));
  const command = at === -1 ? null : program.commands.find((one) => one.name() === words[at]);
  let awaiting: Option | null = null;
  let literal = false;
  const documents: string[] = [];
  for (const word of at === -1 ? [] : words.slice(at + 1)) {
    if (awaiting !== null) {
      if (OF_DOCUMENTS.has(awaiting.long ?? '')) documents.push(`${awaiting.long ?? ''}=${word}`);
      awaiting = null;
    } else if (literal || word === '--') literal = true;
    else if (word.startsWith('--') && word.includes('=')) {
      if (OF_DOCUMENTS.has(word.slice(0, word.indexOf('=')))) documents.push(word);
    } else if (word.startsWith('-'))
      awaiting =
        command?.options.find((option) => option.required && (option.long === word || option.short === word)) ?? null;
  }
  return { command, awaiting, literal, documents };
}
