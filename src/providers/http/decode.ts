/**
 * Tolerant reading of replies: what is needed must be there in the right type, everything else may be anything.
 * Errors name the field, never the value.
 */
export class UnexpectedShape extends Error {
  override readonly name = 'UnexpectedShape';
}

/** An object of a reply, its fields read by type. `null` and absent are the same to the `maybe…` readers. */
export interface Shape {
  text(field: string): string;
  integer(field: string): number;
  flag(field: string): boolean;
  maybeText(field: string): string | null;
  maybeInteger(field: string): number | null;
  maybeFlag(field: string): boolean | null;
  object(field: string): Shape;
  list(field: string): readonly unknown[];
  /** Own string-keyed entries, in the order of the reply. */
  entries(): readonly (readonly [string, unknown])[];
}

/** `value` as an object; `at` names it in errors (`deployments[3]`). */
export function shapeOf(value: unknown, at: string): Shape {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unexpected(at, 'an object', value);
  const fields = value as Readonly<Record<string, unknown>>;
  const read = (field: string): unknown => (Object.hasOwn(fields, field) ? fields[field] : undefined);

  function needed<T>(field: string, expected: string, is: (value: unknown) => value is T): T {
    const found = read(field);
    if (!is(found)) throw unexpected(`${at}.${field}`, expected, found);
    return found;
  }
  function maybe<T>(field: string, expected: string, is: (value: unknown) => value is T): T | null {
    return read(field) === undefined || read(field) === null ? null : needed(field, expected, is);
  }
  return {
    text: (field) => needed(field, 'text', isText),
    integer: (field) => needed(field, 'an integer', isInteger),
    flag: (field) => needed(field, 'true or false', isFlag),
    maybeText: (field) => maybe(field, 'text', isText),
    maybeInteger: (field) => maybe(field, 'an integer', isInteger),
    maybeFlag: (field) => maybe(field, 'true or false', isFlag),
    object: (field) => shapeOf(read(field), `${at}.${field}`),
    list: (field) => listOf(read(field), `${at}.${field}`),
    entries: () => Object.entries(fields),
  };
}

export function listOf(value: unknown, at: string): readonly unknown[] {
  if (!Array.isArray(value)) throw unexpected(at, 'a list', value);
  return value;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function isFlag(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

function unexpected(at: string, expected: string, found: unknown): UnexpectedShape {
  const kind =
    found === undefined ? 'missing' : found === null ? 'null' : Array.isArray(found) ? 'a list' : typeof found;
  return new UnexpectedShape(`${at} should be ${expected} and is ${kind}`);
}
