// Writes schema/<kind>.schema.json for every machine document, and for the file of `watch --notify`; with --check says which are out of date, exit 1.
import { readFile, writeFile } from 'node:fs/promises';
import { notifySchemaText } from '../src/daemon/notify/notify-schema.ts';
import { FORMAT_VERSIONS, type DocumentKind } from '../src/report/format-version.ts';
import { machineSchemaText } from '../src/report/machine-schemas.ts';

const check = process.argv.includes('--check');
const folder = new URL('../schema/', import.meta.url);

const texts: readonly (readonly [string, string])[] = [
  ...(Object.keys(FORMAT_VERSIONS) as DocumentKind[]).map((kind) => [kind, machineSchemaText(kind)] as const),
  ['notify', notifySchemaText()],
];

for (const [kind, wanted] of texts) {
  const file = new URL(`${kind}.schema.json`, folder);
  const there = await readFile(file, 'utf8').catch(() => null);
  if (there === wanted) continue;
  if (check) {
    console.error(`schema/${kind}.schema.json is out of date: run node scripts/write-machine-schemas.ts`);
    process.exitCode = 1;
  } else {
    await writeFile(file, wanted);
    console.error(`wrote schema/${kind}.schema.json`);
  }
}
