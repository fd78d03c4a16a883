import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { onCpu } from '../kit/cpu.ts';
import { Secret } from '../../src/model/secret.ts';
import { renderPlan } from '../../src/report/plan-text.ts';
import { at, change, CONVERGED, field, LARGE, plan } from './examples.ts';

const OPTIONS = {
  color: false,
  width: 90,
  command: 'plan',
  collections: { 'env-var': 'env', project: 'projects' },
} as const;

describe('a plan for people', () => {
  test('shows everything it holds', async () => {
    await expect(renderPlan(LARGE, OPTIONS)).toMatchFileSnapshot('golden/plan.txt');
  });

  test('says the same in colour', async () => {
    const text = renderPlan(LARGE, { ...OPTIONS, color: true });
    expect(stripVTControlCharacters(text)).toBe(renderPlan(LARGE, OPTIONS));
    await expect(text).toMatchFileSnapshot('golden/plan.color.txt');
  });

  test('does not depend on the order it is given', () => {
    const turned = {
      ...LARGE,
      changes: LARGE.changes.toReversed(),
      unmanaged: LARGE.unmanaged.toReversed(),
      diagnostics: LARGE.diagnostics.toReversed(),
    };
    expect(renderPlan(turned, OPTIONS)).toBe(renderPlan(LARGE, OPTIONS));
  });

  test('names team, host and dialect first, whatever the command', () => {
    const first = (command: 'plan' | 'apply' | 'show') => renderPlan(LARGE, { ...OPTIONS, command }).split('\n')[0];
    expect(first('plan')).toBe('Plan for team acme (id 41) on api.convex.dev, official API');
    expect(first('apply')).toBe(first('plan'));
    expect(first('show')).toBe('Saved plan for team acme (id 41) on api.convex.dev, official API');
    const local = { apiUrl: 'http://127.0.0.1:4567/v1', dialect: 'official', teamId: 7, teamSlug: null };
    expect(renderPlan(plan({ target: local }), OPTIONS)).toMatch(
      /^Plan for team id 7 on 127\.0\.0\.1:4567, official API\n/,
    );
  });

  test('aligns many creates of one parent, one line each', () => {
    const changes = Array.from({ length: 30 }, (_, i) =>
      change(`project:shop/deployment:production/env-var:V${i}`, { fields: [field('value', { sensitive: true })] }),
    );
    const lines = renderPlan(plan({ changes }), OPTIONS).split('\n');
    expect(lines.filter((line) => line.includes('+ create'))).toHaveLength(30);
    expect(
      new Set(lines.filter((line) => line.includes('+ create')).map((line) => line.indexOf(' set'))),
    ).toHaveProperty('size', 1);
  });

  test('never folds what dies with a deletion', () => {
    const takes = Array.from({ length: 512 }, (_, i) => at(`project:shop/deployment:old/env-var:NAME_${i}`));
    const text = renderPlan(
      plan({ changes: [change('project:shop/deployment:old', { action: 'delete', reason: 'undeclared', takes })] }),
      OPTIONS,
    );
    for (const address of takes) expect(text).toContain(address.slice('project:shop/deployment:old/'.length));
    expect(text).toContain('takes 512: ');
    for (const line of text.split('\n').filter((one) => one.includes('env-var')))
      expect(line.length).toBeLessThanOrEqual(90);
  });

  test('names the first twenty unmanaged of a parent and counts the rest', () => {
    const unmanaged = Array.from({ length: 25 }, (_, i) => at(`project:shop/deployment:a/env-var:V${10 + i}`));
    const text = renderPlan(plan({ unmanaged }), OPTIONS);
    expect(text.match(/unmanaged: /g)).toHaveLength(20);
    expect(text).toContain('Live and not declared: 25');
    expect(text).toContain('… and 5 more here');
  });

  test('says rule 5 without the collection where nobody told it', () => {
    const text = renderPlan(plan({ unmanaged: [at('a:b/constructor:X')] }), { ...OPTIONS, collections: {} });
    expect(text).toContain('unmanaged: X (stays; prune does not name its collection)');
  });

  test('does not say twice that something undeclared is kept', () => {
    const unmanaged = [at('a:b/env-var:X')];
    const diagnostics = [
      { severity: 'note', code: 'CVG508', summary: 'said twice', address: at('a:b/env-var:X') },
      { severity: 'note', code: 'CVG508', summary: 'said once', address: at('a:b/env-var:Y') },
    ] as const;
    const text = renderPlan(plan({ unmanaged, diagnostics }), OPTIONS);
    expect(text).not.toContain('said twice');
    expect(text).toContain('said once');
  });

  test('shows values that a later version may plan, without knowing them', () => {
    const strange = change('project:x', { action: 'adopt' as never, reason: 'because' as never });
    expect(renderPlan(plan({ changes: [strange], summary: plan().summary }), OPTIONS)).toContain(
      '? adopt  project:x  (because)',
    );
  });

  test('a secret that strays into a field is not printed', () => {
    const secret = new Secret('hunter2hunter2');
    const changes = [
      change('p:a', { fields: [field('value', { sensitive: true, before: secret, after: secret })] }),
      change('p:b', {
        fields: [field('list', { after: [secret, { deep: secret }] }), field('other', { before: secret })],
      }),
    ];
    expect(renderPlan(plan({ changes }), OPTIONS)).not.toContain('hunter2');
  });

  test('5,000 changes take less than half a second', async () => {
    const changes = Array.from({ length: 5000 }, (_, i) =>
      change(`project:p${i % 50}/deployment:d${i % 250}/env-var:V${i}`, {
        fields: [field('value', { sensitive: true })],
        where: { file: 'convex.state.yaml', line: i + 1, column: 3 },
      }),
    );
    const large = plan({ changes });
    const { result: text, ms } = await onCpu(() => renderPlan(large, { ...OPTIONS, color: true }));
    expect(ms).toBeLessThan(500);
    expect(text).toContain('5000 to create');
  });
});

