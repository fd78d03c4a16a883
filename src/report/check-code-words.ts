import type { CheckedSubject, CodeCheck } from '../model/code-check.ts';
import { count } from './words.ts';

export const STANDING_WORDS: Readonly<Record<CheckedSubject['standing'], string>> = {
  satisfied: 'satisfied',
  unsatisfied: 'not satisfied',
  unknown: 'not known from the document',
};

/** The lists of a subject with what they are called; only those that have something in them. */
export function listsOf({ missing, removed, wrong, unknown, unused, order }: CheckedSubject) {
  const all: readonly (readonly [label: string, names: readonly string[]])[] = [
    ['missing', missing],
    ['removed too early', removed],
    ['wrong value', wrong],
    ['not known', unknown],
    ['not read', unused],
    ['set before the deploy', order.before],
    ['remove after the deploy', order.after],
  ];
  return all.filter(([, names]) => names.length > 0);
}

/** `Satisfied: 2 of 3. The code of 12 files reads 8 variables.` */
export function conclusionOf({ reading, subjects, findings }: CodeCheck): string {
  const satisfied = subjects.filter(({ standing }) => standing === 'satisfied').length;
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const read = `The code (${count(reading.files, 'file')}) asks for ${count(reading.variables.length, 'variable')}`;
  const open = reading.open ? ', and for some whose names are computed' : '';
  const standing = `Satisfied: ${satisfied} of ${subjects.length}${errors === 0 ? '' : `, ${count(errors, 'error')}`}`;
  return `${standing}. ${read}${open}.`;
}
