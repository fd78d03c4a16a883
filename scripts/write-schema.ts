/** Writes the state document's JSON Schemas for editors, one per dialect; `--check` only says which are out of date. */
import { readFileSync, writeFileSync } from 'node:fs';
import { documentSchema } from '../src/document/document-schema.ts';
import { DIALECTS, kindsFor } from '../src/providers/registry.ts';

for (const [index, dialect] of DIALECTS.entries()) {
  const variant = index === 0 ? null : dialect;
  const name = variant === null ? 'convex.state.schema.json' : `convex.state.${variant}.schema.json`;
  const file = new URL(`../schema/${name}`, import.meta.url);
  const wanted = `${JSON.stringify(documentSchema(kindsFor(dialect), variant), null, 2)}\n`;
  if (!process.argv.includes('--check')) writeFileSync(file, wanted);
  else if (written(file) !== wanted) {
    process.stderr.write(`schema/${name} is stale: run \`npm run schema\`\n`);
    process.exitCode = 1;
  }
}

function written(file: URL): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
