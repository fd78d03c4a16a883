// Broken code is a finding and never an exception.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readApp } from './app.ts';

const CONFIG = `import { defineApp } from "convex/server";
import { v } from "convex/values";
const app = defineApp({ env: { MODE: v.union(v.literal("live"), v.literal("test")), KEY: v.optional(v.string()) } });
export default app;
`;
const CODE = `import { env as typed } from "./_generated/server";
import lib, { need } from "../lib/env";
const { A, B: other = "x", ...rest } = process.env;
/* a comment */ export const pattern = /[\\]/\${}]+/u;
export async function handler<T extends { a: string }>(ctx: T, args?: Record<string, unknown>): Promise<string> {
  const template = \`\${process.env.C ?? \`\${typed.D}\`}/\${need("E")}\`;
  for (const name of ["F", "G"] as const) if (name in process.env) lib(process.env[name]!);
  switch (process?.env?.["H"]) { case "x": return (await import("../lib/env")).need(\`I\`); default: }
  class K { #p = process.env.J; static m = () => <T,>(x: T) => x; get q() { return this.#p; } }
  return template + new K().q + (process.env as any).L + JSON.stringify({ ...rest, [other]: A });
}
`;
const LIB =
  'export function need(name: string) { return process.env[name] ?? ""; }\nexport default (x: unknown) => x;\n';

const APP = { 'convex/convex.config.ts': CONFIG, 'convex/a.ts': CODE, 'lib/env.ts': LIB };
const PIECES = [
  '(',
  ')',
  '{',
  '}',
  '[',
  ']',
  '`',
  '${',
  '"',
  "'",
  '/*',
  '*/',
  '//',
  '=>',
  '<',
  '>',
  '...',
  '?.',
  '=',
  ',',
  ';',
  '\n',
  '\0',
  '\uD800',
  '@',
  '#',
  'process',
  '.env',
  'const ',
  'import ',
  'export * from "./a"',
  'env',
  '0',
  'class ',
  'async ',
  'await ',
  'yield',
  '\\u{',
  'enum ',
];

const file = fc.constantFrom('convex/convex.config.ts', 'convex/a.ts', 'lib/env.ts') satisfies fc.Arbitrary<
  keyof typeof APP
>;
const edit = fc.record({
  file,
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  drop: fc.nat(40),
  insert: fc.array(fc.constantFrom(...PIECES), { maxLength: 6 }).map((pieces) => pieces.join('')),
});

function edited(edits: readonly { file: keyof typeof APP; at: number; drop: number; insert: string }[]) {
  const files: Record<string, string> = { ...APP };
  for (const { file: name, at, drop, insert } of edits) {
    const text = files[name] ?? '';
    const from = Math.floor(at * text.length);
    files[name] = text.slice(0, from) + insert + text.slice(from + drop);
  }
  return files;
}

const RUNS = { numRuns: 400, seed: 20_261_121 };

describe('whatever is done to the code', () => {
  test('edits anywhere never throw, and findings are of known codes with places', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 5 }), async (edits) => {
        const { findings, variables } = await readApp(edited(edits));
        for (const { code, where } of findings) {
          expect(code).toMatch(/^CVG8(?:06|07|08|09|11)$/);
          expect(code === 'CVG808' || (where?.line ?? 0) > 0).toBe(true);
        }
        for (const { uses } of variables) for (const { where } of uses) expect(where.column).toBeGreaterThan(0);
      }),
      RUNS,
    );
  });

  test('code that is cut off is reported in its file', async () => {
    await fc.assert(
      fc.asyncProperty(file, fc.double({ min: 0, max: 1, noNaN: true }), async (name, at) => {
        const text = APP[name];
        // Whatever was open stays open, and this never closes.
        const cut = `${text.slice(0, Math.floor(at * text.length))}\n;(`;
        const { findings } = await readApp({ ...APP, [name]: cut });
        const broken = findings.filter(({ code }) => code === 'CVG807').map(({ where }) => where?.file);
        // Nothing imports the library while the code that does is whole only in part.
        expect(broken).toEqual([name]);
      }),
      RUNS,
    );
  });

  test('the whole app reads as it is written', async () => {
    const { variables, findings } = await readApp(APP);
    expect(variables.map(({ name }) => name)).toEqual(['A', 'B', 'C', 'D', 'E', 'H', 'I', 'J', 'KEY', 'L', 'MODE']);
    expect(findings.map(({ code }) => code)).toEqual(['CVG806', 'CVG806', 'CVG806']);
  });
});

test.each([
  ['parentheses', '('.repeat(100_000)],
  ['brackets', '['.repeat(100_000)],
  ['blocks', '{'.repeat(100_000)],
  ['templates', '`${'.repeat(50_000)],
  ['arrow functions', '()=>'.repeat(50_000)],
  ['type arguments', 'a<'.repeat(50_000)],
  ['a sum', `x = ${'"a" + '.repeat(50_000)}"b"`],
  ['not', `x = ${'!'.repeat(100_000)}1`],
  ['members', `x${'.a'.repeat(100_000)}`],
])('code nested deeper than any stack: %s', async (_, text) => {
  const { findings } = await readApp({ 'convex/a.ts': text, 'convex/b.ts': 'process.env.B;' });
  expect(findings.map(({ code, where }) => [code, where?.file])).toEqual([['CVG807', 'convex/a.ts']]);
});

test('names that lead in circles, and names of names of names', async () => {
  const circle =
    'const a = b; const b = a; a.A; const { c } = c; c.env.B; export const x = process.env[y]; const y = x;';
  const tower = Array.from({ length: 200 }, (_, n) => `const t${n + 1} = t${n} || t${n};`).join('\n');
  const { variables } = await readApp({
    'convex/a.ts': circle,
    'convex/b.ts': `const t0 = process.env;\n${tower}\nt40.DEEP;`,
  });
  expect(variables.map(({ name }) => name)).toEqual(['DEEP']);
});
