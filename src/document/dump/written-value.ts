import { isPlainValue } from '../../model/plain-value.ts';
import { reveal, Secret } from '../../model/secret.ts';
import type { DumpValue } from './dump-tree.ts';

/** Where references lead: variables of the environment, or a SOPS file. */
export type ReferenceTo = 'env' | 'sops';

/**
 * How a live value is written: in clear where it is plainly harmless, or where all are asked for; else as a reference.
 * A text: why it can be neither. Only what is in clear leaves its {@link Secret} here.
 */
export function writtenValue(
  name: string,
  value: unknown,
  { clear, to }: { readonly clear: boolean; readonly to: ReferenceTo },
): DumpValue | string {
  if (!(value instanceof Secret)) return 'the platform withholds the value';
  const text = reveal(value);
  if (!text.isWellFormed() || text.includes('\0')) return 'the value is not text that a document or a source can hold';
  if (clear || isPlainValue(name, text)) return { how: 'clear', secret: value, text };
  // Node puts U+FFFD where an environment variable is not UTF-8, so a source refuses it.
  if (to === 'env' && text.includes('\uFFFD')) return 'the value holds U+FFFD, which no environment variable can give';
  return { how: 'reference', secret: value, finalNewline: text.endsWith('\n') };
}
