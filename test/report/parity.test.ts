import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import type { Address } from '../../src/model/address.ts';
import type { Plan } from '../../src/model/change.ts';
import type { ParityColumn, ParityGroup, ParityRow } from '../../src/model/parity.ts';
import { planHtml } from '../../src/report/html/plan-html.ts';
import { jsonText } from '../../src/report/plain-json.ts';
import { machineSchema } from '../../src/report/machine-schemas.ts';
import { planDocument, planOf, readPlanDocument } from '../../src/report/plan-json.ts';
import { LONGEST_MARKDOWN } from '../../src/report/markdown-writer.ts';
import { planMarkdown } from '../../src/report/plan-markdown.ts';
import { renderPlan } from '../../src/report/plan-text.ts';
import { ATTACKS } from './attacks.ts';
import { META, LARGE } from './examples.ts';
import { dangersIn as dangersInHtml, seenWithoutScripts } from './html.ts';
import { dangersIn as dangersInMarkdown } from './markdown.ts';

const at = (name: string): Address => `project:shop/deployment:${name}` as Address;

const SHOP: ParityGroup = {
  group: 'project:shop' as Address,
  kind: 'env-var',
  listed: true,
  columns: [
    { containers: [at('develop')], unseen: null },
    { containers: [at('p1'), at('p2'), at('p3'), at('p4'), at('p5')], unseen: null },
    { containers: [at('production')], unseen: 'unresolved' },
  ],
  rows: [
    row('API_URL', 'differs', ['A', 'B', null]),
    row('FLAG', 'missing', [null, 'A', 'A']),
    row('LOG_LEVEL', 'same', ['A', 'A', 'A']),
    {
      key: 'TOKEN',
      standing: 'unknown',
      cells: [{ state: 'withheld' }, { state: 'unresolved' }, { state: 'unknown' }],
    },
  ],
};
const BARE: ParityGroup = { group: 'project:other' as Address, kind: 'env-var', listed: false, columns: [], rows: [] };
const WITH: Plan = { ...LARGE, parity: [SHOP, BARE] };

function row(key: string, standing: ParityRow['standing'], letters: readonly (string | null)[]): ParityRow {
  const cells = letters.map((letter) =>
    letter === null ? { state: 'missing' as const } : { state: 'set' as const, letter },
  );
  return { key, standing, cells };
}

const textOf = (plan: Plan): string => renderPlan(plan, { color: false, width: 80, command: 'plan' });
const markdownOf = (plan: Plan): string => planMarkdown(plan, { command: 'plan', elsewhere: null });
const htmlOf = (plan: Plan): string =>
  planHtml(plan, { ...META, page: { style: '', script: '' }, command: 'plan', rate: null });

