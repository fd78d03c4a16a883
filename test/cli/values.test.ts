import { describe, expect, test } from 'vitest';
import { parseDuration, parsePercent, parseRate, parseTimeout, wholeNumber } from '../../src/cli/values.ts';

describe('durations', () => {
  test.each([
    ['500ms', 500],
    ['30s', 30_000],
    ['1m', 60_000],
    ['1.5m', 90_000],
    ['2h', 7_200_000],
    ['7d', 604_800_000],
    ['0', 0],
  ])('%s is %d ms', (text, ms) => expect(parseDuration(text)).toBe(ms));

  test.each(['', 's', '-1s', '1 s', '1w', '1e3s', 'PT1M', '1s2s', '.5s', 'constructor'])('"%s" is refused', (text) =>
    expect(() => parseDuration(text)).toThrow('duration'),
  );

  test('a bare number gets a proposal', () => expect(() => parseDuration('30')).toThrow('Did you mean 30s?'));
  test('a timeout is above zero', () => expect(() => parseTimeout('0')).toThrow('above 0'));
});

describe('numbers', () => {
  test('rates may be fractions', () => expect(parseRate('0.5')).toBe(0.5));
  test.each(['0', '-1', 'x', '', '1e3', 'Infinity', '0x10'])('rate "%s" is refused', (text) =>
    expect(() => parseRate(text)).toThrow('above 0'),
  );
  test('a range is inclusive', () => {
    const port = wholeNumber(0, 65_535);
    expect([port('0'), port('65535')]).toEqual([0, 65_535]);
    expect(() => port('65536')).toThrow('from 0 to 65535');
    expect(() => port('1.5')).toThrow('whole number');
    expect(() => wholeNumber(1)('0')).toThrow('from 1 up');
  });
  test('percentages end at 100', () => {
    expect(parsePercent('100')).toBe(100);
    expect(() => parsePercent('101')).toThrow('0 to 100');
    expect(() => parsePercent('-1')).toThrow('0 to 100');
  });
});
