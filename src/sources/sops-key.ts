/**
 * What stands at `a.b` in a decrypted tree; undefined where there is nothing. A name of a map may hold dots: the
 * longest one that exists is taken. Lists count from 0.
 */
export function atSopsKey(tree: unknown, key: string): unknown {
  let at = tree;
  let rest: readonly string[] = key.split('.');
  while (rest.length > 0) {
    if (typeof at !== 'object' || at === null) return undefined;
    const taken = longestName(at, rest);
    if (taken === null) return undefined;
    at = (at as Readonly<Record<string, unknown>>)[rest.slice(0, taken).join('.')];
    rest = rest.slice(taken);
  }
  return at;
}

/** How many of the words make a name that the map has; of a list, one that is a whole number. */
function longestName(container: object, words: readonly string[]): number | null {
  if (Array.isArray(container)) return /^(?:0|[1-9]\d{0,5})$/.test(words[0] ?? '') ? 1 : null;
  for (let count = words.length; count > 0; count--) {
    if (Object.hasOwn(container, words.slice(0, count).join('.'))) return count;
  }
  return null;
}

/** What a value is, without showing it; null for text that can be a value. `why` completes "it". */
export function whyNoText(value: unknown): string | null {
  if (Array.isArray(value)) return 'is a list, and text is needed';
  switch (typeof value) {
    case 'string':
      if (value.includes('\0')) return 'holds a NUL byte';
      return value.isWellFormed() ? null : 'is not UTF-8 text';
    case 'number':
      return 'is a number: write it as text, with quotes';
    case 'boolean':
      return 'is true or false: write it as text, with quotes';
    default:
      return value === null ? 'is null: write "" for empty text' : 'is a map, and text is needed';
  }
}
