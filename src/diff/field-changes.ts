import { looksLikeCredential } from '../model/credential.ts';
import type { FieldChange } from '../model/change.ts';
import { fieldSchema } from '../model/kinds.ts';
import type { Spec } from '../model/resource.ts';
import { fieldsOf } from '../model/schema.ts';
import { reveal, Secret } from '../model/secret.ts';
import { UnknownValue } from '../model/unknown-value.ts';
import type { Difference } from './compare.ts';
import type { Draft } from './draft.ts';

/**
 * What a plan says of each field. A sensitive value appears only where the user made it `visible` and neither side
 * looks like a credential (rule 18).
 */
export function fieldChanges(draft: Draft): readonly FieldChange[] {
  if (draft.action === 'delete') return [];
  return differencesOf(draft).map((difference) => {
    const before = shown(difference.before);
    const after = shown(difference.after);
    const sensitive = fieldSchema(draft.kind, difference.field)?.sensitive === true && !isOpen(draft, [before, after]);
    return {
      field: difference.field,
      sensitive,
      unknown: difference.unknown,
      forcesReplacement: draft.action === 'replace' && difference.immutable,
      ...(sensitive || before === undefined ? {} : { before }),
      ...(sensitive || after === undefined ? {} : { after }),
    };
  });
}

/** The user made it visible, and nothing of it looks like a credential. */
function isOpen({ desired }: Draft, values: readonly unknown[]): boolean {
  if (desired?.visible !== true) return false;
  return !values.some((value) => typeof value === 'string' && looksLikeCredential(desired.key, value));
}

/** A create sets every field that it gives, the defaults of creation among them. */
function differencesOf(draft: Draft): readonly Difference[] {
  if (draft.action !== 'create') return draft.differences;
  const spec: Spec = { ...draft.desired?.atCreation, ...draft.desired?.spec };
  return fieldsOf(draft.kind.schema)
    .filter(([field, schema]) => spec[field] !== undefined && schema.key !== true)
    .map(([field]) => ({
      field,
      before: undefined,
      after: spec[field],
      unknown: spec[field] instanceof UnknownValue,
      immutable: false,
      fixed: false,
    }));
}

function shown(value: unknown): unknown {
  if (value instanceof UnknownValue) return undefined;
  return value instanceof Secret ? reveal(value) : value;
}
