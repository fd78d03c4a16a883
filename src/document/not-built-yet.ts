import type { Diagnostic } from '../model/diagnostic.ts';
import type { AnyKind } from '../model/kinds.ts';
import { show } from './show.ts';

/** The parts of the document that have keys of their own, as the schema's `$defs` name them. */
export type Part = 'root' | 'entry' | 'policy' | 'defaults' | 'value' | 'bulk-item';

/**
 * What the document's contract describes and this version does not do yet. Refused by name: an ignored key would be a
 * promise not kept. A line leaves this table when its feature arrives.
 */
const KEYS: Readonly<Record<Part, readonly string[]>> = {
  root: ['mode', 'pauses', 'invariants'],
  entry: ['mode', 'pauses', 'invariants', 'name'],
  policy: ['windows', 'mode'],
  defaults: [],
  value: [],
  'bulk-item': [],
};

/** The keys of `part` that a later version understands, selectors aside. */
export function keysToCome(part: Part): readonly string[] {
  return KEYS[part];
}

/** True for a key of `part` that a later version understands; selectors (`each…`) exist for every listed kind. */
export function isKeyToCome(part: Part, key: string, kinds: readonly AnyKind[]): boolean {
  if (KEYS[part].includes(key)) return true;
  return (part === 'root' || part === 'entry') && kinds.some((kind) => key === selectorKey(kind));
}

export function notBuiltYet(name: string): Pick<Diagnostic, 'severity' | 'code' | 'summary' | 'hint'> {
  return {
    severity: 'error',
    code: 'CVG207',
    summary: `${show(name)} is not built yet in this version`,
    hint: 'Take it out; it is refused rather than ignored.',
  };
}

function selectorKey(kind: AnyKind): string | null {
  if (kind.form.shape !== 'list') return null;
  return `each${kind.name.replace(/(?:^|-)([a-z])/g, (_match, letter: string) => letter.toUpperCase())}`;
}
