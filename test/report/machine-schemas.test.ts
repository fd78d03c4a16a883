import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import type { Address } from '../../src/model/address.ts';
import type { Proposal } from '../../src/model/proposal.ts';
import type { CodeCheck } from '../../src/model/code-check.ts';
import type { JsonSchema } from '../../src/model/schema.ts';
import { applyDocument, refusedDocument, staleDocument } from '../../src/report/apply-json.ts';
import { driftDocument } from '../../src/report/drift-json.ts';
import { errorDocument } from '../../src/report/error-json.ts';
import { FORMAT_VERSIONS, type DocumentKind } from '../../src/report/format-version.ts';
import { checkCodeDocument } from '../../src/report/check-code-json.ts';
import { machineSchema, machineSchemaText } from '../../src/report/machine-schemas.ts';
import { planDocument, savedPlanDocument } from '../../src/report/plan-json.ts';
import { proposalJson } from '../../src/report/proposal-json.ts';
import { validateDocument } from '../../src/report/validate-json.ts';
import { APPLIED, CONVERGED, DIGESTS, LARGE, LARGE_DRIFT, META, PARTLY } from './examples.ts';

const CODE_PLACE = { file: 'convex/a.ts', line: 3, column: 7 };
const CODE_CHECK: CodeCheck = {
  folder: 'app',
  builtIn: ['SITE'],
  reading: {
    files: 2,
    open: true,
    variables: [
      { name: 'MODE', needed: true, declared: { where: CODE_PLACE, optional: false, allowed: ['a'] }, uses: [] },
      { name: 'SITE', needed: false, declared: null, uses: [{ where: CODE_PLACE, tolerant: true }] },
    ],
  },
  subjects: [
    {
      name: 'eachProject(slug: *)/eachDeployment(type: prod)',
      address: null,
      standing: 'unsatisfied',
      missing: ['MODE'],
      removed: [],
      wrong: [],
      unknown: [],
      unused: ['OLD'],
      order: { before: ['MODE'], after: ['OLD'] },
    },
  ],
  findings: [{ severity: 'error', code: 'CVG801', summary: 'x', where: CODE_PLACE, also: CODE_PLACE }],
};

const KINDS = Object.keys(FORMAT_VERSIONS) as DocumentKind[];

const ADDRESS = 'project:shop/deployment:production/env-var:STRIPE_KEY' as Address;

const PROPOSAL: Proposal = {
  files: [
    {
      path: 'convex.state.yaml',
      edits: [{ addresses: [ADDRESS], does: 'changed', line: 2 }],
      hunks: [{ before: { start: 2, count: 1 }, after: { start: 2, count: 1 }, lines: ['-old', '+new'] }],
    },
  ],
  refused: [{ address: ADDRESS, why: 'because' }],
  toSet: [{ name: 'STRIPE_KEY', known: false, finalNewline: true, uses: [ADDRESS] }],
};

/** Every described object closed: a key that is not documented does not pass. */
function closed(schema: JsonSchema): JsonSchema {
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null) return value;
    const copy = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, walk(inner)]));
    return 'properties' in copy ? { ...copy, additionalProperties: false } : copy;
  };
  return walk(schema) as JsonSchema;
}

const DOCUMENTS: readonly (readonly [string, { readonly kind: DocumentKind }])[] = [
  ['a plan', planDocument(LARGE, META)],
  ['a plan without changes', planDocument(CONVERGED, META)],
  ['a saved plan', savedPlanDocument({ plan: LARGE, digests: DIGESTS, ...META })],
  ['an apply', applyDocument(APPLIED, META)],
  ['an apply that went wrong', applyDocument(PARTLY, META)],
  ['an apply without proof', applyDocument({ ...APPLIED, proof: null }, META)],
  ['a refused apply', refusedDocument({ plan: LARGE, refusals: LARGE.refusals }, META)],
  ['a stale apply', staleDocument({ plan: null, moved: ['x'] }, META)],
  ['drift', driftDocument(LARGE_DRIFT, META)],
  ['drift with a proposal', { ...driftDocument(LARGE_DRIFT, META), proposal: proposalJson(PROPOSAL, true) } as never],
  ['a check of code', checkCodeDocument(CODE_CHECK, META)],
  ['errors', errorDocument(LARGE.diagnostics)],
  ['a valid document', validateDocument({ declared: { 'env-var': 3 }, diagnostics: LARGE.diagnostics }, META)],
  ['an invalid document', validateDocument({ declared: null, diagnostics: LARGE.diagnostics }, META)],
];

/** At the top of documents only where there is something in them. */
const OPTIONAL: ReadonlySet<string> = new Set(['digests', 'ignored', 'cost', 'coverage', 'proposal']);

describe('machine schemas', () => {
  test.each(DOCUMENTS)('describe %s, key for key', (_, document) => {
    for (const schema of [machineSchema(document.kind), closed(machineSchema(document.kind))]) {
      const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });
      const check = ajv.compile(schema);
      expect(check(JSON.parse(JSON.stringify(document))) ? [] : check.errors).toEqual([]);
    }
  });

  test.each(DOCUMENTS)('require every key that %s always has', (_, document) => {
    const check = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(machineSchema(document.kind));
    for (const key of Object.keys(document)) {
      if (OPTIONAL.has(key)) continue;
      expect(check({ ...(JSON.parse(JSON.stringify(document)) as object), [key]: undefined })).toBe(false);
    }
  });

  test.each(KINDS)('schema/%s.schema.json is what the code says', (kind) => {
    const file = new URL(`../../schema/${kind}.schema.json`, import.meta.url);
    expect(readFileSync(file, 'utf8')).toBe(machineSchemaText(kind));
  });

  test('documents carry the version of their kind', () => {
    for (const [, document] of DOCUMENTS)
      expect(document).toHaveProperty('formatVersion', FORMAT_VERSIONS[document.kind]);
    expect(Object.keys(errorDocument([]))).toEqual(['kind', 'formatVersion', 'diagnostics']);
  });
});
