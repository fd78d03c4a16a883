import type { Address } from '../model/address.ts';
import type { Change, Refusal } from '../model/change.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { isPairRule, type Invariant } from '../model/invariant.ts';
import type { AnyKind, Kinds } from '../model/kinds.ts';
import type { DesiredState } from '../model/resource.ts';
import { declaredState } from './declared-state.ts';
import type { FinalState } from './final-state.ts';
import { judgeInvariant } from './invariants.ts';
import type { Judged, Unjudged, Violation } from './judged.ts';

export interface InvariantFindings {
  readonly refusals: readonly Refusal[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * What the invariants of the document make of a plan. Refused is what the document itself asks for, and what a change of
 * the plan makes or leaves broken; what only lives, and is not touched, is a warning. Equal whatever the order of the
 * invariants. `inScope`: nothing is said of what a partial plan leaves out.
 */
export function invariantFindings(
  invariants: readonly Invariant[],
  states: readonly FinalState[],
  { changes, inScope }: { readonly changes: readonly Change[]; readonly inScope: (address: Address) => boolean },
): InvariantFindings {
  const touched = new Set(changes.flatMap(({ address, takes }) => [address, ...takes]));
  const refusals: Refusal[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const { invariant, kind, judged } of judgeAll(invariants, states)) {
    const violations = judged.violations.filter(({ addresses }) => addresses.some(inScope));
    const isRefused = ({ isAsked, addresses }: Violation): boolean =>
      isAsked || addresses.some((address) => touched.has(address));
    for (const violation of merged(violations.filter(isRefused)))
      refusals.push({
        rule: 'invariant',
        addresses: violation.addresses,
        message: `${brokenText(violation, ` (\`policy.invariants\`, ${placeText(violation)})`)}. ${fixOf(violation)}`,
        override: null,
      });
    for (const violation of merged(violations.filter((one) => !isRefused(one))))
      diagnostics.push(broken('CVG526', violation));
    const unjudged = judged.unjudged.filter(({ address }) => address === null || inScope(address));
    if (unjudged.length > 0) diagnostics.push(open(unjudged, kind));
    if (judged.isIdle) diagnostics.push(idle(invariant));
  }
  return { refusals: refusals.sort((a, b) => compareText(a.message, b.message)), diagnostics };
}

/** What a document breaks by itself, judged on what it says alone. */
export function offlineFindings(desired: DesiredState, kinds: Kinds): readonly Diagnostic[] {
  const { invariants = [] } = desired;
  const names = [...new Set(invariants.map(({ kind }) => kind))];
  const states = names.map((name) => declaredState(kinds.named(name), desired, kinds));
  return judgeAll(invariants, states).flatMap(({ judged }) =>
    merged(judged.violations).map((violation) => broken('CVG525', violation)),
  );
}

function judgeAll(
  invariants: readonly Invariant[],
  states: readonly FinalState[],
): readonly { readonly invariant: Invariant; readonly kind: AnyKind; readonly judged: Judged }[] {
  return invariants.flatMap((invariant) =>
    states
      .filter(({ kind }) => kind.name === invariant.kind)
      .map((state) => ({ invariant, kind: state.kind, judged: judgeInvariant(invariant, state) })),
  );
}

/** One for each key; of what is compared inside of a group, one for each group. */
function merged(violations: readonly Violation[]): readonly Violation[] {
  const groups = Map.groupBy(violations, ({ invariant, key, group, addresses }) =>
    isPairRule(invariant.rule) ? JSON.stringify([key, group, addresses]) : key,
  );
  return [...groups.values()].flatMap(([first, ...more]) =>
    first === undefined
      ? []
      : {
          ...first,
          addresses: union([first, ...more].flatMap(({ addresses }) => addresses)),
          containers: union([first, ...more].flatMap(({ containers }) => containers)),
          missing: union([first, ...more].flatMap(({ missing }) => missing)),
        },
  );
}

function union<T extends string>(addresses: readonly T[]): readonly T[] {
  return [...new Set(addresses)].sort();
}

/** `STRIPE_KEY has the same value in … and …: mustDiffer (reason)`; no value, nor anything of one beyond the rule. */
function brokenText(violation: Violation, place = ''): string {
  const { invariant, key, containers, missing } = violation;
  const { rule, reason } = invariant;
  const why = reason === null ? '' : `, because: ${reason}`;
  return `${whatIs({ key, containers, missing, rule })}: \`${rule}\`${place}${why}`;
}

function placeText({ invariant: { where } }: Violation): string {
  return `${where.file}:${String(where.line)}`;
}

function whatIs({
  key,
  containers,
  missing,
  rule,
}: Pick<Violation, 'key' | 'containers' | 'missing'> & Pick<Invariant, 'rule'>): string {
  switch (rule) {
    case 'mustDiffer':
      return `${key} has the same value in ${listed(containers)}`;
    case 'mustMatch': {
      const set = containers.filter((address) => !missing.includes(address));
      if (missing.length > 0) return `${key} is set in ${listed(set)}, and missing in ${listed(missing)}`;
      return `${key} does not have the same value in ${listed(containers)}`;
    }
    case 'required':
      return key.includes('*')
        ? `nothing called ${key} is in ${listed(containers)}`
        : `${key} is missing in ${listed(containers)}`;
    case 'forbidden':
      return `${key} is set in ${listed(containers)}`;
    default:
      return rule satisfies never;
  }
}

function fixOf({ invariant: { rule }, key }: Pick<Violation, 'invariant' | 'key'>): string {
  switch (rule) {
    case 'mustDiffer':
      return 'Give each of them a value of its own';
    case 'mustMatch':
      return 'Declare one value for all of them';
    case 'required':
      return `Declare ${key.includes('*') ? 'one' : 'it'} there`;
    case 'forbidden':
      return 'Take it out there, and where it is live declare it absent';
    default:
      return rule satisfies never;
  }
}

function broken(code: 'CVG525' | 'CVG526', violation: Violation): Diagnostic {
  const [address] = violation.addresses;
  return {
    severity: code === 'CVG525' ? 'error' : 'warning',
    code,
    summary: brokenText(violation),
    hint: `${fixOf(violation)}.`,
    where: violation.invariant.where,
    ...(address === undefined ? {} : { address }),
  };
}

const WHY: Readonly<Record<Unjudged['because'], (kind: AnyKind) => string>> = {
  undeclared: ({ collection }) => `\`${collection}\` is not declared there, so it is not read`,
  unreadable: ({ collection }) => `\`${collection}\` could not be read`,
  unresolved: () => 'a source is not resolved in this run',
  withheld: () => 'the platform withholds the value',
  new: () => 'it is made by this plan, and what it is born with is not known',
  unlisted: ({ parent }) => `which ${parent ?? 'thing'}s are there is not known`,
  condition: () => 'a field that `match`es is not known',
  offline: () => 'nothing live was read',
};

/** What is not known never passes for kept. */
function open(unjudged: readonly Unjudged[], kind: AnyKind): Diagnostic {
  const [first] = unjudged;
  if (first === undefined) throw new Error('nothing is unjudged');
  const { rule, keys, where } = first.invariant;
  const reasons = [...Map.groupBy(unjudged, ({ because }) => because)]
    .map(
      ([because, found]) =>
        `${WHY[because](kind)}: ${listed(union(found.map(({ address }) => address ?? 'the whole team')))}`,
    )
    .sort();
  const isUndeclared = unjudged.some(({ because }) => because === 'undeclared');
  return {
    severity: 'warning',
    code: 'CVG527',
    summary: `whether \`${rule}\` of ${keys.join(', ')} holds could not be judged everywhere; ${reasons.join('; ')}`,
    ...(isUndeclared
      ? { hint: `\`${kind.collection}: {}\` of an entry or a selector has it read, and changes nothing.` }
      : {}),
    where,
  };
}

function idle({ rule, keys, where }: Invariant): Diagnostic {
  return {
    severity: 'note',
    code: 'CVG528',
    summary: `\`${rule}\` of ${keys.join(', ')} concerns nothing that is there after this plan`,
    hint: 'Look at its names and conditions.',
    where,
  };
}

function listed(addresses: readonly string[]): string {
  const shown = addresses.slice(0, MOST_NAMED);
  const more = addresses.length - shown.length;
  if (more > 0) return `${shown.join(', ')} and ${String(more)} more`;
  const last = shown.at(-1) ?? '';
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(', ')} and ${last}`;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const MOST_NAMED = 4;
