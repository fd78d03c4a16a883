import { keyField, type AnyKind } from '../../model/kinds.ts';
import type { Spec } from '../../model/resource.ts';
import { fieldsOf, type FieldSchema } from '../../model/schema.ts';

/** What of a live thing can stand in a document. */
export interface Declarable {
  /** In the order of the schema, the key first. */
  readonly fields: ReadonlyMap<string, unknown>;
  /** Why the whole of it cannot, for people; null: it can. */
  readonly refused: string | null;
  /** The fields that cannot, and why: `name: …`. */
  readonly left: readonly string[];
}

/**
 * The fields of a live thing that the document accepts: what their schemas take and the kind's own checks find nothing
 * against. Without its key, or what it cannot be without, nothing of it can be declared.
 */
export function declarable(kind: AnyKind, live: Spec): Declarable {
  const key = keyField(kind);
  const fields = new Map<string, unknown>();
  const left: string[] = [];
  const refuse = (refused: string): Declarable => ({ fields, refused, left });
  const schemas = fieldsOf(kind.schema);
  const needed = (name: string, field?: FieldSchema): boolean =>
    name === key || field?.requiredToCreate === true || (kind.form.shape === 'map' && kind.form.shorthand === name);
  for (const [name, field] of schemas.toSorted(([a], [b]) => Number(b === key) - Number(a === key))) {
    const value = live[name];
    if (value === undefined) continue;
    const why = field.sensitive === true ? null : unaccepted(field, value);
    if (why === null) fields.set(name, value);
    else if (needed(name, field)) return refuse(why);
    else left.push(`\`${name}\`: ${why}`);
  }
  if (!fields.has(key)) return refuse('it has no key that a document could say');
  for (const finding of kind.check?.(Object.fromEntries(fields)) ?? []) {
    if (finding.severity !== 'error') continue;
    const { field, summary } = finding;
    const schema = schemas.find(([name]) => name === field)?.[1];
    if (field === undefined || needed(field, schema)) return refuse(summary);
    fields.delete(field);
    left.push(`\`${field}\`: ${summary}`);
  }
  return { fields, refused: null, left };
}

/** Why the document does not take the value of a field; null: it does. Judged by `type` and `enum`, as kinds use them. */
function unaccepted({ json, refused }: FieldSchema, value: unknown): string | null {
  const known = json['enum'];
  if (Array.isArray(known) && !known.includes(value)) {
    const told = typeof value === 'string' ? refused?.[value] : undefined;
    if (told !== undefined) return [told.summary, told.hint].filter((text) => text !== undefined).join('. ');
    return `${JSON.stringify(value)} is not among ${known.map(String).join(', ')}`;
  }
  const types = [json['type']].flat();
  const type = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  const accepted = types.some((one) => one === undefined || one === type || (type === 'number' && one === 'integer'));
  return accepted ? null : `a document does not hold ${type === 'array' ? 'a list' : type} here`;
}
