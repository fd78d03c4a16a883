import { describe, expect, test } from 'vitest';
import { DIAGNOSTIC_CODES } from '../../src/model/diagnostic-codes.ts';
import type { Diagnostic } from '../../src/model/diagnostic.ts';
import { applySarif, unappliedSarif } from '../../src/report/apply-sarif.ts';
import { diagnosticClaims, planClaims } from '../../src/report/claim.ts';
import { driftSarif } from '../../src/report/drift-sarif.ts';
import { jsonText } from '../../src/report/plain-json.ts';
import { sarifLog } from '../../src/report/sarif-log.ts';
import { LARGE, LARGE_DRIFT, META, PARTLY, place, plan } from './examples.ts';
import { expectSarif } from './validators.ts';

const about = (command: string) => ({ ...META, command, successful: true, document: 'convex.state.yaml' });
const logOf = (diagnostics: readonly Diagnostic[]) => sarifLog(diagnosticClaims(diagnostics), about('validate'));
const finding = (rest: Partial<Diagnostic> = {}): Diagnostic => ({
  severity: 'error',
  code: 'CVG201',
  summary: 'unknown key `slugg`',
  hint: 'Did you mean `slug`?',
  where: place(3),
  ...rest,
});

describe('valid by the official schema, and as it was', () => {
  test.each([
    ['plan', sarifLog(planClaims(LARGE), about('plan'))],
    ['drift', driftSarif(LARGE_DRIFT, about('drift'))],
    ['apply', applySarif(PARTLY, about('apply'))],
    ['refused', unappliedSarif(LARGE, { refusals: LARGE.refusals, diagnostics: [] }, about('apply'))],
    ['errors', logOf([finding(), finding({ code: 'CVG601', summary: 'no answer', where: undefined as never })])],
    ['nothing', logOf([])],
  ])('%s', async (name, log) => {
    expectSarif(log);
    await expect(jsonText(log)).toMatchFileSnapshot(`golden/${name}.sarif.txt`);
  });
});

test('every code of the documentation is a rule with help', () => {
  const codes = Object.keys(DIAGNOSTIC_CODES) as (keyof typeof DIAGNOSTIC_CODES)[];
  const log = logOf(codes.map((code) => finding({ code })));
  expectSarif(log);
  const rules = log.runs[0]?.tool.driver.rules ?? [];
  expect(rules.map(({ id }) => id)).toEqual(codes);
  for (const { shortDescription, fullDescription, help } of rules) {
    expect(shortDescription.text).not.toMatch(/^CVG/);
    expect(fullDescription.text.length).toBeGreaterThan(20);
    expect(help.markdown).toContain('\n\n');
  }
});

describe('fingerprints', () => {
  const prints = (diagnostics: readonly Diagnostic[]) =>
    logOf(diagnostics).runs[0]?.results.map(({ partialFingerprints }) => partialFingerprints['convergeClaim/v1']);

  test('stay when lines move', () => {
    expect(prints([finding({ where: place(80) })])).toEqual(prints([finding()]));
  });

  test('tell equal ones apart, and different ones', () => {
    const found = prints([finding(), finding({ where: place(5) }), finding({ summary: 'another' })]);
    expect(new Set(found).size).toBe(3);
  });

  test('do not depend on the order', () => {
    expect(driftSarif({ ...LARGE_DRIFT, items: LARGE_DRIFT.items.toReversed() }, about('drift'))).toEqual(
      driftSarif(LARGE_DRIFT, about('drift')),
    );
  });
});

describe('places', () => {
  const uri = (file: string) => {
    const log = logOf([finding({ where: { file, line: 2, column: 1 } })]);
    expectSarif(log);
    return log.runs[0]?.results[0]?.locations[0]?.physicalLocation?.artifactLocation;
  };

  test('are relative to the folder of the run, and encoded', () => {
    expect(uri('infra/größe 100%.yaml')).toEqual({
      uri: 'infra/gr%C3%B6%C3%9Fe%20100%25.yaml',
      uriBaseId: '%SRCROOT%',
    });
    expect(uri('/etc/state.yaml')).toEqual({ uri: 'file:///etc/state.yaml' });
    expect(uri(String.raw`C:\state.yaml`)).toEqual({ uri: 'file:///C%3A/state.yaml' });
    expect(uri('javascript:alert(1)\ud800')?.uri).toBe('javascript%3Aalert(1)%EF%BF%BD');
  });

  test('what has no line is shown in the document, and where none is known, by its address only', () => {
    const refusals = [{ rule: 'window', addresses: [], message: 'closed', override: null } as const];
    const [known, unknown] = ['state.yaml', null].map((document) =>
      sarifLog(planClaims(plan({ refusals })), { ...about('plan'), document }),
    );
    expect(known?.runs[0]?.results[0]?.locations[0]?.physicalLocation?.artifactLocation.uri).toBe('state.yaml');
    expect(unknown?.runs[0]?.results[0]?.locations[0]).toEqual({});
    expectSarif(unknown);
  });
});
