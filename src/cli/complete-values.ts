import type { Option } from 'commander';
import { DIAGNOSTIC_CODES } from '../model/diagnostic-codes.ts';
import { DIALECTS, kindsFor } from '../providers/registry.ts';
import { failOnWords } from './drift-options.ts';

const ADDRESSES: ReadonlySet<string> = new Set(['--target', '--exclude', '--confirm']);

/** Its value is an address of the document. */
export function takesAddress({ long }: Option): boolean {
  return ADDRESSES.has(long ?? '');
}

/** Its value is a file or folder. */
export function isPathOption({ flags }: Option): boolean {
  return /<(?:path|file|dir)>/.test(flags);
}

/** Words that some options take; which of them, the option's own parser says. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  '--format': ['text', 'json', 'markdown', 'html', 'sarif', 'junit'],
  '--report': ['text=', 'json=', 'markdown=', 'html=', 'sarif=', 'junit='],
  '--dialect': DIALECTS,
  '--kind': ['state', 'plan', 'apply', 'drift', 'explain', 'check-code', 'error'],
};

/** The values that an option takes, where they can be told. */
export function choicesOf(option: Option): readonly string[] {
  if (option.argChoices !== undefined) return option.argChoices;
  switch (option.long) {
    case '--suppress':
    case '--warnings-as-errors':
      return Object.keys(DIAGNOSTIC_CODES);
    case '--allow-delete':
      return kindsFor(DIALECTS[0])
        .filter(({ holdsData }) => holdsData === true)
        .map(({ name }) => name);
    case '--fail-on':
      return failOnWords(DIALECTS[0]);
    case undefined:
    default:
      return (WORDS[option.long ?? ''] ?? []).filter((word) => isTaken(option, word));
  }
}

function isTaken(option: Option, word: string): boolean {
  try {
    option.parseArg?.(word.endsWith('=') ? `${word}x` : word, [] as never);
    return true;
  } catch {
    return false;
  }
}
