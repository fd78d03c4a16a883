import type { AnyKind } from '../model/kinds.ts';
import type { JsonSchema } from '../model/schema.ts';
import { modeDef } from './change-control-schema.ts';
import { matchDefName, ref, selectorDefName } from './schema-parts.ts';
import { matchFields, selectableIn, selectorKey, takesMode, templateFields, templateKinds } from './selector-shape.ts';

/** The name in `$defs` of what a selector may say as its `policy`. */
export const SELECTOR_POLICY = 'selector-policy';

/** The keys that selectors of these kinds stand under. */
export function selectorLists(kinds: readonly AnyKind[]): Readonly<Record<string, JsonSchema>> {
  return Object.fromEntries(
    kinds.map((kind) => [
      selectorKey(kind),
      {
        type: 'array',
        items: ref(selectorDefName(kind)),
        description: `What every live ${kind.name} has that matches and has no entry of its own. Later ones win. Nothing that they match is created, deleted or pruned.`,
      },
    ]),
  );
}

/** The `$defs` of one kind's selectors: a selector, and its `match`. */
export function selectorDefs(
  kind: AnyKind,
  kinds: readonly AnyKind[],
  collections: (kinds: readonly AnyKind[]) => Readonly<Record<string, JsonSchema>>,
): Readonly<Record<string, JsonSchema>> {
  return {
    [selectorDefName(kind)]: {
      type: 'object',
      required: ['match'],
      properties: {
        match: ref(matchDefName(kind), `Which ${kind.name}s it means; all keys must hold.`),
        ...Object.fromEntries(templateFields(kind).map(([name, field]) => [name, field.json])),
        ...(takesMode(kind) && { mode: modeDef('what it matches') }),
        policy: ref(SELECTOR_POLICY, 'What may be pruned in what it matches; an outer `prune` does not reach there.'),
        ...collections(templateKinds(kind, kinds)),
        ...selectorLists(selectableIn(kind.name, kinds)),
      },
      additionalProperties: false,
    },
    [matchDefName(kind)]: {
      type: 'object',
      minProperties: 1,
      properties: Object.fromEntries(
        matchFields(kind, kinds).map(({ kind: owner, name }) => [
          name,
          {
            type: ['string', 'array'],
            minLength: 1,
            items: { type: 'string', minLength: 1 },
            minItems: 1,
            description: `A glob over the ${name} of the ${owner.name}, or a list of which one must match: \`*\` stays before the next \`/\`, \`**\` crosses it.`,
          },
        ]),
      ),
      additionalProperties: false,
    },
  };
}

export function selectorPolicyDef(prunable: readonly string[]): JsonSchema {
  return {
    type: 'object',
    properties: {
      prune: {
        type: 'array',
        items: { type: 'string', enum: prunable },
        description: 'Collections whose undeclared live members are deleted in what the selector matches; [] = off.',
      },
    },
    additionalProperties: false,
  };
}
