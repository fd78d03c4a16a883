import { describe, expect, test } from 'vitest';
import { findingsOf, readApp, usesOf } from './app.ts';

/** The uses in one file of functions, beside other files. */
async function inFile(text: string, others: Readonly<Record<string, string>> = {}) {
  return readApp({ 'convex/a.ts': text, ...others });
}

describe('every way to read a variable by its name', () => {
  test.each([
    ['a member', 'export const a = process.env.A;', ['A']],
    ['not null', 'export const a = process.env.A!;', ['A']],
    ['with a type', 'export const a = process.env.A as string; export const b = <string>process.env.B;', ['A', 'B']],
    ['an element', 'export const a = process.env["A"] + process.env[\'B\'];', ['A', 'B']],
    ['a template without substitution', 'export const a = process.env[`A`];', ['A']],
    ['optional chaining', 'export const a = [process?.env?.A, process.env?.["B"]];', ['A', 'B']],
    [
      'parentheses and types around',
      'export const a = (process.env as any).A + (process!.env satisfies object).B;',
      ['A', 'B'],
    ],
    [
      'the global object',
      'export const a = globalThis.process.env.A + (globalThis as any)["process"].env.B;',
      ['A', 'B'],
    ],
    ['taken apart', 'const { A, B: other, ["C"]: c, D = "x" } = process.env;', ['A', 'B', 'C', 'D?']],
    [
      'taken apart twice',
      'const { env: { A } } = process; const { process: { env: { B } } } = globalThis;',
      ['A', 'B'],
    ],
    ['taken apart by assignment', 'let a; ({ A: a } = process.env);', ['A']],
    ['taken apart as a parameter', 'function f({ A } = process.env) { return A; }', ['A']],
    ['another name', 'const env = process.env; export const a = env.A; const again = env; again.B;', ['A', 'B']],
    [
      'another name for the process',
      'const p = process; const { env: e } = p; export const a = [p.env.A, e.B];',
      ['A', 'B'],
    ],
    ['a name that is given later', 'let env; env = process.env; env.A;', ['A']],
    [
      'a name with an alternative',
      'const env = process.env ?? {}; const e2 = typeof process === "undefined" ? {} : process.env; env.A; e2.B;',
      ['A', 'B'],
    ],
    [
      'a constant name',
      'const KEY = "A"; const KEYS = { b: "B" } as const; process.env[KEY]; process.env[KEYS.b];',
      ['A', 'B'],
    ],
    [
      'a name put together of constants',
      'const P = "APP"; process.env[`${P}_A`]; process.env[P + "_B"];',
      ['APP_A', 'APP_B'],
    ],
    [
      'node:process',
      'import { env } from "node:process"; import proc, { env as e } from "process"; env.A; e.B; proc.env.C;',
      ['A', 'B', 'C'],
    ],
    [
      'the typed export',
      'import { env } from "./_generated/server"; import * as server from "./_generated/server.js"; env.A; server.env.B;',
      ['A', 'B'],
    ],
    ['require', 'const { env } = require("process"); env.A;', ['A']],
    [
      'a function of the module',
      'function need(name: string) { const v = process.env[name]; if (!v) throw 0; return v; } need("A"); export const b = need(`B`);',
      ['A', 'B'],
    ],
    [
      'an arrow function with a fallback',
      'const get = (name: string, or = "") => process.env[name] ?? or; get("A"); get("B", "x");',
      ['A?', 'B?'],
    ],
    [
      'a function that asks another',
      'const one = (n: string) => process.env[n]; function two(n: string) { return one(n); } two("A");',
      ['A'],
    ],
    ['in a template', 'export const a = `${process.env.A}/x`;', ['A']],
    ['in JSX', 'export const a = 1;', []],
    [
      'in classes, loops, switches',
      'class C { a = process.env.A; static { process.env.B; } m() { for (const x of [process.env.C]) switch (process.env.D) { case process.env.E: } } }',
      ['A', 'B', 'C', 'D', 'E'],
    ],
    [
      'an enum and a namespace',
      'namespace N { export const a = process.env.A; } enum E { X = Number(process.env.B) }',
      ['A', 'B'],
    ],
  ])('%s', async (_, text, names) => {
    const reading = await inFile(text);
    expect(usesOf(reading)).toEqual(names);
    expect(findingsOf(reading)).toEqual([]);
    expect(reading.open).toBe(false);
  });

  test('JSX and plain JavaScript', async () => {
    const reading = await readApp({
      'convex/a.tsx': 'export const A = () => <a href={process.env.A}>{process.env.B}</a>;',
      'convex/b.js': 'export const b = <b>{process.env.C}</b>;',
      'convex/c.mjs': 'export const { D } = process.env;',
    });
    expect(usesOf(reading)).toEqual(['A', 'B', 'C', 'D']);
  });

  test('the place of a use is its line and column', async () => {
    const { variables } = await inFile('// one\nexport const a =\n  "é𝒳" + process.env.A;\n');
    expect(variables[0]?.uses[0]?.where).toEqual({ file: 'convex/a.ts', line: 3, column: 11 });
  });
});

