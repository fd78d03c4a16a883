import { Secret } from '../model/secret.ts';
import { describeSource, type Resolved, type SourceRef } from '../model/source.ts';
import { openSourceFile, type OpenOptions } from './open-source-file.ts';
import { withoutFinalNewline } from './read-text.ts';
import { unresolved } from './source-failure.ts';

/** Eight times the most that a variable holds anywhere we know of: a wrong path shows before memory does. */
const MAX_VALUE_BYTES = 64 * 1024;

/** The content of a file as one value. */
export async function resolveFile(
  ref: SourceRef & { readonly from: 'file' },
  options: Omit<OpenOptions, 'maxBytes'>,
): Promise<Resolved> {
  const opened = await openSourceFile(ref, { ...options, maxBytes: MAX_VALUE_BYTES });
  if (opened.type !== 'text') return opened.failure;
  const text = ref.keepNewline ? opened.text : withoutFinalNewline(opened.text);
  if (text === '' && !ref.allowEmpty) {
    return unresolved({
      code: 'CVG402',
      where: ref.where,
      summary: `${describeSource(ref)}: the file is empty`,
      hint: 'Write the value into it, or allowEmpty: true into the document if empty is meant.',
    });
  }
  return { type: 'value', value: new Secret(text) };
}
