import { describe, expect, test } from 'vitest';
import { applyDocument, refusedDocument, staleDocument } from '../../src/report/apply-json.ts';
import { renderApply, renderRefused, renderStale } from '../../src/report/apply-text.ts';
import { APPLIED, at, CONVERGED, LARGE, META, PARTLY, plan } from './examples.ts';

const OPTIONS = { color: false, width: 90 };

describe('the report of an apply for people', () => {
  test('shows what did not succeed and why', async () => {
    await expect(renderApply(PARTLY, OPTIONS)).toMatchFileSnapshot('golden/apply.txt');
  });

  test('is short when all went well', () => {
    expect(renderApply(APPLIED, OPTIONS)).toBe(
      'Apply to team acme (id 41) on api.convex.dev, official API\n\n' +
        'Applied: 1 of 1 change succeeded.\n' +
        'Proof: read again, everything is as the files say.\n' +
        'It took 1 write request and 6 read requests.\n',
    );
    expect(renderApply({ ...APPLIED, outcomes: [] }, OPTIONS)).toContain('Nothing was to be written.');
  });

  const claim = 'everything is as the files say';

  test.each([
    ['nothing was read again', { proof: null }, 'Proof: none, live state was not read again.'],
    [
      'a collection could not be read',
      { plan: plan({ unreadable: [{ collection: 'env', error: { code: 'forbidden', message: 'no' } }] }) },
      'Proof: read again, what could be read is as the files say.',
    ],
    [
      'the scope is narrowed',
      { plan: plan({ scope: { target: ['project:a'], exclude: [] } }) },
      'Proof: read again, everything in this scope is as the files say.',
    ],
    [
      'there is more than the saved plan',
      { notApplied: [at('project:b')] },
      'Proof: read again, everything in the saved plan is as the files say.',
    ],
    [
      'nobody can say what differs',
      { proof: { converged: false, remaining: [], pending: [] } },
      'Proof: read again, and not everything is shown to be as the files say.',
    ],
  ])('claims no more than was seen when %s', (_, rest, sentence) => {
    const text = renderApply({ ...APPLIED, ...rest }, OPTIONS);
    expect(text).toContain(sentence);
    expect(text).not.toContain(claim);
  });

  test('names what is pending beside the proof', () => {
    const text = renderApply({ ...APPLIED, proof: { converged: true, remaining: [], pending: [at('a:b')] } }, OPTIONS);
    expect(text).toContain('everything is as the files say, apart from what is pending.');
    expect(text).toContain('1 change pending until the platform is finished:\n  a:b\n');
  });

  test('says that nothing was written when it was refused or stale', async () => {
    await expect(renderRefused({ plan: LARGE, refusals: LARGE.refusals }, OPTIONS)).toMatchFileSnapshot(
      'golden/refused.txt',
    );
    expect(renderStale({ plan: null, moved: ['project:shop moved'] }, OPTIONS)).toBe(
      'Stale: nothing was written. Since the plan was saved:\n  ✗ project:shop moved\nPlan again, and apply what it shows now.\n',
    );
  });
});

describe('the report of an apply as JSON', () => {
  test('is as documented', async () => {
    await expect(`${JSON.stringify(applyDocument(PARTLY, META), null, 2)}\n`).toMatchFileSnapshot(
      'golden/apply.json.txt',
    );
  });

  test('counts every status and sorts', () => {
    const document = applyDocument({ ...PARTLY, outcomes: PARTLY.outcomes.toReversed() }, META);
    expect(JSON.stringify(document)).toBe(JSON.stringify(applyDocument(PARTLY, META)));
    expect(document.summary).toEqual({ succeeded: 2, failed: 1, blocked: 1, pending: 0, cancelled: 1, uncertain: 1 });
  });

  test('has the same keys on every way out', () => {
    const keys = Object.keys(applyDocument(APPLIED, META));
    const refused = refusedDocument({ plan: LARGE, refusals: LARGE.refusals }, META);
    const stale = staleDocument({ plan: null, moved: ['x'] }, META);
    // Said only where something is ignored.
    expect(Object.keys(refused).filter((key) => key !== 'ignored')).toEqual(keys);
    expect(Object.keys(stale)).toEqual(keys);
    expect(refused).toMatchObject({ result: 'refused', outcomes: [], proof: null, requests: { reads: 12, writes: 0 } });
    expect(refused.refusals).toHaveLength(2);
    expect(stale).toMatchObject({ result: 'stale', target: null, moved: ['x'], outcomes: [], proof: null });
  });

  test('keeps the diagnostics of a stale plan beside those of its plan', () => {
    const diagnostics = [{ severity: 'error', code: 'CVG702', summary: 'stale' }] as const;
    const document = staleDocument(
      { plan: { ...CONVERGED, diagnostics: LARGE.diagnostics }, moved: [], diagnostics },
      META,
    );
    expect(document.diagnostics.map(({ code }) => code)).toEqual(['CVG503', 'CVG505', 'CVG702']);
  });
});
