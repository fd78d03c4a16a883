import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { applyDocument } from '../../src/report/apply-json.ts';
import { renderApply } from '../../src/report/apply-text.ts';
import { planDocument, planOf, readPlanDocument } from '../../src/report/plan-json.ts';
import { renderPlan } from '../../src/report/plan-text.ts';
import { APPLIED, at, change, META, plan } from './examples.ts';

const OPTIONS = { color: false, width: 90, command: 'plan' } as const;
const records = (name: string, value: string | null) => [
  { type: 'CNAME', name, value: 'elsewhere.example', why: 'sends requests' },
  { type: 'TXT', name: `_proof.${name}`, value, why: 'proves it' },
];
const PLAN = plan({
  changes: [
    change('a:b/c:d/e:new.example', { records: records('new.example', null), interrupts: 'down until it is up' }),
    change('a:b/c:d/e:x', { action: 'delete' }),
  ],
  unsettled: [{ address: at('a:b/c:d/e:live.example'), because: 'not up', records: records('live.example', 'd-1') }],
});

describe('records that people have to make', () => {
  test('stand in one aligned table, in order, before the conclusion', () => {
    const text = renderPlan(PLAN, OPTIONS);
    expect(text).toContain(
      [
        'As declared, and not finished on the platform: 1',
        '  a:b/c:d/e:live.example: not up',
        '',
        'Records to set up where the names are kept:',
        '  CNAME  live.example         elsewhere.example  (sends requests)',
        '  TXT    _proof.live.example  d-1                (proves it)',
        '  CNAME  new.example          elsewhere.example  (sends requests)',
        '  TXT    _proof.new.example   known after apply  (proves it)',
        '',
        'Plan: ',
      ].join('\n'),
    );
    expect(text).toContain('(down until it is up)');
    expect(renderPlan({ ...PLAN, changes: PLAN.changes.toReversed() }, OPTIONS)).toBe(text);
    expect(stripVTControlCharacters(renderPlan(PLAN, { ...OPTIONS, color: true }))).toBe(text);
  });

  test('are in the machine output, which reads back as it was', () => {
    const document = planDocument(PLAN, META);
    expect(document.changes[0]).toMatchObject({ interrupts: 'down until it is up', records: [{ type: 'CNAME' }, {}] });
    expect(document.changes[1]).not.toHaveProperty('records');
    const read = readPlanDocument(JSON.stringify(document));
    if (!read.ok) throw new Error(read.message);
    expect(planOf(read.document)).toEqual(PLAN);
  });

  test('leave no trace where there are none', () => {
    const document = planDocument(plan(), META);
    expect(document).not.toHaveProperty('unsettled');
    expect(renderPlan(plan(), OPTIONS)).not.toContain('Records');
  });

  test.each([
    [{ records: [{ type: 'TXT', name: 'x', why: 'y' }] }],
    [{ records: [{ type: 'TXT', name: 'x', value: 1, why: 'y' }] }],
    [{ interrupts: 7 }],
  ])('of another shape are refused: %j', (wrong) => {
    const document = planDocument(PLAN, META);
    const [first] = document.changes;
    const read = readPlanDocument(JSON.stringify({ ...document, changes: [{ ...first, ...wrong }] }));
    expect(read.ok).toBe(false);
  });

  test('that somebody made up do not reach the terminal as they are', () => {
    const evil = [{ type: '\u001b[2J', name: 'a\nb', value: '\u202e', why: '\u0007' }];
    const text = renderPlan(plan({ changes: [change('a:b', { records: evil, interrupts: '\u001b[0m' })] }), OPTIONS);
    for (const character of ['\u001b', '\u202e', '\u0007']) expect(text).not.toContain(character);
  });

  test('are in the report of an apply, known by then', () => {
    const unsettled = PLAN.unsettled ?? [];
    const report = { ...APPLIED, unsettled };
    expect(renderApply(report, OPTIONS)).toContain('  TXT    _proof.live.example  d-1 ');
    expect(applyDocument(report, META).unsettled).toEqual(unsettled);
    expect(applyDocument(APPLIED, META)).not.toHaveProperty('unsettled');
  });
});
