import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { DIAGNOSTIC_CODES } from '../src/model/diagnostic-codes.ts';

const page = readFileSync(path.resolve(import.meta.dirname, '../docs/diagnostics.md'), 'utf8');

/** Heading → what stands under it. */
const sections = new Map(
  page
    .split(/^#{2,3} /m)
    .slice(1)
    .map((section): [string, string] => {
      const [heading = '', ...body] = section.split('\n');
      return [heading, body.join('\n').trim()];
    }),
);

describe('docs/diagnostics.md', () => {
  test.each(Object.entries(DIAGNOSTIC_CODES))('%s has a section: meaning, example, what to do', (code, title) => {
    const parts = sections.get(`${code}: ${title}`)?.split(/\n\n\*\*(Example|What to do):\*\* /);
    expect(parts).toEqual([
      expect.stringMatching(/^[A-Z`][^]{20,}\.$/),
      'Example',
      expect.stringMatching(/^\S[^]*$/),
      'What to do',
      expect.stringMatching(/^[A-Z`][^]*\.$/),
    ]);
  });

  test('explains no code that does not exist, in order', () => {
    const headings = [...sections.keys()].filter((heading) => heading.startsWith('CVG'));
    expect(headings.map((heading) => heading.slice(0, 6))).toEqual(Object.keys(DIAGNOSTIC_CODES).sort());
  });
});
