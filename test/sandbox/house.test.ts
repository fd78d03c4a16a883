import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../src/sandbox/', import.meta.url));
const files = globSync('**/*.ts', { cwd: root }).map((file) => ({
  file,
  imports: [...readFileSync(root + file, 'utf8').matchAll(/from '([^']+)'/g)].map(([, from = '']) => from),
}));

test('the sandbox imports itself, node, the YAML reader and WebSockets: else it would test itself', () => {
  const depth = (file: string) => file.split('/').length - 1;
  const strangers = files.flatMap(({ file, imports }) =>
    imports
      .filter((from) => !from.startsWith('node:') && from !== 'yaml' && from !== 'ws')
      .filter((from) => !from.startsWith('.') || from.split('../').length - 1 > depth(file))
      .map((from) => `${file}: ${from}`),
  );
  expect(files.length).toBeGreaterThan(30);
  expect(strangers).toEqual([]);
});

test('the platform knows no HTTP, clock or chance', () => {
  const inside = files.filter(({ file }) => file.startsWith('platform/'));
  const outward = inside.flatMap(({ imports }) => imports.filter((from) => !from.startsWith('./')));
  const source = inside.map(({ file }) => readFileSync(root + file, 'utf8')).join('\n');
  expect(outward).toEqual([]);
  expect(source).not.toMatch(/Date\.now|new Date|Math\.random|setTimeout|process\./);
});