describe('what is no read', () => {
  test.each([
    ['comments and texts', '// process.env.A\n/* process.env.B */ export const s = "process.env.C" + `process.env.D`;'],
    ['types', 'export type T = typeof process.env.A; let x: typeof process.env.B;'],
    ['writes', 'process.env.A = "x"; delete process.env.B;'],
    ['another process', 'function f(process: any) { return process.env.A; } const g = (env: any) => env.B;'],
    ['another env', 'const app = { env: { A: 1 } }; app.env.A; import.meta.env.B; const env = {}; (env as any).C;'],
    ['a member of that name', 'const x: any = {}; x.process.env.A; x.env.B;'],
    ['keys and labels', 'const e = process.env; const o = { e: 1, env: 2 }; o.e; e: for (;;) break e;'],
  ])('%s', async (_, text) => {
    const reading = await inFile(text);
    expect(usesOf(reading)).toEqual([]);
    expect(findingsOf(reading)).toEqual([]);
  });
});

describe('what the code does without it', () => {
  test.each([
    [
      '?? and ||',
      'process.env.A ?? "x"; process.env.B || "y"; (x ?? process.env.C) ?? "z"; x ?? process.env.D;',
      ['A?', 'B?', 'C?', 'D'],
    ],
    [
      'tests',
      'if (process.env.A) {} process.env.B ? 1 : 2; !process.env.C; typeof process.env.D; Boolean(process.env.E);',
      ['A?', 'B?', 'C?', 'D?', 'E?'],
    ],
    ['comparisons', 'process.env.A === "x"; process.env.B != null; process.env.C + "x";', ['A?', 'B?', 'C']],
    ['in', '"A" in process.env;', ['A?']],
    ['chained', 'process.env.A?.split(","); process.env.B.split(","); process.env.C?.[0];', ['A?', 'B', 'C?']],
    ['filled', 'process.env.A ??= "x"; process.env.B ||= "y"; process.env.C += "z";', ['A?', 'B?', 'C']],
    [
      'a call with a fallback',
      'Number(process.env.A) || 5; parse(process.env.B) ?? 1; parse(process.env.C); x ?? parse(process.env.D) ?? 1;',
      ['A?', 'B?', 'C', 'D?'],
    ],
    ['guarded', 'if (process.env.A) { use(process.env.A); } else { use(process.env.A); }', ['A?', 'A?', 'A']],
    [
      'guarded by &&',
      'const x = process.env.A && use(process.env.A); if (y && process.env.B !== undefined) use(process.env.B);',
      ['A?', 'A?', 'B?', 'B?'],
    ],
    [
      'guarded by the contrary',
      'if (!process.env.A) throw new Error(process.env.A); use(process.env.A);',
      ['A?', 'A', 'A'],
    ],
    [
      'guarded by a value',
      'if (process.env.A === "x") use(process.env.A); if (typeof process.env.B === "string") use(process.env.B);',
      ['A?', 'A?', 'B?', 'B?'],
    ],
  ])('%s', async (_, text, names) => {
    expect(usesOf(await inFile(text))).toEqual(names);
  });
});

describe('what cannot be known is said at its line', () => {
  test.each([
    ['a computed name', 'export const a = (n: { x: string }) => n.x;\nprocess.env[Math.random() > 1 ? "A" : "B"];'],
    ['a parameter of a function without a name', '\n["A"].map((name) => process.env[name]);'],
    ['a method', '\nclass C { get(name: string) { return process.env[name]; } }'],
    ['the rest', '\nconst { A, ...rest } = process.env;'],
    ['all of them', '\nparse(process.env);'],
    ['spread', '\nexport const a = { ...process.env };'],
    ['as a value', '\nexport const config = { env: process.env };'],
    ['enumerated', '\nfor (const name in process.env) console.log(name);'],
    ['a reader that is handed on', 'const need = (n: string) => process.env[n];\n["A"].map(need);'],
    ['a reader with a computed name', 'const need = (n: string) => process.env[n];\nneed(String(1));'],
    ['a variable that changes', 'let k = "A"; k = "B";\nprocess.env[k];'],
  ])('%s', async (_, text) => {
    const reading = await inFile(text);
    expect(findingsOf(reading)).toEqual(['CVG806 convex/a.ts:2']);
    expect(reading.open).toBe(true);
  });
});

