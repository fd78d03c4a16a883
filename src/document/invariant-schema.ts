import { INVARIANT_RULES, PAIR_RULES, SINGLE_RULES, type InvariantRule } from '../model/invariant.ts';
import type { AnyKind } from '../model/kinds.ts';
import type { JsonSchema } from '../model/schema.ts';
import { LONGEST_REASON } from './change-control-schema.ts';
import { matchDefName, ref } from './schema-parts.ts';
import { selectableIn } from './selector-shape.ts';

/** The name in `$defs` of one item of `policy.invariants`. */
export const INVARIANT = 'invariant';

const BETWEEN = 'With a pair rule: what is compared with each other.';

/** What invariants are about: the members that are compared, and the kind of their containers; null where there are none. */
export function invariantSubject(
  kinds: readonly AnyKind[],
): { readonly member: AnyKind; readonly container: AnyKind } | null {
  const member = kinds.find(({ compared, parent }) => compared === true && parent !== null);
  const container = selectableIn(null, kinds).find(({ name }) => name === member?.parent);
  return member === undefined || container === undefined ? null : { member, container };
}

/** The `$defs` of `policy.invariants`; empty where nothing is compared. */
export function invariantDefs(kinds: readonly AnyKind[]): Readonly<Record<string, JsonSchema>> {
  const subject = invariantSubject(kinds);
  if (subject === null) return {};
  const { member, container } = subject;
  const keys = (description: string): JsonSchema => ({
    type: ['string', 'array'],
    minLength: 1,
    items: { type: 'string', minLength: 1 },
    minItems: 1,
    description,
  });
  const match = matchDefName(container);
  const texts: Readonly<Record<InvariantRule, string>> = {
    mustDiffer: `Names or globs of ${member.collection} that have no value in common between what \`between\` means.`,
    mustMatch: `Names or globs of ${member.collection} that have one value wherever \`between\` means, or are nowhere.`,
    required: `Names of ${member.collection} that every ${container.name} has; of a glob, one at least.`,
    forbidden: `Names or globs of ${member.collection} that no ${container.name} has.`,
  };
  const between: JsonSchema = {
    type: 'array',
    minItems: 1,
    items: ref(match),
    description: `Which ${container.name}s of one ${container.parent ?? 'team'} are compared: what each condition matches with what the others match; of one condition alone, all that it matches.`,
  };
  const within = ref(match, `Which ${container.name}s; not written: all.`);
  return {
    [INVARIANT]: {
      type: 'object',
      properties: {
        ...Object.fromEntries(INVARIANT_RULES.map((rule) => [rule, keys(texts[rule])])),
        between,
        in: within,
        reason: {
          type: 'string',
          minLength: 1,
          maxLength: LONGEST_REASON,
          description: 'Why, for everybody who meets it.',
        },
      },
      additionalProperties: false,
      oneOf: INVARIANT_RULES.map((rule) => ({ type: 'object', required: [rule] })),
      dependentSchemas: {
        // The property is named so that a misspelt one is not reported as missing too.
        ...Object.fromEntries(
          PAIR_RULES.map((rule) => [
            rule,
            { properties: { between: { description: BETWEEN } }, required: ['between'] },
          ]),
        ),
        between: { anyOf: PAIR_RULES.map((rule) => ({ required: [rule] })) },
        in: { anyOf: SINGLE_RULES.map((rule) => ({ required: [rule] })) },
      },
    },
  };
}