describe('a plan without changes', () => {
  const last = (rest: Parameters<typeof plan>[0]) => renderPlan({ ...CONVERGED, ...rest }, OPTIONS);

  test('says that all is as the files say', () => {
    expect(last({})).toBe(
      'Plan for team acme (id 41) on api.convex.dev, official API\n\n' +
        'No changes: team acme (id 41) is as the files say. 7 unchanged.\nReading took 3 requests.\n',
    );
  });

  const unreadable = [{ collection: 'projects', error: { code: 'forbidden', message: 'no' } }];
  const claim = /No changes: team/;

  test.each([
    [
      'a collection could not be read',
      { unreadable },
      'No changes in what could be read; 1 collection could not, and may differ.',
    ],
    ['the scope is narrowed', { scope: { target: ['project:a'], exclude: [] } }, 'The rest was not compared.'],
    [
      'something cannot be compared',
      { diagnostics: [{ severity: 'warning', code: 'CVG513', summary: 'withheld' }] as const },
      'No changes in what could be compared; see above for what could not.',
    ],
    [
      'the plan is refused',
      {
        refusals: [
          { rule: 'empty-document', addresses: [], message: 'the document declares nothing', override: null },
        ] as const,
      },
      'No changes are planned, see what refuses the plan.',
    ],
  ])('claims no more than was seen when %s', (_, rest, sentence) => {
    expect(last(rest)).toContain(sentence);
    expect(last(rest)).not.toMatch(claim);
  });

  test('says what narrowed it in the second line', () => {
    const scope = { target: ['project:shop'], exclude: ['**/env-var:*'] };
    expect(last({ scope }).split('\n')[1]).toBe(
      'Partial: narrowed by --target project:shop --exclude **/env-var:*. The rest is not planned.',
    );
  });
});
