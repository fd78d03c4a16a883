import { isWithin, type Address } from '../model/address.ts';
import type { Change, Refusal } from '../model/change.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { PolicyFinding } from '../model/policy-answer.ts';

/** More than anybody reads; what answers more is broken. */
const MOST_FINDINGS = 1000;
const LONGEST_MESSAGE = 2000;

/** A {@link PolicyAnswer} that has been read. */
export interface PolicyFindings {
  readonly refusals: readonly PolicyFinding[];
  readonly warnings: readonly PolicyFinding[];
}

/**
 * What a policy answered, or why that is no answer: "it …". Other keys are left alone, so that a whole package of rules can
 * be the answer; but `refusals` has to be there, or a misspelt one would allow everything. The form that `opa eval`
 * prints is taken for the one value in it.
 */
export function readPolicyAnswer(value: unknown): PolicyFindings | string {
  const answer = valueOfOpa(value);
  if (!isObject(answer)) return `answers ${kindOf(answer)}, and not an object with \`refusals\``;
  const { refusals, warnings = [] } = answer;
  if (refusals === undefined) return 'answers without `refusals`; where it has none, that is an empty list';
  const refused = findingsOf(refusals, 'refusals');
  const warned = findingsOf(warnings, 'warnings');
  if (typeof refused === 'string') return refused;
  return typeof warned === 'string' ? warned : { refusals: refused, warnings: warned };
}

/** `{ result: [{ expressions: [{ value }] }] }`; without a result the rule was undefined, which is no answer. */
function valueOfOpa(value: unknown): unknown {
  if (!isObject(value) || 'refusals' in value || !Array.isArray(value['result'])) return value;
  const [first, ...others] = value['result'] as readonly unknown[];
  const expressions = isObject(first) ? first['expressions'] : undefined;
  if (others.length > 0 || !Array.isArray(expressions) || expressions.length !== 1) return value;
  const [only] = expressions as readonly unknown[];
  return isObject(only) ? only['value'] : value;
}

function findingsOf(value: unknown, key: string): readonly PolicyFinding[] | string {
  if (!Array.isArray(value)) return `answers with \`${key}\` that is ${kindOf(value)}, and not a list`;
  if (value.length > MOST_FINDINGS) return `answers with more than ${String(MOST_FINDINGS)} ${key}`;
  const findings: PolicyFinding[] = [];
  for (const [index, item] of value.entries()) {
    const given: Fields = isObject(item) ? item : { message: item };
    const { message, addresses = [], rule } = given;
    const at = `\`${key}[${String(index)}]\``;
    if (typeof message !== 'string' || message.trim() === '') return `answers with ${at}, which has no message`;
    if (!isTexts(addresses)) return `answers with ${at}, whose addresses are no list of texts`;
    if (rule !== undefined && typeof rule !== 'string') return `answers with ${at}, whose rule is no text`;
    const cut = message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE)}…` : message;
    findings.push({ message: cut, addresses, ...(rule === undefined ? {} : { rule }) });
  }
  return findings;
}

/**
 * The refusals of a policy as those of guards are. What is said of a container is said of the changes in it. An address
 * that no change answers to makes the refusal one of the whole plan: what was meant is not known, and must not slip through.
 */
export function policyRefusals(
  policy: string,
  findings: readonly PolicyFinding[],
  changes: readonly Pick<Change, 'address' | 'takes'>[],
): readonly Refusal[] {
  return findings.map((finding): Refusal => {
    const named = (finding.addresses ?? []).map((address) =>
      changes.filter(
        ({ address: own, takes }) => isWithin(own, address as Address) || takes.includes(address as Address),
      ),
    );
    const addresses = named.some((found) => found.length === 0) ? [] : named.flat().map(({ address }) => address);
    return {
      rule: 'policy',
      addresses: [...new Set(addresses)].sort(),
      message: textOf(policy, finding),
      override: null,
    };
  });
}

export function policyWarnings(policy: string, findings: readonly PolicyFinding[]): readonly Diagnostic[] {
  return findings.map((finding): Diagnostic => {
    const { addresses = [] } = finding;
    const about = addresses.length === 0 ? '' : ` (${addresses.join(', ')})`;
    return { severity: 'warning', code: 'CVG713', summary: `${textOf(policy, finding)}${about}` };
  });
}

function textOf(policy: string, { message, rule }: PolicyFinding): string {
  return `${policy}${rule === undefined ? '' : ` (${rule})`}: ${message}`;
}

type Fields = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  return value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
