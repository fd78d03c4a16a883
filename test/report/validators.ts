import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import { validateXML } from 'xmllint-wasm';
import { expect } from 'vitest';

const STANDARDS = path.resolve(import.meta.dirname, 'standards');
const read = (file: string): string => readFileSync(path.join(STANDARDS, file), 'utf8');

// Formats are annotations in draft 7, and URI references with `%` are checked by the tests themselves.
const sarifSchema = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false, allErrors: true }).compile(
  JSON.parse(read('sarif-schema-2.1.0.json')) as object,
);

/** Holds a log to the official schema of SARIF 2.1.0. */
export function expectSarif(log: unknown): void {
  sarifSchema(log);
  expect(sarifSchema.errors ?? []).toEqual([]);
}

/** Holds a document to the JUnit schema of Jenkins, and to what the one of Apache Ant asks for beyond it. */
export async function expectJunit(xml: string): Promise<void> {
  const { valid, errors } = await validateXML({
    xml: { fileName: 'junit.xml', contents: xml },
    schema: read('junit.xsd'),
    // A report of a large team is larger than what the validator takes unasked.
    maxMemoryPages: 4096,
  });
  expect(errors.map(({ rawMessage }) => rawMessage)).toEqual([]);
  expect(valid).toBe(true);
  const suites = [...xml.matchAll(/<testsuite ([^>]*)>\n([^]*?)<\/testsuite>/g)];
  expect(suites.length).toBe(xml.match(/<testsuite /g)?.length ?? 0);
  for (const [index, [, attributes = '', content = '']] of suites.entries()) {
    expect(attributes).toMatch(
      new RegExp(`^id="${index}" name="[^"]+" package="[^"]+" timestamp="[\\d-]{10}T[\\d:]{8}"`),
    );
    expect(content).toMatch(
      /^<properties><property [^>]*\/><\/properties>\n(?:<testcase [^]*\n)?<system-out(?:\/>|>[^<]*<\/system-out>)\n<system-err\/>\n$/,
    );
    const count = (tag: string): number => content.match(new RegExp(`<${tag}[ />]`, 'g'))?.length ?? 0;
    expect(attributes).toContain(
      `tests="${count('testcase')}" failures="${count('failure')}" errors="${count('error')}"`,
    );
    expect(attributes).toContain(`skipped="${count('skipped')}"`);
  }
}
