import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');
const page = readFileSync(path.join(root, 'docs/dependencies.md'), 'utf8');
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
};

/** The first cells of the tables under a heading; one cell may name several packages and a major version. */
function packagesUnder(heading: string): readonly string[] {
  const section = page.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';
  return [...section.matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
  );
}

test('docs/dependencies.md gives a reason for every dependency, and for no other', () => {
  expect(packagesUnder('At run time').toSorted()).toEqual(Object.keys(manifest.dependencies).toSorted());
  expect(packagesUnder('For development').toSorted()).toEqual(Object.keys(manifest.devDependencies).toSorted());
});

test('there are at most ten dependencies at run time, three that `watch` loads and one that `check-code` does', () => {
  const ofOneCommand = new Set(['chokidar', 'cron', 'prom-client', '@babel/parser']);
  const others = Object.keys(manifest.dependencies).filter((name) => !ofOneCommand.has(name));
  expect(others.length).toBeLessThanOrEqual(10);
});
