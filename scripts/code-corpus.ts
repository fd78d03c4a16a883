/**
 * Fetches real Convex code from npm and compares what `check-code` finds in it with what a person found: the table of
 * docs/check-code.md. Needs the network; exit 1 where a use is missed or made up. Not part of the checks of a commit.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readCode } from '../src/code/read-code.ts';
import { kindsFor } from '../src/providers/registry.ts';
import { openCodeFiles } from '../src/sources/open-code-files.ts';
import { CORPUS, type CorpusPackage } from './code-corpus-by-hand.ts';

const contract = kindsFor('official').find(({ code }) => code !== undefined)?.code;
if (contract === undefined) throw new Error('no kind is read by code');
const scratch = mkdtempSync(path.join(os.tmpdir(), 'converge-corpus-'));
try {
  const rows: string[] = ['| package | files | uses by hand | uses found | computed |', '|---|---|---|---|---|'];
  for (const one of CORPUS) rows.push(await compare(one));
  process.stdout.write(`${rows.join('\n')}\n`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

async function compare(one: CorpusPackage): Promise<string> {
  const folder = fetchPackage(one);
  const reading = await readCode(openCodeFiles('.', folder), contract as NonNullable<typeof contract>);
  const found = reading.variables.flatMap(({ name, uses }) =>
    uses.map(({ where }) => `${where.file}:${where.line} ${name}`),
  );
  const open = reading.findings
    .filter(({ code }) => code === 'CVG806')
    .map(({ where }) => `${where?.file}:${where?.line}`);
  differ(one.spec, 'use', one.uses, found);
  differ(one.spec, 'computed name', one.open ?? [], open);
  for (const { code, summary, where } of reading.findings) {
    if (code !== 'CVG806' && code !== 'CVG809') complain(`${one.spec}: ${code} ${where?.file ?? ''} ${summary}`);
  }
  return `| \`${one.spec}\` | ${reading.files} | ${one.uses.length} | ${found.length} | ${open.length} |`;
}

function differ(spec: string, what: string, byHand: readonly string[], found: readonly string[]): void {
  const [wanted, got] = [new Set(byHand), new Set(found)];
  for (const missed of wanted.difference(got)) complain(`${spec}: missed ${what} ${missed}`);
  for (const extra of got.difference(wanted)) complain(`${spec}: ${what} that nobody found by hand ${extra}`);
}

function complain(text: string): void {
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
}

/** The package unpacked, with the file that says where its functions are. */
function fetchPackage({ spec, functions }: CorpusPackage): string {
  const folder = path.join(scratch, spec.replaceAll('/', '-'));
  mkdirSync(folder);
  const packed = execFileSync('npm', ['pack', '--silent', '--pack-destination', scratch, spec], { encoding: 'utf8' });
  execFileSync('tar', ['-xzf', path.join(scratch, packed.trim()), '-C', folder, '--strip-components=1']);
  writeFileSync(path.join(folder, 'convex.json'), JSON.stringify({ functions }));
  return folder;
}
