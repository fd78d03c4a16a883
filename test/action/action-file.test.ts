import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { ACTION } from './runner.ts';

const read = (name: string): Promise<string> => readFile(new URL(`../../${name}`, import.meta.url), 'utf8');

test('action.yml: Node 24, one file that is there, and nothing that nobody reads or explains', async () => {
  expect(ACTION.runs.using).toBe('node24');
  const bundle = await read(ACTION.runs.main);
  expect(bundle).toMatch(/^\/\/ Made by scripts\/build-action\.ts/);
  const [inputs, outputs, docs] = await Promise.all([
    read('src/action/inputs.ts'),
    read('src/action/run-action.ts'),
    read('docs/ci.md'),
  ]);
  for (const name of Object.keys(ACTION.inputs)) {
    expect(inputs).toContain(`'${name}'`);
    expect(docs).toContain(`\`${name}\``);
  }
  for (const name of Object.keys(ACTION.outputs)) {
    expect(outputs).toMatch(new RegExp(`^ +'?${name}'?:`, 'm'));
    expect(docs).toContain(`\`${name}\``);
  }
});
