import { compareAddress, parentAddress, type Address } from '../model/address.ts';
import type { IgnoredThings } from '../model/change.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { ignoreMatcher, type IgnoreRule } from '../model/ignore-rule.ts';
import { instantText } from '../model/instant.ts';
import type { DesiredResource } from '../model/resource.ts';
import { compareSpec } from './compare.ts';
import type { PlanInput } from './input.ts';

/** The input without the fields that rules of `policy.ignore` leave as they are, and what those rules leave alone. */
export interface Left {
  readonly input: PlanInput;
  /** Sorted by address; rules that leave nothing alone are not among them. */
  readonly ignored: readonly IgnoredThings[];
  /** Rules that match nothing. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Shapes the desired side, so that no part of a plan knows more than another: of what is live, a field that a rule names is not
 * managed. What is made, also again inside of a replacement, is made as declared; a replacement keeps what it had. Rules of whole things act by `policies` already; here they are only counted.
 */
export function leaveIgnored(given: PlanInput, inScope: (address: Address) => boolean = () => true): Left {
  const rules = given.desired.ignores ?? [];
  if (rules.length === 0) return { input: given, ignored: [], diagnostics: [] };
  const known = new Set<Address>([
    ...given.desired.resources.map(({ address }) => address),
    ...given.observation.live.keys(),
  ]);
  const ofFields = rules
    .filter(({ fields }) => fields.length > 0)
    .map((rule) => ({ rule, matches: ignoreMatcher(rule) }));
  const things = new Map<IgnoreRule, Address[]>(rules.map((rule) => [rule, []]));
  const differing = new Map<IgnoreRule, Address[]>(rules.map((rule) => [rule, []]));
  const resources = given.desired.resources.map((resource): DesiredResource => {
    const { address, spec } = resource;
    const live = given.observation.live.get(address);
    const acting = ofFields.filter(({ matches }) => matches(address));
    if (resource.absent || acting.length === 0) return resource;
    const { differences } =
      live === undefined
        ? { differences: [] }
        : compareSpec(given.kinds.named(resource.kind), resource.spec, live.spec);
    for (const { rule } of acting) {
      if (rule.fields.some((field) => spec[field] !== undefined)) things.get(rule)?.push(address);
      if (differences.some(({ field }) => rule.fields.includes(field))) differing.get(rule)?.push(address);
    }
    if (live === undefined) return resource;
    const left = new Set(acting.flatMap(({ rule }) => rule.fields));
    const [managed, unmanaged] = [false, true].map((isLeft) =>
      Object.fromEntries(Object.entries(spec).filter(([field]) => left.has(field) === isLeft)),
    );
    return { ...resource, spec: { ...managed }, atCreation: { ...resource.atCreation, ...unmanaged } };
  });
  for (const rule of rules) if (rule.fields.length === 0) things.set(rule, wholeThings(rule, known));
  const isWhole = given.observation.unreadable.length === 0;
  return {
    input: { ...given, desired: { ...given.desired, resources } },
    ignored: rules
      .map((rule) => ignoredBy(rule, { things: things.get(rule) ?? [], differing: differing.get(rule) ?? [], inScope }))
      .filter((one) => one.things.length > 0)
      .sort((a, b) => compareText(a.address, b.address) || compareText(a.expires, b.expires)),
    diagnostics: rules.filter((rule) => isWhole && things.get(rule)?.length === 0).map(matchesNothing),
  };
}

function wholeThings(rule: IgnoreRule, known: Iterable<Address>): Address[] {
  const matches = ignoreMatcher(rule);
  return [...known].filter((address) => {
    for (let at: Address | null = address; at !== null; at = parentAddress(at)) if (matches(at)) return true;
    return false;
  });
}

function ignoredBy(
  { address, fields, reason, expires, where }: IgnoreRule,
  {
    things,
    differing,
    inScope,
  }: {
    readonly things: readonly Address[];
    readonly differing: readonly Address[];
    readonly inScope: (address: Address) => boolean;
  },
): IgnoredThings {
  return {
    address,
    fields: [...fields].sort(),
    reason,
    expires: instantText(expires),
    things: things.filter(inScope).sort(compareAddress),
    differing: differing.filter(inScope).sort(compareAddress),
    where,
  };
}

function matchesNothing({ address, fields, where }: IgnoreRule): Diagnostic {
  const what = fields.length === 0 ? '' : ` (${fields.join(', ')})`;
  return {
    severity: 'warning',
    code: 'CVG524',
    summary: `the rule that ignores \`${address}\`${what} matches nothing that is declared or was read`,
    hint: 'Correct its address or its fields, or remove it.',
    where,
  };
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
