import { describe, expect, test } from 'vitest';
import { applyJunit, unappliedJunit } from '../../src/report/apply-junit.ts';
import { diagnosticsJunit } from '../../src/report/diagnostics-junit.ts';
import { driftJunit } from '../../src/report/drift-junit.ts';
import { planJunit } from '../../src/report/plan-junit.ts';
import { APPLIED, CONVERGED, LARGE, LARGE_DRIFT, META, PARTLY, place } from './examples.ts';
import { expectJunit } from './validators.ts';

const PLAN = { command: 'plan', createdAt: META.createdAt, unchanged: null };
const FOUND = [
  { severity: 'error', code: 'CVG201', summary: 'unknown key `slugg`', hint: 'Did you mean?', where: place(3) },
  { severity: 'warning', code: 'CVG309', summary: 'looks like a credential', where: place(4, 1, 'b.yaml') },
  { severity: 'error', code: 'CVG601', summary: 'the platform does not answer' },
] as const;
const FILES = { createdAt: META.createdAt, command: 'validate', files: ['convex.state.yaml', 'b.yaml'] };

describe('valid by the schema, and as it was', () => {
  test.each([
    ['plan', planJunit(LARGE, { ...PLAN, unchanged: ['project:docs', 'project:shop/deployment:production'] })],
    ['converged', planJunit(CONVERGED, PLAN)],
    ['drift', driftJunit(LARGE_DRIFT, META)],
    ['apply', applyJunit(PARTLY, META)],
    ['applied', applyJunit(APPLIED, META)],
    ['refused', unappliedJunit(LARGE, { refusals: LARGE.refusals, diagnostics: [] }, META)],
    ['stale', unappliedJunit(LARGE, { refusals: [], diagnostics: [FOUND[2]] }, META)],
    ['diagnostics', diagnosticsJunit(FOUND, FILES)],
    ['valid', diagnosticsJunit([], FILES)],
  ])('%s', async (name, xml) => {
    await expectJunit(xml);
    await expect(xml).toMatchFileSnapshot(`golden/${name}.junit.xml`);
  });
});

test('does not depend on the order it is given', () => {
  const turned = { ...LARGE, changes: LARGE.changes.toReversed(), diagnostics: LARGE.diagnostics.toReversed() };
  expect(planJunit(turned, PLAN)).toBe(planJunit(LARGE, PLAN));
  expect(driftJunit({ ...LARGE_DRIFT, items: LARGE_DRIFT.items.toReversed() }, META)).toBe(
    driftJunit(LARGE_DRIFT, META),
  );
});

test('the validator can fail', async () => {
  await expect(expectJunit('<testsuites><testsuite/></testsuites>')).rejects.toThrow('to deeply equal []');
});
