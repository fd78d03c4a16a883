import { sanitize } from './sanitize.ts';
import { element, xmlText } from './xml-text.ts';

/** One thing that was judged. Without a `problem` it passed. */
export interface TestCase {
  readonly name: string;
  /** `failure`: not as it should be; `error`: could not be judged; `skipped`: was not. */
  readonly problem?: {
    readonly type: 'failure' | 'error' | 'skipped';
    readonly rule: string;
    readonly message: string;
    /** Each on a line of its own. */
    readonly details?: readonly string[];
  };
}

export interface TestSuite {
  readonly name: string;
  readonly cases: readonly TestCase[];
  /** Further things to tell, a line each. */
  readonly told?: readonly string[];
}

/**
 * A JUnit report as Jenkins, GitLab and most others read it: suites in their order, every case of a suite after the other. Suites without
 * cases are left out. `createdAt`: RFC 3339 UTC.
 */
export function junitXml(suites: readonly TestSuite[], { createdAt }: { readonly createdAt: string }): string {
  const written = suites
    .filter(({ cases }) => cases.length > 0)
    .map((suite, id) => suiteXml(suite, { id, timestamp: createdAt.slice(0, 19) }));
  return ['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites>', ...written, '</testsuites>', ''].join('\n');
}

function suiteXml(
  { name, cases, told = [] }: TestSuite,
  { id, timestamp }: { readonly id: number; readonly timestamp: string },
): string {
  const count = (type: string): number => cases.filter(({ problem }) => problem?.type === type).length;
  const attributes = {
    id,
    name: token(name),
    package: 'converge',
    timestamp,
    hostname: 'localhost',
    tests: cases.length,
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
    time: 0,
  };
  const content = [
    element('properties', {}, element('property', { name: 'tool', value: 'converge' })),
    ...cases.map((one) => caseXml(one, name)),
    element('system-out', {}, told.map(xmlText).join('\n')),
    element('system-err', {}),
  ];
  return element('testsuite', attributes, `\n${content.join('\n')}\n`);
}

function caseXml({ name, problem }: TestCase, suite: string): string {
  const attributes = { name: token(name), classname: `converge.${token(suite)}`, time: 0 };
  if (problem === undefined) return element('testcase', attributes);
  const { type, rule, message, details = [] } = problem;
  // One schema knows no attributes here, and the other no text: the place of a skipped case's reason is its name.
  if (type === 'skipped')
    return element('testcase', { ...attributes, name: token(`${name}: ${message}`) }, '<skipped/>');
  const content = [message, ...details].map(xmlText).join('\n');
  return element('testcase', attributes, element(type, { type: rule, message }, content));
}

/** The schemas ask for a text without spaces at its ends, and one at least inside. */
function token(text: string): string {
  return sanitize(text).trim().replace(/ {2,}/g, ' ') || '(unnamed)';
}
