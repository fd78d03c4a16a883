import { expect, test } from 'vitest';
import { screenOf } from '../../src/cli/terminal.ts';
import type { Output } from '../../src/cli/io.ts';

function stream(isTTY: boolean, columns = 120): Output {
  return { isTTY, columns, write: () => true, on: () => undefined };
}

test.each([
  // choice, environment, terminal → colour
  ['always', { NO_COLOR: '1' }, false, true],
  ['never', { FORCE_COLOR: '1' }, true, false],
  ['auto', {}, true, true],
  ['auto', {}, false, false],
  ['auto', { NO_COLOR: '1' }, true, false],
  ['auto', { NO_COLOR: '' }, true, true],
  ['auto', { FORCE_COLOR: '1' }, false, true],
  ['auto', { FORCE_COLOR: '' }, false, true],
  ['auto', { FORCE_COLOR: '0' }, true, false],
  ['auto', { FORCE_COLOR: '1', NO_COLOR: '1' }, true, false],
  ['auto', { TERM: 'dumb' }, true, false],
] as const)('--color %s with %j, terminal %s: %s', (choice, env, terminal, color) => {
  expect(screenOf(stream(terminal), choice, env).color).toBe(color);
});

test('the width of a terminal, and one fixed width elsewhere', () => {
  expect(screenOf(stream(true, 133), 'auto', {}).width).toBe(133);
  expect(screenOf(stream(false, 133), 'auto', {}).width).toBe(screenOf(stream(false, 60), 'auto', {}).width);
});

test('nothing is redrawn on a build machine or a dumb terminal', () => {
  expect(screenOf(stream(true), 'auto', {}).live).toBe(true);
  expect(screenOf(stream(true), 'auto', { CI: 'true' }).live).toBe(false);
  expect(screenOf(stream(true), 'auto', { CI: 'false' }).live).toBe(true);
  expect(screenOf(stream(true), 'auto', { TERM: 'dumb' }).live).toBe(false);
  expect(screenOf(stream(false), 'always', {}).live).toBe(false);
});
