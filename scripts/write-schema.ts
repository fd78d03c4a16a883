/** Writes the state document's JSON Schema for editors; `--check` only says whether the written one is up to date. */
import { readFileSync, writeFileSync } from 'node:fs';
import { documentSchema } from '../src/document/document-schema.ts';
import { convexKinds } from '../src/providers/convex/registry.ts';

const file = new URL('../schema/convex.state.schema.json', import.meta.url);
const wanted = `${JSON.stringify(documentSchema(convexKinds), null, 2)}\n`;

if (process.argv.includes('--check')) {
  if (written() !== wanted) {
    process.stderr.write('schema/convex.state.schema.json is stale: run `npm run schema`\n');
    process.exitCode = 1;
  }
} else {
  writeFileSync(file, wanted);
}

function written(): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
