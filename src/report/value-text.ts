import type { Change, FieldChange } from '../model/change.ts';
import { Secret } from '../model/secret.ts';
import { UnknownValue } from '../model/unknown-value.ts';
import { plainJson } from './plain-json.ts';
import { sanitize } from './sanitize.ts';

/**
 * What becomes of one field, for people: `set`, `changed`, `removed` where values are not shown, `before → after`
 * where they are, and when the value is not known in this run.
 */
export function fieldText(change: Change, field: FieldChange): string {
  const text = field.unknown ? unknownText(change) : differenceText(change, field);
  return field.forcesReplacement ? `${text}, forces replacement` : text;
}

function differenceText(change: Change, field: FieldChange): string {
  const before = shown(field.before) ? valueText(field.before) : null;
  const after = shown(field.after) ? valueText(field.after) : null;
  if (before === null && after === null) return hiddenText(change);
  if (change.action === 'create') return after ?? hiddenText(change);
  if (after === null) return `was ${before}`;
  return before === null ? `set to ${after}` : `${before} → ${after}`;
}

function hiddenText(change: Change): string {
  return change.action === 'create' ? 'set' : change.action === 'delete' ? 'removed' : 'changed';
}

function unknownText(change: Change): string {
  return change.action === 'create' ? 'set, value not resolved here' : 'value not resolved here';
}

/** A value as it would be written, on one line; null is the platform's default. Very long ones are cut, and say so. */
export function valueText(value: unknown): string {
  if (value === null) return 'default';
  const text = sanitize(JSON.stringify(plainJson(value)));
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE - 1)}… (${text.length} characters)`;
}

/** Something that stands for a value which plans never show is not a value to show. */
export function shown(value: unknown): boolean {
  return value !== undefined && !(value instanceof Secret) && !(value instanceof UnknownValue);
}

const LONGEST_VALUE = 100;
