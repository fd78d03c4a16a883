// Makes bad input of good input, from numbers: bytes, pieces of text, and JSON trees.

export type Random = () => number;

const pick = <T>(items: readonly T[], random: Random): T => items[Math.floor(random() * items.length)] as T;

/** What readers stumble over. */
const PIECES: readonly string[] = [
  '',
  '\0',
  '\n',
  '\r',
  '\t',
  ' ',
  '"',
  "'",
  '`',
  '\\',
  '#',
  ':',
  '- ',
  '{',
  '}',
  '[',
  ']',
  '&a ',
  '*a',
  '<<: *a',
  '!!binary ',
  '%YAML 1.3\n',
  '---\n',
  '...\n',
  '? ',
  '| ',
  '>-\n',
  'null',
  '~',
  'true',
  '012',
  '1e999',
  '-0',
  '\u2028',
  '\uFEFF',
  '\u202E',
  '\u001B[31m',
  '__proto__',
  'constructor',
  '😀',
  'export ',
  '=',
  '${X}',
  'A=',
  '\\n',
  '9'.repeat(400),
  'a'.repeat(3000),
  '[[['.repeat(200),
  '{"a":'.repeat(200),
];

/** One to eight changes of a text: pieces put in, taken out, doubled, moved, bytes flipped. */
export function mutateText(text: string, random: Random): Uint8Array {
  let now = text;
  for (let changes = 1 + Math.floor(random() * 8); changes > 0; changes -= 1) {
    const at = Math.floor(random() * (now.length + 1));
    const to = Math.min(now.length, at + Math.floor(random() * 40));
    const roll = random();
    if (roll < 0.4) now = now.slice(0, at) + pick(PIECES, random) + now.slice(at);
    else if (roll < 0.6) now = now.slice(0, at) + now.slice(to);
    else if (roll < 0.75) now = now.slice(0, to) + now.slice(at);
    else if (roll < 0.85) now = now.slice(0, at);
    else now = now.slice(0, at) + String.fromCharCode(Math.floor(random() * 0x1_0000)) + now.slice(at + 1);
    if (now.length > 200_000) now = now.slice(0, 200_000);
  }
  const bytes = new TextEncoder().encode(now);
  if (random() < 0.2)
    for (let flips = 3; flips > 0; flips -= 1) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
  return bytes;
}

const VALUES: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e308,
  Number.MAX_SAFE_INTEGER + 2,
  '',
  'x',
  '__proto__',
  '\u001B[2J\u202Eevil\u0007',
  'y'.repeat(5000),
  [],
  {},
  [[]],
  [null],
  { id: null },
  { toString: 1 },
  'https://evil.example/',
  '../../etc',
  '\n::error::x',
];

/** One to four changes of a JSON tree: values replaced, keys and items taken away, added, doubled. */
export function mutateJson(value: unknown, random: Random): unknown {
  const copy = structuredClone(value);
  let root: { readonly it: unknown } = { it: copy };
  for (let changes = 1 + Math.floor(random() * 4); changes > 0; changes -= 1) root = { it: changed(root.it, random) };
  return root.it;
}

function changed(value: unknown, random: Random): unknown {
  if (typeof value !== 'object' || value === null || random() < 0.12) return pick(VALUES, random);
  const keys = Object.keys(value);
  if (Array.isArray(value)) {
    const items = [...value] as unknown[];
    const at = Math.floor(random() * (items.length + 1));
    const roll = random();
    if (roll < 0.15 || items.length === 0) items.splice(at, 0, pick(VALUES, random));
    else if (roll < 0.25) items.splice(at, 1);
    else if (roll < 0.35) items.push(structuredClone(items[at % items.length]));
    else items[at % items.length] = changed(items[at % items.length], random);
    return items;
  }
  const fields = { ...value } as Record<string, unknown>;
  const key = keys.length === 0 ? 'x' : pick(keys, random);
  const roll = random();
  if (roll < 0.15) delete fields[key];
  else if (roll < 0.25) fields[pick(['x', '__proto__', 'id', 'constructor', ''], random)] = pick(VALUES, random);
  else fields[key] = changed(fields[key], random);
  return fields;
}
