import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PlanDocument } from '../../src/model/plan-document.ts';
import { Secret } from '../../src/model/secret.ts';
import { UnknownValue } from '../../src/model/unknown-value.ts';
import { planDocument, planOf, readPlanDocument, savedPlanDocument, savedPlanOf } from '../../src/report/plan-json.ts';
import { change, CONVERGED, DIGESTS, field, LARGE, META, plan } from './examples.ts';

const SAVED = { plan: LARGE, digests: DIGESTS, ...META };

function read(text: string): PlanDocument {
  const result = readPlanDocument(text);
  if (!result.ok) throw new Error(result.message);
  return result.document;
}

/** The message of a document that is LARGE with `edit` made to its parsed JSON. */
function refused(edit: (document: Record<string, never>) => unknown): string {
  const document = JSON.parse(JSON.stringify(savedPlanDocument(SAVED))) as Record<string, never>;
  const result = readPlanDocument(JSON.stringify(edit(document) ?? document));
  if (result.ok) throw new Error('was accepted');
  return result.message;
}

describe('a plan as JSON', () => {
  test('is as documented', async () => {
    await expect(`${JSON.stringify(planDocument(LARGE, META), null, 2)}\n`).toMatchFileSnapshot('golden/plan.json.txt');
  });

  test('has before and after only where there is one, and where only where it is known', () => {
    const [first, second] = planDocument(
      plan({
        changes: [
          change('p:a', { fields: [field('x', { before: null, after: 0 }), field('y')] }),
          change('p:b', { where: { file: 'f', line: 1, column: 1 } }),
        ],
      }),
      META,
    ).changes;
    expect(first?.fields.map((entry) => Object.keys(entry).slice(4))).toEqual([['before', 'after'], []]);
    expect(first).not.toHaveProperty('where');
    expect(second?.where).toEqual({ file: 'f', line: 1, column: 1 });
  });

  test('is the same for every order of the same plan', () => {
    const turned = {
      ...LARGE,
      changes: LARGE.changes.toReversed().map((one) => ({ ...one, takes: one.takes.toReversed() })),
      refusals: LARGE.refusals.toReversed().map((one) => ({ ...one, addresses: one.addresses.toReversed() })),
      unmanaged: LARGE.unmanaged.toReversed(),
      diagnostics: LARGE.diagnostics.toReversed(),
    };
    expect(JSON.stringify(planDocument(turned, META))).toBe(JSON.stringify(planDocument(LARGE, META)));
  });

  test('prints no secret and no value that is not known', () => {
    const secret = new Secret('hunter2hunter2');
    const changes = [
      change('p:a', {
        fields: [
          field('value', { sensitive: true, before: secret, after: new UnknownValue('fromEnv A') }),
          field('list', { after: [secret, { deep: secret }] }),
        ],
      }),
    ];
    const text = JSON.stringify(planDocument(plan({ changes }), META));
    expect(text).not.toContain('hunter2');
    expect(text).toContain('"after":["[secret]",{"deep":"[secret]"}]');
    expect(text).toContain('{"field":"value","sensitive":true,"unknown":false,"forcesReplacement":false}');
  });

  test('carries digests only when it is saved', () => {
    expect(planDocument(LARGE, META)).not.toHaveProperty('digests');
    expect(savedPlanDocument(SAVED).digests).toEqual(DIGESTS);
    expect(savedPlanOf(planDocument(LARGE, META))).toBeNull();
  });
});

