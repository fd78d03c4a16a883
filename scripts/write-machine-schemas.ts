// Writes schema/<kind>.schema.json for every machine document; with --check says which are out of date, exit 1.
import { readFile, writeFile } from 'node:fs/promises';
import { FORMAT_VERSIONS, type DocumentKind } from '../src/report/format-version.ts';
import { machineSchemaText } from '../src/report/machine-schemas.ts';

const check = process.argv.includes('--check');
const folder = new URL('../schema/', import.meta.url);

for (const kind of Object.keys(FORMAT_VERSIONS) as DocumentKind[]) {
  const file = new URL(`${kind}.schema.json`, folder);
  const wanted = machineSchemaText(kind);
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
