import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { API_REPORT, apiReport, reportOf } from '../../scripts/api-report.ts';

test('docs/api-report.txt is the exported surface; `npm run api` writes it anew, and a change of it is one for users', () => {
  expect(apiReport()).toBe(readFileSync(API_REPORT, 'utf8'));
});

describe('the report', () => {
  const files: Readonly<Record<string, string>> = {
    'index.d.ts': "export { run } from './run.ts';\nexport type { Options as RunOptions } from './options.ts';\n",
    'run.d.ts':
      "import { type Level, type Unused } from './level.ts';\n/** Runs\n * it. */\nexport declare function run(unrelated: Level): Here;\ninterface Here {\n    readonly x: 'Unused';\n}\nexport declare const unrelated = 1;\n",
    'options.d.ts':
      "import type { Deep } from './level.ts';\nexport interface Options {\n    /** Said. */\n    readonly deep: Deep;\n}\n",
    'level.d.ts': 'export type Level = 1;\nexport type Unused = 2;\nexport type Deep = Level | Deep[];\n',
  };
  const report = (changed: Readonly<Record<string, string>> = {}): string =>
    reportOf((file) => ({ ...files, ...changed })[file] ?? '');

  test('holds what is exported and what that mentions, and no comment', () => {
    const [, exported = '', mentioned = ''] = report().split(/^== .*\n/m);
    expect(exported).toBe(
      '\n-- RunOptions\nexport interface Options {\n    readonly deep: Deep;\n}\n\n-- run\nexport declare function run(unrelated: Level): Here;\n\n',
    );
    expect(mentioned.match(/^-- .*/gm)).toEqual(['-- Deep (level)', '-- Here (run)', '-- Level (level)']);
  });

  test('changes with what is only mentioned, and not with the rest', () => {
    const level = files['level.d.ts'] ?? '';
    expect(report({ 'level.d.ts': level.replace('Level = 1', 'Level = 1 | 3') })).not.toBe(report());
    expect(report({ 'level.d.ts': level.replace('Unused = 2', 'Unused = 4') })).toBe(report());
  });

  test('refuses what leads nowhere', () => {
    expect(() => report({ 'index.d.ts': "export { gone } from './run.ts';\n" })).toThrow('run.d.ts declares no gone');
  });
});