describe('imports', () => {
  const LIB = `
    export const env = process.env;
    export default process.env;
    export function need(name: string) { return process.env[name]!; }
    const hidden = (name: string) => need(name);
    export { hidden as also };
    export const here = process.env.HERE;
  `;

  test('what is imported by relative path is read, with its names', async () => {
    const reading = await readApp({
      'convex/a.ts': `
        import fallback, { env, need, also as other } from "../src/lib";
        import * as lib from "../src/lib.js";
        import { passed } from "./sub";
        export const a = [env.A, fallback.B, need("C"), other("D"), lib.env.E, lib.need("F"), passed.G];
      `,
      'convex/sub/index.ts': 'export { env as passed } from "../../src/lib"; export * from "./more";',
      'convex/sub/more.ts': 'export const more = process.env.MORE;',
      'src/lib.ts': LIB,
      'src/unused.ts': 'process.env.NOT_DEPLOYED;',
    });
    expect(usesOf(reading)).toEqual(['A', 'B', 'C', 'D', 'E', 'F', 'G', 'HERE', 'MORE']);
    expect([findingsOf(reading), reading.files]).toEqual([[], 4]);
  });

  test('through export *, dynamically, and in circles', async () => {
    const reading = await readApp({
      'convex/a.ts': 'import { env } from "./b"; env.A; const lazy = async () => (await import("../lazy")).env.B;',
      'convex/b.ts': 'export * from "./c"; import "./a";',
      'convex/c.ts': 'export * from "./b"; export const env = process.env;',
      'lazy.ts': 'import { env as e } from "./convex/b"; export const env = e;',
    });
    expect(usesOf(reading)).toEqual(['A', 'B']);
  });

  test('aliases of tsconfig.json, the nearest one', async () => {
    const reading = await readApp({
      'tsconfig.json':
        '{ /* ours */ "compilerOptions": { "paths": { "@/*": ["./src/*"], "config": ["./config.ts"], }, }, }',
      'convex/tsconfig.json': '{ "compilerOptions": { "strict": true } }',
      'convex/a.ts': 'import { env } from "@/lib"; import "config"; env.A;',
      'src/lib.ts': LIB,
      'config.ts': 'process.env.CONFIG;',
    });
    expect(usesOf(reading)).toEqual(['A', 'CONFIG', 'HERE']);
  });

  test('baseUrl, and a configuration that another builds on', async () => {
    const reading = await readApp({
      'convex/tsconfig.json': '{ "extends": "../base", "compilerOptions": { "strict": true } }',
      'base.json': '{ "compilerOptions": { "baseUrl": "./src", "paths": { "~/*": ["./*"] } } }',
      'convex/a.ts': 'import "lib/one"; import "~/two"; import "stripe"; import three = require("../three");',
      'src/lib/one.ts': 'process.env.ONE;',
      'src/two.ts': 'process.env.TWO;',
      'three.ts': 'process.env.THREE;',
    });
    expect(usesOf(reading)).toEqual(['ONE', 'THREE', 'TWO']);
    expect(findingsOf(reading)).toEqual([]);
  });

  test('what leads nowhere is said; packages, assets and generated code are left out', async () => {
    const reading = await readApp({
      'convex/a.ts':
        'import "./gone";\nimport "@/gone";\nimport "stripe"; import "@acme/x"; import "./x.css"; import "./_generated/api"; import type { T } from "./types-gone";',
      'convex/_generated/api.ts': 'process.env.GENERATED;',
      'convex/node_modules/x/index.ts': 'process.env.INSTALLED;',
    });
    expect(usesOf(reading)).toEqual([]);
    expect(findingsOf(reading)).toEqual(['CVG809 convex/a.ts:1', 'CVG809 convex/a.ts:2']);
  });
});

describe('what is deployed', () => {
  test('not tests, declarations, hidden files, and parts with a configuration of their own', async () => {
    const reading = await readApp({
      'convex/a.ts': 'process.env.A;',
      'convex/auth.config.ts':
        'export default { providers: [{ domain: process.env.ISSUER, applicationID: "convex" }] };',
      'convex/deep/er/b.ts': 'process.env.B;',
      'convex/schema.ts': 'process.env.SCHEMA;',
      'convex/a.test.ts': 'process.env.TEST;',
      'convex/types.d.ts': 'declare const x: typeof process.env.TYPES;',
      'convex/README.md': 'process.env.README',
      'convex/part/convex.config.ts':
        'import { defineComponent } from "convex/server"; export default defineComponent("part");',
      'convex/part/c.ts': 'process.env.PART;',
      'elsewhere/d.ts': 'process.env.ELSEWHERE;',
    });
    expect(usesOf(reading)).toEqual(['A', 'B', 'ISSUER', 'SCHEMA']);
  });

  test('convex.json names the folder', async () => {
    const files = { 'src/fns/a.ts': 'process.env.A;', 'convex/b.ts': 'process.env.B;' };
    expect(usesOf(await readApp({ ...files, 'convex.json': '{"functions":"src/fns/"}' }))).toEqual(['A']);
    expect(usesOf(await readApp({ ...files, 'convex.json': '{}' }))).toEqual(['B']);
    expect(findingsOf(await readApp({ ...files, 'convex.json': '{' }))).toEqual(['CVG808 convex.json:1']);
    expect(findingsOf(await readApp({ ...files, 'convex.json': '{"functions":1}' }))).toEqual(['CVG808 convex.json:1']);
    expect(findingsOf(await readApp({ 'lib/a.ts': '' }))).toEqual(['CVG808']);
  });
});