describe('reading a plan', () => {
  test('gives back what was saved', () => {
    for (const one of [LARGE, CONVERGED]) {
      const document = read(JSON.stringify(savedPlanDocument({ ...SAVED, plan: one })));
      const saved = savedPlanOf(document);
      expect(saved).toEqual({ ...SAVED, plan: { ...one, ...sortedLists(one) } });
      if (saved === null) throw new Error('not saved');
      expect(JSON.stringify(savedPlanDocument(saved))).toBe(JSON.stringify(savedPlanDocument({ ...SAVED, plan: one })));
    }
  });

  test('gives back any field value', () => {
    const value = fc.letrec((tie) => ({
      json: fc.oneof(
        { depthSize: 'small', maxDepth: 4 },
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('json'), { maxLength: 3 }),
      ),
    })).json;
    fc.assert(
      fc.property(value, value, (before, after) => {
        const one = plan({ changes: [change('p:a', { fields: [field('x', { before, after })] })] });
        expect(planOf(read(JSON.stringify(planDocument(one, META)))).changes).toEqual(one.changes);
      }),
      { seed: 7, numRuns: 200 },
    );
  });

  test('takes what a later minor adds, and drops what it does not know', () => {
    const document = JSON.parse(JSON.stringify(planDocument(LARGE, META))) as {
      [key: string]: unknown;
      changes: object[];
    };
    document['formatVersion'] = '1.7';
    document['approvedBy'] = { deep: [[[[[[[[[[[[]]]]]]]]]]]] };
    document.changes = [{ ...document.changes[0], action: 'adopt', reason: 'because', since: 1 }];
    const got = read(`\uFEFF${JSON.stringify(document)}`);
    expect(got).not.toHaveProperty('approvedBy');
    expect(got.changes[0]).toMatchObject({ action: 'adopt', reason: 'because' });
    expect(got.changes[0]).not.toHaveProperty('since');
  });

  test.each([
    [
      'another major',
      { formatVersion: '2.0' },
      'plan format 2.0 is not readable here, this version reads 1.x: use the version that wrote it, or plan again',
    ],
    ['no version', { formatVersion: 1 }, 'not a plan: formatVersion is not a version'],
    ['another kind', { kind: 'apply' }, 'not a plan but a document of kind "apply"'],
    ['no kind', { kind: '\x1b' }, 'not a plan: kind is not "plan"'],
    ['a time that is none', { createdAt: 'yesterday' }, 'not a plan: createdAt: expected a time'],
    ['a count below zero', { requests: { read: -1 } }, 'not a plan: requests.read: expected a whole number'],
    ['a key that is missing', { scope: { target: [] } }, 'not a plan: scope.exclude: expected to be there'],
    ['a list that is none', { unmanaged: 'project:x' }, 'not a plan: unmanaged: expected a list'],
    [
      'an address that does not decode',
      { unmanaged: ['project:%E0%A4%A'] },
      'not a plan: unmanaged[0]: expected an address',
    ],
    ['an address that is none', { unmanaged: ['project'] }, 'not a plan: unmanaged[0]: expected an address'],
    ['an address with a line break', { unmanaged: ['a:b\nc'] }, 'not a plan: unmanaged[0]: expected an address'],
    [
      'a key of unknown origin',
      { digests: { key: { from: 'cloud' } } },
      'not a plan: digests.key.from: expected a known origin of the key',
    ],
    [
      'a key that is not hex',
      { digests: { key: { from: 'embedded', hex: 'sk_live' } } },
      'not a plan: digests.key.hex: expected a key in hex',
    ],
  ])('refuses %s', (_, edit, message) => {
    expect(refused((document) => ({ ...document, ...edit }))).toBe(message);
  });

  test('refuses values nested beyond reason', () => {
    const deep = `${'['.repeat(5000)}${']'.repeat(5000)}`;
    const text = JSON.stringify(
      planDocument(plan({ changes: [change('p:a', { fields: [field('x', { after: '@' })] })] }), META),
    );
    expect(readPlanDocument(text.replace('"@"', deep))).toEqual({
      ok: false,
      message: 'not a plan: changes[0].fields[0].after: expected less nesting',
    });
  });

  test('never throws and never quotes the text', () => {
    const good = JSON.stringify(savedPlanDocument(SAVED));
    const damaged = fc
      .record({
        from: fc.nat(good.length),
        length: fc.nat(40),
        insert: fc.oneof(fc.constantFrom('null', '"hunter2"', '[]', '{}', '-1', ''), fc.string()),
      })
      .map(({ from, length, insert }) => good.slice(0, from) + insert + good.slice(from + length));
    fc.assert(
      fc.property(fc.oneof(damaged, fc.json(), fc.string({ unit: 'binary' })), (text) => {
        const result = readPlanDocument(text);
        const said = result.ok ? JSON.stringify(planDocument(planOf(result.document), META)) : result.message;
        expect(said).toContain('plan');
        expect(result.ok || !said.includes('hunter2')).toBe(true);
      }),
      { seed: 11, numRuns: 1500 },
    );
  });
});

/** What the document sorts. */
function sortedLists(one: typeof LARGE): Partial<typeof LARGE> {
  const { unmanaged, diagnostics, refusals } = planDocument(one, META);
  return { unmanaged, diagnostics, refusals };
}
