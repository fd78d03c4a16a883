import type { ErrorObject } from 'ajv/dist/2020.js';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { AnyKind } from '../model/kinds.ts';
import type { JsonSchema } from '../model/schema.ts';
import { explainError } from './explain-errors.ts';
import type { Positions } from './positions.ts';
import type { ShapeError } from './shape-error.ts';
import { isSchema, referenceOf, shapesOf, type Shape, type Shapes } from './shapes.ts';
import { isContainer, isList, isMap, valueAt, type Container, type TreeMap } from './tree.ts';

/** What validation found in one document. */
export interface Validation {
  readonly diagnostics: readonly Diagnostic[];
  /** False for a member that does not have the shape it should, and that nothing may be read from. */
  readonly accepts: (container: Container, key: string) => boolean;
}

export type Validate = (root: TreeMap, positions: Positions) => Validation;

/** Far more than is shown; a list of a million wrong items is not worth a million sentences. */
const MAX_EXPLAINED = 10_000;

/** Compiles the schema once; takes about 70 ms. */
export function shapeValidator(kinds: readonly AnyKind[]): Validate {
  const shapes = shapesOf(kinds);
  return (root, positions) => {
    const diagnostics: Diagnostic[] = [];
    const rejected = new WeakMap<Container, Set<string>>();
    visit(shapes.root, { value: root, holder: root, last: null, above: null }, shapes, (error) => {
      const reject = rejectedBy(error);
      if (reject !== null) rejected.set(reject[0], (rejected.get(reject[0]) ?? new Set()).add(reject[1]));
      if (diagnostics.length >= MAX_EXPLAINED || isSaid(error, positions)) return;
      const diagnostic = explainError(error, { kinds, positions });
      if (diagnostic !== null) diagnostics.push(diagnostic);
    });
    return { diagnostics, accepts: (container, key) => rejected.get(container)?.has(key) !== true };
  };
}

/** What was wrong was said while reading YAML, and this only follows from it. */
function isSaid({ error, holder, last, value, key }: ShapeError, positions: Positions): boolean {
  if (error.keyword === 'required' && isContainer(value) && positions.isIncomplete(value)) return true;
  if (key !== null) return false;
  return last !== null && positions.isReported(holder, last);
}

/** A value of the document and where it stands. */
type Subject = Pick<ShapeError, 'value' | 'holder' | 'last' | 'above'>;

/** Checks the subject against one shape, and what it holds against the shapes that this one refers to. */
function visit(shape: Shape, subject: Subject, shapes: Shapes, report: (error: ShapeError) => void): void {
  if (!shape.check(subject.value)) {
    for (const error of decisive(shape.check.errors ?? [])) report(locate(error, subject, shape));
  }
  descend(shape.schema, subject, (name, inner) => visit(shapes.named(name), inner, shapes, report));
}

/** Finds the values inside that the schema describes by reference. As deep as the schema, not as the document. */
function descend(schema: unknown, subject: Subject, found: (name: string, subject: Subject) => void): void {
  const name = referenceOf(schema);
  if (name !== null) return found(name, subject);
  const { value, last } = subject;
  if (!isSchema(schema) || !isContainer(value)) return;
  for (const key of Object.keys(value)) {
    const member = memberSchema(schema, value, key);
    const inside = valueAt(value, key);
    if (member !== undefined && inside !== undefined) {
      descend(member, { value: inside, holder: value, last: key, above: last }, found);
    }
  }
}

function memberSchema(schema: JsonSchema, container: Container, key: string): unknown {
  if (isList(container)) return schema['items'];
  const { properties } = schema;
  return isSchema(properties) && Object.hasOwn(properties, key) ? properties[key] : schema['additionalProperties'];
}

/** Leaves one error per mistake: branches of a union are not told apart, and a wrong type explains all else. */
function decisive(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const own = errors.filter((error) => !/\/(?:oneOf|anyOf)\/\d+\//.test(`${error.schemaPath}/`));
  const wrongType = new Set(own.filter((error) => error.keyword === 'type').map((error) => error.instancePath));
  const unknownKey = new Set(
    own.filter((error) => error.keyword === 'additionalProperties').map((error) => error.instancePath),
  );
  return own.filter((error) => {
    if (error.keyword === 'type') return true;
    if (wrongType.has(error.instancePath)) return false;
    if (error.keyword === 'propertyNames') return false;
    return !(error.keyword === 'oneOf' && unknownKey.has(error.instancePath));
  });
}

/** Finds what the error is about, inside the subject; the validator's paths always lead somewhere. */
function locate(error: ErrorObject, subject: Subject, { part, name }: Shape): ShapeError {
  let { value, holder, last, above } = subject;
  for (const segment of error.instancePath.split('/').slice(1)) {
    if (!isContainer(value)) break;
    above = last;
    holder = value;
    last = segment.replaceAll('~1', '/').replaceAll('~0', '~');
    value = valueAt(value, last) ?? null;
  }
  return {
    error,
    value,
    holder,
    last,
    above,
    key: keyOf(error),
    ...(error.instancePath === '' ? { part, of: name } : { part: null, of: null }),
  };
}

/** The key of the subject that the error is about, where it is about one. */
function keyOf(error: ErrorObject): string | null {
  switch (error.keyword) {
    case 'additionalProperties':
      return String(error.params['additionalProperty']);
    case 'required':
      return String(error.params['missingProperty']);
    default:
      return error.propertyName ?? null;
  }
}

/** What must not be read because of the error. */
function rejectedBy({ holder, last, value, key }: ShapeError): readonly [Container, string] | null {
  if (key !== null && isMap(value)) return [value, key];
  return last === null ? null : [holder, last];
}