describe('parity', () => {
  test('as text', () => {
    const text = textOf(WITH);
    expect(text.slice(text.indexOf('Parity'), text.indexOf('listed:')).trimEnd()).toMatchInlineSnapshot(`
      "Parity after this plan: equal letters in a row are equal values; - missing; # set, and the platform withholds the value; ~ set, to a value that is not resolved in this run; ? not known.
        project:shop  env-var  4 names: 1 differing, 1 missing somewhere, 1 not known everywhere, 1 same
          1  deployment:develop
          2  deployment:p1, deployment:p2, deployment:p3 and 2 more, all equal
          3  deployment:production (a source is not resolved in this run)
                     1  2  3
          API_URL    A  B  -  differs, missing in 1
          FLAG       -  A  A  missing in 1
          LOG_LEVEL  A  A  A  same
          TOKEN      #  ~  ?  not known everywhere
        project:other  env-var
          what is in it is not"
    `);
  });

  test('as Markdown', () => {
    const text = markdownOf(WITH);
    expect(text.slice(text.indexOf('**Parity')).split('\n\n- <code>project')[0]).toMatchInlineSnapshot(`
      "**Parity after this plan:** equal letters in a row are equal values; - missing; &#35; set, and the platform withholds the value; &#126; set, to a value that is not resolved in this run; ? not known.

      <details><summary><code>project&#58;shop</code> env-var, 4 names: 1 differing, 1 missing somewhere, 1 not known everywhere, 1 same</summary>

      - 1 is <code>deployment&#58;develop</code>
      - 2 is <code>deployment&#58;p1, deployment&#58;p2, deployment&#58;p3 and 2 more, all equal</code>
      - 3 is <code>deployment&#58;production (a source is not resolved in this run)</code>

      | | 1 | 2 | 3 | |
      |---|---|---|---|---|
      | <code>API&#95;URL</code> | <code>A</code> | <code>B</code> | <code>-</code> | differs, missing in 1 |
      | <code>FLAG</code> | <code>-</code> | <code>A</code> | <code>A</code> | missing in 1 |
      | <code>LOG&#95;LEVEL</code> | <code>A</code> | <code>A</code> | <code>A</code> | same |
      | <code>TOKEN</code> | <code>&#35;</code> | <code>&#126;</code> | <code>&#63;</code> | not known everywhere |

      </details>
      "
    `);
  });

  test('for browsers, also without scripts', () => {
    const seen = seenWithoutScripts(htmlOf(WITH));
    for (const text of [
      'Parity after this plan',
      'API_URL',
      'missing in 1',
      'differs, missing in 1',
      'deployment:p1, deployment:p2, deployment:p3 and 2 more, all equal',
    ])
      expect(seen).toContain(text);
    expect(dangersInHtml(htmlOf(WITH))).toEqual([]);
  });

  test('as JSON has its schema, and is read again as it was written', () => {
    const document = planDocument(WITH, META);
    const validate = new Ajv2020({ strict: false }).compile(machineSchema('plan'));
    expect([validate(document), validate.errors]).toEqual([true, null]);
    const read = readPlanDocument(jsonText(document));
    if (!read.ok) throw new Error(read.message);
    expect(planOf(read.document).parity).toEqual(WITH.parity);
  });

  test('of a later version is read as far as it is known', () => {
    const later = jsonText(planDocument(WITH, META))
      .replaceAll('"withheld"', '"encrypted"')
      .replaceAll('"missing",\n          "cells"', '"elsewhere",\n          "cells"');
    const read = readPlanDocument(later);
    if (!read.ok) throw new Error(read.message);
    for (const render of [textOf, markdownOf, htmlOf]) expect(render(planOf(read.document))).toMatch(/API.{1,6}URL/);
    expect(renderPlan(planOf(read.document), { color: true, width: 80, command: 'show' })).toContain('API_URL');
  });

  test.each([textOf, markdownOf, htmlOf])('is in no report where nobody asked: %o', (render) => {
    expect(render(LARGE)).not.toContain('Parity');
    expect(render({ ...LARGE, parity: [] })).toContain('othing is there to compare');
  });

  test.each(ATTACKS)('is only text, whatever a name is: %j', (attack) => {
    const word = attack as never; // anybody may have written a plan file
    const evil: ParityGroup = {
      ...SHOP,
      kind: attack,
      columns: SHOP.columns.map((column) => ({ ...column, unseen: word })),
      rows: SHOP.rows.map(() => ({
        key: attack,
        standing: word,
        cells: [{ state: word }, { state: 'set', letter: attack }],
      })),
    };
    const plan: Plan = { ...WITH, parity: [evil] };
    expect(dangersInHtml(htmlOf(plan))).toEqual([]);
    expect(dangersInMarkdown(markdownOf(plan))).toEqual(dangersInMarkdown(markdownOf(WITH)));
    // eslint-disable-next-line no-control-regex -- it is what is looked for
    expect(textOf(plan)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });

  test('counts what it leaves out, and what is left out counts', () => {
    const columns = Array.from({ length: 300 }, (_, n): ParityColumn => ({
      containers: [at(`p${String(n)}`)],
      unseen: null,
    }));
    const cells = columns.map((_column, n) =>
      n === 299 ? { state: 'missing' as const } : { state: 'set' as const, letter: 'A' },
    );
    const rows = Array.from({ length: 1_500 }, (_, n): ParityRow => ({
      key: `K${String(n)}`,
      standing: 'missing',
      cells,
    }));
    const plan: Plan = { ...WITH, parity: [{ ...SHOP, columns, rows }] };
    expect(textOf(plan)).toMatch(/and 280 more columns[^]*missing in 1[^]*and 1300 more names/);
    expect(markdownOf(plan)).toMatch(/and 280 more columns[^]*\d+ more/);
    expect(markdownOf(plan).length).toBeLessThanOrEqual(LONGEST_MARKDOWN);
    expect(htmlOf(plan)).toContain('And 200 more columns and 500 more names, in the JSON.');
  });
});
