import type { Diagnostic } from '../model/diagnostic.ts';
import { show } from './show.ts';

/** The parts of the document that have keys of their own, as the schema's `$defs` name them. */
export type Part =
  | 'root'
  | 'entry'
  | 'policy'
  | 'defaults'
  | 'value'
  | 'bulk-item'
  | 'selector'
  | 'match'
  | 'selector-policy';

/**
 * What the document's contract describes and this version does not do yet. Refused by name: an ignored key would be a
 * promise not kept. A line leaves this table when its feature arrives.
 */
const KEYS: Readonly<Record<Part, readonly string[]>> = {
  root: [],
  entry: ['mode'],
  policy: [],
  defaults: [],
  value: [],
  'bulk-item': [],
  selector: ['mode'],
  match: [],
  'selector-policy': ['windows'],
};

/** The keys of `part` that a later version understands. */
export function keysToCome(part: Part): readonly string[] {
  return KEYS[part];
}

/** True for a key of `part` that a later version understands. */
export function isKeyToCome(part: Part, key: string): boolean {
  return KEYS[part].includes(key);
}

export function notBuiltYet(name: string): Pick<Diagnostic, 'severity' | 'code' | 'summary' | 'hint'> {
  return {
    severity: 'error',
    code: 'CVG207',
    summary: `${show(name)} is not built yet in this version`,
    hint: 'Take it out; it is refused rather than ignored.',
  };
}
