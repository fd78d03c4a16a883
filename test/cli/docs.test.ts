import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { EXIT } from '../../src/cli/exit-codes.ts';
import { run } from '../../src/cli/run.ts';
import { fakeIo } from './support/fake-io.ts';

const DOCS = await readFile(new URL('../../docs/commands.md', import.meta.url), 'utf8');

async function help(...argv: readonly string[]): Promise<string> {
  const io = fakeIo();
  await run([...argv, '--help'], io);
  return io.out();
}

test('docs/commands.md names every command and option of the help', async () => {
  const overview = await help();
  const commands = [...overview.matchAll(/^ {2}([a-z-]+)[ [<].* {2}/gm)]
    .map(([, name]) => name ?? '')
    .filter((name) => name !== 'help');
  expect(commands).toContain('apply');
  for (const command of commands) {
    expect(DOCS).toContain(`\`${command}`);
    for (const [option] of (await help(command)).matchAll(/--[a-z][a-z-]+/g)) expect(DOCS).toContain(option);
  }
});

test('docs/commands.md lists every exit code', () => {
  const listed = [...DOCS.matchAll(/^\| (\d+) \| /gm)].map(([, code]) => Number(code));
  expect(listed.sort((a, b) => a - b)).toEqual(Object.values(EXIT).sort((a, b) => a - b));
});
