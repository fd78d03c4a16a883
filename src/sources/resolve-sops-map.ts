import type { Place } from '../model/place.ts';
import { Secret } from '../model/secret.ts';
import { describeSource, type Resolved, type SourceRef } from '../model/source.ts';
import { decryptSops, type SopsOptions } from './decrypt-sops.ts';
import { displayPath } from './display-path.ts';
import { withoutFinalNewline } from './read-text.ts';
import { whyNoText } from './sops-key.ts';
import { unresolved } from './source-failure.ts';
import { VARIABLE_NAME } from './variable-name.ts';

type MapRef = SourceRef & { readonly from: 'sops-map' };

/**
 * The names at the top of a SOPS file as variables, each with its line there. One final newline is removed, as from
 * every source. Diagnostics say names, which stand clear in SOPS files, and never a value.
 */
export async function resolveSopsMap(ref: MapRef, options: SopsOptions): Promise<Resolved> {
  const asked = describeSource(ref);
  const decrypted = await decryptSops(ref, options);
  if (decrypted.type === 'missing' && ref.optional) return { type: 'values', values: [] };
  if (decrypted.type !== 'decrypted') return decrypted.failure;
  const { tree, text } = decrypted;
  const file = displayPath(decrypted.absolute, options.cwd);
  const placeOf = (name: string): Place => ({ file, ...positionOf(name, text) });
  const wrong = (code: 'CVG402' | 'CVG404', summary: string, more: { hint: string; name?: string }): Resolved =>
    unresolved({
      code,
      summary: `${asked}: ${summary}`,
      hint: more.hint,
      ...(more.name === undefined ? { where: ref.where } : { where: placeOf(more.name), also: ref.where }),
    });

  if (typeof tree !== 'object' || tree === null || Array.isArray(tree)) {
    return wrong('CVG404', 'the file is no map of names and texts', { hint: 'Its top must be NAME: value lines.' });
  }
  const values = [];
  for (const [name, value] of Object.entries(tree as Readonly<Record<string, unknown>>)) {
    if (!VARIABLE_NAME.test(name)) {
      const hint =
        'Names are letters, digits and _, not a digit first. For a text deeper in the file there is fromSops.';
      return wrong('CVG404', `${shown(name)} is not a valid name`, { hint, name });
    }
    const why = whyNoText(value);
    if (why !== null || typeof value !== 'string') {
      const hint = 'Change it with `sops FILE`. For a text deeper in the file there is fromSops.';
      return wrong('CVG404', `the value of ${name} ${why}`, { hint, name });
    }
    const kept = withoutFinalNewline(value);
    if (kept === '' && !ref.allowEmpty) {
      return wrong('CVG402', `${name} has no value`, { hint: 'Write the value, or remove the line.', name });
    }
    values.push({ name, value: new Secret(kept), where: placeOf(name) });
  }
  if (values.length === 0 && !ref.optional && !ref.allowEmpty) {
    const hint = 'Check that it was written, or say optional: true if it may be empty.';
    return wrong('CVG402', 'the file holds no variable', { hint });
  }
  return { type: 'values', values };
}

/** Where a name at the top begins: at the start of a line in YAML and dotenv, after the first indentation in JSON. */
function positionOf(name: string, text: string): Pick<Place, 'line' | 'column'> {
  const lines = text.split('\n');
  const starts = [name, `"${name}"`, `'${name}'`];
  for (const [index, line] of lines.entries()) {
    const indent = /^(?:\t| {0,4}(?="))/.exec(line)?.[0].length ?? 0;
    const rest = line.slice(indent);
    const start = starts.find((start) => rest.startsWith(start) && /^\s*[:=]/.test(rest.slice(start.length)));
    if (start !== undefined) return { line: index + 1, column: indent + 1 };
  }
  return { line: 1, column: 1 };
}

function shown(name: string): string {
  return JSON.stringify(name.length > 64 ? `${name.slice(0, 64)}…` : name);
}
