import { fieldsOf } from '../model/schema.ts';
import { sameValue } from './compare.ts';
import { bringsLive, type Draft } from './draft.ts';

/** The fields that a create asks for and its request cannot carry: an update follows it, where there is one. */
export function followUpFields(draft: Draft): readonly string[] {
  const { kind, desired } = draft;
  if (desired === null || kind.born === undefined || !bringsLive(draft)) return [];
  const whole = { ...desired.atCreation, ...desired.spec };
  const wanted = kind.normalize?.(whole) ?? whole;
  const made = kind.born(whole);
  const born = kind.normalize?.(made) ?? made;
  return fieldsOf(kind.schema)
    .filter(([field, { writeOnly }]) => writeOnly !== true && wanted[field] !== undefined)
    .filter(([field, { nullable, orderFree }]) => {
      if (born[field] === undefined && nullable !== true) return true;
      return !sameValue(born[field] ?? null, wanted[field], orderFree === true);
    })
    .map(([field]) => field);
}
