import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { documentSchema } from '../../src/document/document-schema.ts';
import { expand } from '../../src/document/expand.ts';
import { loadState } from '../../src/document/load.ts';
import type { JsonSchema } from '../../src/model/schema.ts';
import { kindsFor } from '../../src/providers/registry.ts';
import { testKinds } from './kinds.ts';
import { deploymentWith, loadText, say } from './load-text.ts';

const convexKinds = kindsFor('official');

/** The whole schema as an editor runs it, in its strictest mode. */
function editor(schema: JsonSchema): (text: string) => boolean {
  const ajv = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true, validateFormats: false });
  const check = ajv.compile(schema);
  return (text) => check(parse(text));
}

describe('the schema', () => {
  test('is plain JSON Schema 2020-12 with an id, and every reference leads somewhere', () => {
    const schema = documentSchema(testKinds);
    expect(schema).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema', $id: expect.any(String) });
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
    const targets = new Set(JSON.stringify(schema).match(/#\/\$defs\/[^"]+/g));
    expect([...targets].filter((target) => !((target.split('/').at(-1) ?? '') in (schema['$defs'] as object)))).toEqual(
      [],
    );
    expect(targets.size).toBeGreaterThan(5);
  });

  test('describes every key that a document may have', () => {
    const undescribed: string[] = [];
    const visit = (schema: unknown, path: string): void => {
      if (typeof schema !== 'object' || schema === null) return;
      for (const [key, inner] of Object.entries(schema)) {
        if (key === 'properties') {
          for (const [name, property] of Object.entries(inner as Record<string, JsonSchema>)) {
            if (typeof property['description'] !== 'string') undescribed.push(`${path}/${name}`);
          }
        }
        visit(inner, `${path}/${key}`);
      }
    };
    visit(documentSchema(convexKinds), '');
    expect(undescribed).toEqual([]);
  });

  test('has no defaults and no examples but words: editors insert both', () => {
    const inserted: string[] = [];
    const visit = (schema: unknown, path: string): void => {
      if (typeof schema !== 'object' || schema === null) return;
      for (const [key, inner] of Object.entries(schema)) {
        const ofField = path.endsWith('/properties');
        if (!ofField && key === 'default') inserted.push(`${path}/default`);
        if (!ofField && key === 'examples' && (inner as unknown[]).some((example) => typeof example === 'object')) {
          inserted.push(`${path}/examples`);
        }
        visit(inner, `${path}/${key}`);
      }
    };
    visit(documentSchema(convexKinds), '');
    expect(inserted).toEqual([]);
  });

  test('agrees with the validator on what is accepted', () => {
    const accepts = editor(documentSchema(testKinds));
    const texts = [
      deploymentWith(
        'type: prod\nenv: { A: a, B: { fromEnv: X, allowEmpty: true } }\nenvFrom: [s, { file: .env }]',
        'envSets: { s: {} }\n',
      ),
      deploymentWith('type: prdo'),
      deploymentWith('env: { A: 1 }'),
      deploymentWith('env: { A: {} }'),
      deploymentWith('env: { A: { value: a, fromEnv: b } }'),
      deploymentWith('env: { A: { value: a, allowEmpty: true } }'),
      deploymentWith('env:'),
      deploymentWith('policy: { prune: [env] }'),
      deploymentWith('policy: { prune: [domains] }'),
      deploymentWith('unknown: 1'),
      'version: 2\nteam: acme\n',
      'version: 1\nteam: acme\nx-y: ~\n',
      'version: 1\nteam: acme\nprojects: [{}]\n',
    ];
    for (const text of texts) expect([text, accepts(text)]).toEqual([text, loadText(text).state !== null]);
    expect(texts.filter(accepts)).toHaveLength(3);
  });

  test('of the real kinds is the file that is published', () => {
    const published = (file: string): string => readFileSync(new URL(`../../schema/${file}`, import.meta.url), 'utf8');
    const text = (schema: JsonSchema): string => `${JSON.stringify(schema, null, 2)}\n`;
    expect(published('convex.state.schema.json')).toBe(text(documentSchema(convexKinds)));
    const catalog = documentSchema(kindsFor('catalog'), 'catalog');
    expect(published('convex.state.catalog.schema.json')).toBe(text(catalog));
    expect(catalog['$id']).not.toBe(documentSchema(convexKinds)['$id']);
  });
});

describe('with the real kinds', () => {
  const load = (text: string): ReturnType<typeof loadState> =>
    loadState([{ path: 'a.yaml', bytes: new TextEncoder().encode(text) }], convexKinds);

  const WHOLE = `version: 1
team: acme
policy: { prune: [env], protect: ["project:billing"], visible: ["LOG_*"] }
defaults: { region: aws-us-east-1, sendLogsToClient: null, env: { LOG_LEVEL: info } }
envSets:
  common: { FEATURE_X: "on" }
projects:
  - slug: shop
    name: Acme Shop
    protect: true
    deployments:
      - reference: production
        type: prod
        default: true
        class: s256
        expiresAt: null
        env:
          STRIPE_KEY: { fromEnv: STRIPE_KEY }
          OLD_FLAG: { absent: true }
        envFrom: [common, { file: .env.production, optional: true }]
`;

  test('a whole document', () => {
    const { state, diagnostics } = load(WHOLE);
    expect(diagnostics).toEqual([]);
    if (state === null) throw new Error('no state');
    const { desired, diagnostics: found } = expand(state, convexKinds, null);
    expect(found).toEqual([]);
    expect(desired?.resources.map(({ address }) => address.replace('project:shop/deployment:production', '…'))).toEqual(
      ['project:shop', '…', '…/env-var:FEATURE_X', '…/env-var:LOG_LEVEL', '…/env-var:OLD_FLAG', '…/env-var:STRIPE_KEY'],
    );
    expect(desired?.resources[1]).toMatchObject({
      spec: { reference: 'production', sendLogsToClient: null, expiresAt: null },
      atCreation: { region: 'aws-us-east-1' },
    });
  });

  test('its mistakes', () => {
    const { state, diagnostics } = load(
      WHOLE.replace('type: prod', 'type: preview')
        .replace('STRIPE_KEY:', 'STRIPE-KEY:')
        .replace('slug: shop', 'slug: s p'),
    );
    const more = state === null ? [] : expand(state, convexKinds, null).diagnostics;
    const codes = [...diagnostics, ...more].map((diagnostic) =>
      say(diagnostic).replace(/ [^ ]+ .*$/, (rest) => rest.slice(0, 7)),
    );
    expect(codes).toEqual(['8:5 CVG302', '13:15 CVG312', '18:11 CVG302']);
  });
});
