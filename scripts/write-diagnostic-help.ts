/**
 * Writes what docs/diagnostics.md says of each code as data, for reports that carry it along. `--check`: says whether it
 * is as written, and writes nothing.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const file = path.join(root, 'src/report/diagnostic-help.json');
const page = readFileSync(path.join(root, 'docs/diagnostics.md'), 'utf8');

const help = Object.fromEntries(
  [...page.matchAll(/^### (CVG\d{3}): .*\n\n([^]*?)(?=\n+#{2,3} |\n*$(?![^]))/gm)].map(([, code = '', body = '']) => {
    const [meaning = '', example = '', remedy = ''] = body
      .trim()
      .replace(/\[([^\]]+)\]\([^)]+\)/g, '$1')
      .split(/\n\n\*\*(?:Example|What to do):\*\* /);
    return [code, { meaning, example, remedy }];
  }),
);
const text = `${JSON.stringify(help, null, 2)}\n`;

if (process.argv.includes('--check')) {
  if (readFileSync(file, 'utf8') !== text) {
    console.error(`${file} is not what docs/diagnostics.md says: npm run schema`);
    process.exitCode = 1;
  }
} else writeFileSync(file, text);
