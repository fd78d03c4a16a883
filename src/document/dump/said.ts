import { fieldSchema, keyField, type AnyKind } from '../../model/kinds.ts';
import type { LiveResource } from '../../model/resource.ts';

/** A document must say the field of a live thing; what is usual, or what it would be born with if nobody said it, it need not. */
export function isSaid(kind: AnyKind, live: Pick<LiveResource, 'spec'>, field: string): boolean {
  const key = keyField(kind);
  if (field === key) return true;
  const value = live.spec[field];
  const schema = fieldSchema(kind, field);
  if (kind.form.shape === 'map' && kind.form.shorthand === field) return true;
  if (value === null || value === schema?.usual) return false;
  return kind.born?.({ [key]: live.spec[key] })[field] !== value || schema?.requiredToCreate === true;
}
