import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import type { Drift, DriftItem } from '../../src/model/drift.ts';
import { driftDocument } from '../../src/report/drift-json.ts';
import { renderDrift } from '../../src/report/drift-text.ts';
import { at, LARGE_DRIFT, META, TARGET } from './examples.ts';

const OPTIONS = { color: false, collections: { 'env-var': 'env', project: 'projects' }, readAt: META.createdAt };

test('for people: everything it holds, the same in colour', async () => {
  const text = renderDrift(LARGE_DRIFT, OPTIONS);
  await expect(text).toMatchFileSnapshot('golden/drift.txt');
  expect(stripVTControlCharacters(renderDrift(LARGE_DRIFT, { ...OPTIONS, color: true }))).toBe(text);
});

test('for machines', async () => {
  const text = `${JSON.stringify(driftDocument(LARGE_DRIFT, META), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot('golden/drift.json.txt');
});

test('does not depend on the order it is given', () => {
  const { items, unmanaged, unreadable } = LARGE_DRIFT;
  const turned = { ...LARGE_DRIFT, unmanaged: unmanaged.toReversed(), unreadable: unreadable.toReversed() };
  expect(driftDocument({ ...turned, items: items.toReversed() }, META)).toEqual(driftDocument(LARGE_DRIFT, META));
});

const NONE: Drift = {
  target: TARGET,
  scope: { target: [], exclude: [] },
  readAt: 0,
  items: [],
  asDeclared: [],
  coverage: [],
  unmanaged: [],
  unreadable: [],
  diagnostics: [],
  requests: { read: 3, logs: 0 },
};

test('says that there is none only as far as was looked, and when that was', () => {
  expect(renderDrift(NONE, OPTIONS)).toContain(`Read at ${META.createdAt}.`);
  expect(renderDrift(NONE, OPTIONS)).toContain('No drift: what the files declare of team acme (id 41) is live');
  const error = { code: 'forbidden', message: 'No.' } as const;
  const unread = renderDrift({ ...NONE, unreadable: [{ collection: 'projects', error }] }, OPTIONS);
  expect(unread).toContain('No drift in what could be read; 1 collection could not, and may differ.');
  const part = renderDrift({ ...NONE, scope: { target: ['project:shop'], exclude: [] } }, OPTIONS);
  expect(part).toContain('No drift in this scope. The rest was not compared.');
});

test('a name or a message from outside cannot speak to the terminal', () => {
  const item: DriftItem = {
    address: at('project:shop'),
    kind: 'project',
    moved: 'changed',
    fields: ['name'],
    severity: 'low',
    where: null,
    by: { actor: 'member', id: 7, name: 'A\u001B[31mda\n', at: '2026-01-01T00:00:00Z' },
  };
  const text = renderDrift({ ...NONE, items: [item] }, OPTIONS);
  expect(text).not.toContain('\u001B');
  expect(text.split('\n').filter((line) => line.includes('da'))).toHaveLength(1);
});
