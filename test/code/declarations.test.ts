import { expect, test } from 'vitest';
import { findingsOf, readApp } from './app.ts';

const HEAD = 'import { defineApp } from "convex/server";\nimport { v } from "convex/values";\n';

/** What a configuration declares: `NAME` → optional, and what is allowed. */
async function declaredBy(config: string, others: Readonly<Record<string, string>> = {}) {
  const reading = await readApp({ 'convex/convex.config.ts': config, ...others });
  const declared = reading.variables.flatMap(({ name, declared: said, needed }) =>
    said === null ? [] : [[name, { optional: said.optional, allowed: said.allowed, needed }] as const],
  );
  return { declared: Object.fromEntries(declared), findings: findingsOf(reading), open: reading.open };
}

const any = { optional: false, allowed: null, needed: true };
const perhaps = { optional: true, allowed: null, needed: false };

test('texts, literals, unions and what is optional', async () => {
  const { declared, findings } = await declaredBy(`${HEAD}
    const app = defineApp({
      httpPrefix: "/x",
      env: {
        TEXT: v.string(),
        "QUOTED": v.optional(v.string()),
        ONE: v.literal("a"),
        MODE: v.union(v.literal("live"), v.literal(\`test\`)),
        NESTED: v.optional(v.union(v.literal("a"), v.union(v.literal("b"), v.literal("c")))),
        LOOSE: v.union(v.literal("a"), v.string()),
      },
    });
    export default app;
  `);
  expect(findings).toEqual([]);
  expect(declared).toEqual({
    TEXT: any,
    QUOTED: perhaps,
    ONE: { optional: false, allowed: ['a'], needed: true },
    MODE: { optional: false, allowed: ['live', 'test'], needed: true },
    NESTED: { optional: true, allowed: ['a', 'b', 'c'], needed: false },
    LOOSE: any,
  });
});

test('under other names, from other files, put together', async () => {
  const { declared, findings } = await declaredBy(
    `import * as server from "convex/server";
     import { v as val } from "convex/values";
     import { shared, MODE } from "../shared";
     const own = { OWN: val.string(), MODE } as const;
     const options = { env: { ...own, ...shared } };
     export default server.defineApp(options);`,
    {
      'shared.ts': `import * as values from "convex/values";
        export const shared = { SHARED: values.v.string() };
        export const MODE = values.v.literal("x");`,
    },
  );
  expect(findings).toEqual([]);
  expect(declared).toEqual({ OWN: any, SHARED: any, MODE: { optional: false, allowed: ['x'], needed: true } });
});

test('what is computed is said, and what is not is known all the same', async () => {
  const odd = await declaredBy(
    `${HEAD}export default defineApp({ env: { A: v.string(),\n B: make(),\n C: v.literal(pick()),\n ...rest() } });`,
  );
  expect(odd.declared).toEqual({ A: any, B: any, C: any });
  expect(odd.findings).toEqual([4, 5, 6].map((line) => `CVG806 convex/convex.config.ts:${line}`));
  expect(odd.open).toBe(true);
  const whole = await declaredBy(`${HEAD}export default defineApp({ env: make() });`);
  expect([whole.declared, whole.open]).toEqual([{}, true]);
});

test('only the official functions, and only in the file of the app', async () => {
  const config =
    'import { defineApp } from "./mine";\nimport { v } from "convex/values";\nexport default defineApp({ env: { A: v.string() } });';
  const { declared } = await declaredBy(config, {
    'convex/mine.ts': 'export const defineApp = (x: unknown) => x;',
    'convex/other.ts': `${HEAD}export default defineApp({ env: { B: v.string() } });`,
  });
  expect(declared).toEqual({});
  expect((await declaredBy(`${HEAD}const app = defineApp(); export default app;`)).declared).toEqual({});
});

test('a name that the platform sets cannot be declared', async () => {
  const { findings } = await declaredBy(`${HEAD}export default defineApp({ env: { CONVEX_SITE_URL: v.string() } });`);
  expect(findings).toEqual(['CVG811 convex/convex.config.ts:3']);
});

test('what is declared optional is not needed, however it is read', async () => {
  const { declared } = await declaredBy(`${HEAD}export default defineApp({ env: { A: v.optional(v.string()) } });`, {
    'convex/a.ts': 'import { env } from "./_generated/server"; env.A!;',
  });
  expect(declared['A']).toEqual(perhaps);
});
