import { Secret } from '../model/secret.ts';
import { describeSource, type Resolved, type SourceRef } from '../model/source.ts';
import { decryptSops, type SopsOptions } from './decrypt-sops.ts';
import { withoutFinalNewline } from './read-text.ts';
import { atSopsKey, whyNoText } from './sops-key.ts';
import { unresolved } from './source-failure.ts';

/** One text of a SOPS file. Diagnostics name the key, which SOPS files show as well, and never a value. */
export async function resolveSops(ref: SourceRef & { readonly from: 'sops' }, options: SopsOptions): Promise<Resolved> {
  const { where, key } = ref;
  const asked = describeSource(ref);
  const decrypted = await decryptSops(ref, options);
  if (decrypted.type !== 'decrypted') return decrypted.failure;
  const found = atSopsKey(decrypted.tree, key);
  if (found === undefined) {
    return unresolved({
      code: 'CVG401',
      where,
      summary: `${asked}: the file has no such key`,
      hint: 'Names of maps and numbers of lists, from 0, stand with dots between them: a.b.0.',
    });
  }
  const why = whyNoText(found);
  if (why !== null || typeof found !== 'string') {
    const summary = `${asked}: the value ${why}`;
    return unresolved({ code: 'CVG404', where, summary, hint: 'Values are texts; change it with `sops FILE`.' });
  }
  const text = ref.keepNewline ? found : withoutFinalNewline(found);
  if (text === '' && !ref.allowEmpty) {
    return unresolved({
      code: 'CVG402',
      where,
      summary: `${asked}: the value is empty`,
      hint: 'Write the value into the file, or allowEmpty: true into the document if empty is meant.',
    });
  }
  return { type: 'value', value: new Secret(text) };
}
