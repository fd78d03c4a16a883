/**
 * Readers for JSON that others may have written. A shape checks a value and gives a fresh copy of exactly what it
 * knows, keys in the order it names them; what does not fit throws {@link Misfit}, which its caller catches.
 */
export type Shape<T> = (value: unknown, path: string) => T;

/** Says where and what was expected, never what is there. */
export class Misfit extends Error {
  override readonly name = 'Misfit';
}

type Optional<T> = { readonly optional: Shape<T> };
type Field = Shape<unknown> | Optional<unknown>;
type Required<Fields> = {
  readonly [K in keyof Fields as Fields[K] extends Shape<unknown> ? K : never]: Read<Fields[K]>;
};
type Maybe<Fields> = { readonly [K in keyof Fields as Fields[K] extends Shape<unknown> ? never : K]?: Read<Fields[K]> };
type Read<F> = F extends Shape<infer T> ? T : F extends Optional<infer T> ? T : never;

/** An object with at least these keys; others are dropped. */
export function objectOf<const Fields extends Readonly<Record<string, Field>>>(
  fields: Fields,
): Shape<Required<Fields> & Maybe<Fields>> {
  return (value, path) => {
    if (!isObject(value)) throw expected('an object', path);
    const copy: Record<string, unknown> = {};
    for (const [key, field] of Object.entries(fields)) {
      const there = Object.hasOwn(value, key);
      const shape = typeof field === 'function' ? field : field.optional;
      if (there) copy[key] = shape(value[key], `${path}.${key}`);
      else if (shape === field) throw expected('to be there', `${path}.${key}`);
    }
    return copy as Required<Fields> & Maybe<Fields>;
  };
}

export function optional<T>(shape: Shape<T>): Optional<T> {
  return { optional: shape };
}

export function listOf<T>(item: Shape<T>): Shape<readonly T[]> {
  return (value, path) => {
    if (!Array.isArray(value)) throw expected('a list', path);
    return value.map((entry, index) => item(entry, `${path}[${index}]`));
  };
}

/** An object with any keys. Keys do not appear in messages: they may be names or paths of the user's. */
export function recordOf<T>(item: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return (value, path) => {
    if (!isObject(value)) throw expected('an object', path);
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, item(entry, `${path}[…]`)]));
  };
}

export function nullOr<T>(shape: Shape<T>): Shape<T | null> {
  return (value, path) => (value === null ? null : shape(value, path));
}

/** Text of at most a megabyte; `pattern` where its form matters. `T` names the known values of an open set. */
export function text<T extends string = string>(what = 'text', pattern?: RegExp): Shape<T> {
  return (value, path) => {
    if (typeof value !== 'string' || value.length > LONGEST_TEXT || pattern?.test(value) === false) {
      throw expected(what, path);
    }
    return value as T;
  };
}

export const flag: Shape<boolean> = (value, path) => {
  if (typeof value !== 'boolean') throw expected('true or false', path);
  return value;
};

/** A whole number that counts something. */
export const amount: Shape<number> = (value, path) => {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw expected('a whole number', path);
  return value;
};

/** Any JSON value that is not nested beyond what a field's value can be. */
export const anyJson: Shape<unknown> = (value, path) => copyJson(value, path, 0);

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function expected(what: string, path: string): Misfit {
  return new Misfit(`${path === '' ? 'the document' : path.slice(1)}: expected ${what}`);
}

function copyJson(value: unknown, path: string, depth: number): unknown {
  if (depth > DEEPEST_VALUE) throw expected('less nesting', path);
  if (Array.isArray(value)) return value.map((item) => copyJson(item, path, depth + 1));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copyJson(item, path, depth + 1)]));
}

const LONGEST_TEXT = 1024 * 1024;
const DEEPEST_VALUE = 8;
