/**
 * Strict readers of what clients send. Unknown fields are refused: a client that sends one believes in something
 * that the platform does not do.
 */

/** Reads a value that stands at `at`, or throws {@link Misread}. */
export type Reader<Value> = (value: unknown, at: string) => Value;

/** Reads an object whose keys are all known. */
export type Shape<Value> = Reader<Value> & { readonly keys: readonly string[] };

/** The message says where and what was expected. */
export class Misread extends Error {
  override readonly name = 'Misread';
}

function expected(what: string, at: string): never {
  throw new Misread(`${at} must be ${what}`);
}

export const text: Reader<string> = (value, at) => (typeof value === 'string' ? value : expected('a string', at));

export const flag: Reader<boolean> = (value, at) => (typeof value === 'boolean' ? value : expected('a boolean', at));

export const integer: Reader<number> = (value, at) =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
    ? value
    : expected('an integer that is not negative', at);

/** A number that may be negative or broken. */
export const number: Reader<number> = (value, at) =>
  typeof value === 'number' && Number.isFinite(value) ? value : expected('a number', at);

export function oneOf<const Value extends string>(...values: readonly Value[]): Reader<Value> {
  return (value, at) => values.find((one) => one === value) ?? expected(`one of ${values.join(', ')}`, at);
}

export function optional<Value>(reader: Reader<Value>): Reader<Value | undefined> {
  return (value, at) => (value === undefined ? undefined : reader(value, at));
}

export function nullable<Value>(reader: Reader<Value>): Reader<Value | null> {
  return (value, at) => (value === null ? null : reader(value, at));
}

export function list<Value>(reader: Reader<Value>): Reader<readonly Value[]> {
  return (value, at) =>
    Array.isArray(value) ? value.map((item, index) => reader(item, `${at}[${String(index)}]`)) : expected('a list', at);
}

function asObject(value: unknown, at: string): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : expected('an object', at);
}

/** An object with free keys. */
export function record<Value>(reader: Reader<Value>): Reader<Readonly<Record<string, Value>>> {
  return (value, at) =>
    Object.fromEntries(Object.entries(asObject(value, at)).map(([key, item]) => [key, reader(item, `${at}.${key}`)]));
}

type Fields = Readonly<Record<string, Reader<unknown>>>;
type Values<F extends Fields> = { readonly [Key in keyof F]: F[Key] extends Reader<infer Value> ? Value : never };

/** An object with these fields and no others. `at` is empty at the top. */
export function shape<const F extends Fields>(fields: F): Shape<Values<F>> {
  const readers = new Map(Object.entries(fields));
  const read = (value: unknown, at: string) => {
    const object = asObject(value, at === '' ? 'the body' : at);
    const path = (key: string) => (at === '' ? key : `${at}.${key}`);
    for (const key of Object.keys(object)) {
      if (!readers.has(key)) {
        throw new Misread(`${path(key)} is unknown; known are ${[...readers.keys()].join(', ') || 'none'}`);
      }
    }
    const values: Record<string, unknown> = {};
    for (const [key, reader] of readers) {
      const present = Object.hasOwn(object, key) ? object[key] : undefined;
      const result = reader(present, path(key));
      if (result !== undefined) values[key] = result;
    }
    return values as Values<F>;
  };
  return Object.assign(read, { keys: [...readers.keys()] });
}

/** Query strings carry text: this reads the text of a number, a boolean or `null` first. */
export function fromText<Value>(reader: Reader<Value>): Reader<Value> {
  return (value, at) => {
    if (typeof value !== 'string') return reader(value, at);
    const parsed = /^(-?\d{1,16}|true|false|null)$/.test(value)
      ? (JSON.parse(value.replace(/^(-?)0+(?=\d)/, '$1')) as unknown)
      : value;
    return reader(parsed, at);
  };
}
