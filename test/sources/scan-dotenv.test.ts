import { parse } from 'dotenv';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { onCpu } from '../kit/cpu.ts';
import { scanDotenv } from '../../src/sources/scan-dotenv.ts';

const SEED = 20260101;

/** What dotenv texts are made of. */
const FRAGMENTS = [
  'A',
  'B_1',
  'x.y',
  '-',
  '=',
  '=',
  ' ',
  '\n',
  '\n',
  '\r\n',
  '"',
  "'",
  '`',
  '#',
  '\\n',
  '\\"',
  ': ',
  'export ',
  'v',
  'é',
];

describe('scanDotenv', () => {
  test('gives every variable its line and column', () => {
    const text = '# head\nA=1\r\n\r\n  export B = "two\nlines" # note\nC: x\nA=again\n';
    expect(scanDotenv(text)).toEqual({
      entries: [
        { name: 'A', line: 2, column: 1 },
        { name: 'B', line: 4, column: 10 },
        { name: 'C', line: 6, column: 1 },
        { name: 'A', line: 7, column: 1 },
      ],
      unread: [],
    });
  });

  test('names the lines that the dotenv package passes over', () => {
    expect(scanDotenv('A=1\nMY VAR=x\n=y\nüb=1\nexport Z\nB="open\nrest"x\n').unread).toEqual([2, 3, 4, 5, 7]);
  });

  test('agrees with the dotenv package on which names there are', () => {
    const piece = fc.constantFrom(...FRAGMENTS, '\r', '\t', ':', '\\', '1', '\u2028', '\uFEFF');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 16 }), (pieces) => {
        const text = pieces.join('');
        const scanned = new Set(scanDotenv(text).entries.map(({ name }) => name));
        expect([...scanned].sort()).toEqual(Object.keys(parse(text)).sort());
      }),
      { numRuns: 20_000, seed: SEED },
    );
  });

  test('both parsers of the dotenv package read the same', () => {
    const piece = fc.constantFrom(...FRAGMENTS);
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 16 }), (pieces) => {
        const text = pieces.join('');
        expect(parse(text, { fast: true })).toEqual(parse(text));
      }),
      { numRuns: 20_000, seed: SEED },
    );
  });

  test.each([
    ['blank lines', '\n'.repeat(1_000_000)],
    ['escaped quotes', `A="${'\\"'.repeat(500_000)}`],
    ['open quotes', 'A="\n'.repeat(250_000)],
    ['words', 'word\n'.repeat(200_000)],
    ['exports', 'export '.repeat(140_000)],
  ])('reads a mebibyte of %s in time linear in it', async (_, text) => {
    const { ms } = await onCpu(() => [scanDotenv(text), parse(text, { fast: true })]);
    expect(ms).toBeLessThan(5_000);
  });
});
