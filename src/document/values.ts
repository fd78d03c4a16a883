import { looksLikeCredential } from '../model/credential.ts';
import type { FieldSchema } from '../model/schema.ts';
import { Secret } from '../model/secret.ts';
import type { SourceRef } from '../model/source.ts';
import { flagAt, textAt, textsAt, type Reader } from './reader.ts';
import { showKey } from './show.ts';
import { isMap, type Container, type Tree, type TreeMap } from './tree.ts';
import { readsAsInYaml11 } from './yaml-1-1.ts';

/** A value as one of its written forms says it (rules 12 and 14). */
export interface ReadValue {
  /** The value itself; undefined when a source gives it, it is absent, or it could not be read. */
  readonly literal: unknown;
  readonly source: SourceRef | null;
  readonly absent: boolean;
  readonly visible: boolean | null;
}

/** Document value → spec value: what the field's `read` makes of it, and never a bare string where it is sensitive. */
export function readField(field: FieldSchema, written: unknown): unknown {
  const value: unknown = field.read === undefined ? written : field.read(written as never);
  return field.sensitive === true && typeof value === 'string' ? new Secret(value) : value;
}

/** Reads the value of the member `key` of a `sourced` map; null where it has no acceptable form. */
export function readSourcedValue(
  reader: Reader,
  { map, key, field }: { readonly map: TreeMap; readonly key: string; readonly field: FieldSchema },
): ReadValue | null {
  const written = reader.get(map, key);
  const value = { literal: undefined, source: null, absent: false, visible: null };
  if (typeof written === 'string') {
    return { ...value, literal: readLiteral(reader, { written, container: map, key, name: key, field }) };
  }
  if (!isMap(written)) return null;
  const visible = flagAt(reader, written, 'visible');
  if (reader.get(written, 'absent') === true) return { ...value, absent: true, visible };
  const literal = textAt(reader, written, 'value');
  if (literal !== null) {
    const said = { written: literal, container: written, key: 'value', name: key, field };
    return { ...value, literal: readLiteral(reader, said), visible };
  }
  const source = readSource(reader, written, { map, key });
  return source === null ? null : { ...value, source, visible };
}

function readSource(
  reader: Reader,
  written: TreeMap,
  asked: { readonly map: TreeMap; readonly key: string },
): SourceRef | null {
  const where = reader.keyPlace(asked.map, asked.key);
  const allowEmpty = flagAt(reader, written, 'allowEmpty') ?? false;
  const name = textAt(reader, written, 'fromEnv');
  if (name !== null) return { from: 'env', name, where, allowEmpty };
  const rest = { where, allowEmpty, keepNewline: flagAt(reader, written, 'keepNewline') ?? false };
  const file = textAt(reader, written, 'fromFile');
  if (file !== null) return { from: 'file', path: file, ...rest };
  const argv = textsAt(reader, written, 'fromCommand');
  if (argv !== null) return { from: 'command', argv, ...rest };
  const sops = textAt(reader, written, 'fromSops');
  const inside = textAt(reader, written, 'key');
  return sops === null || inside === null ? null : { from: 'sops', path: sops, key: inside, ...rest };
}

/** Warns of what a literal is likely to be by mistake; the messages name the variable and never show the value. */
function readLiteral(
  reader: Reader,
  said: {
    readonly written: string;
    readonly container: Container;
    readonly key: string;
    readonly name: string;
    readonly field: FieldSchema;
  },
): unknown {
  const { written, container, key, name, field } = said;
  const where = reader.keyPlace(container, key);
  const plain = reader.plainText(container, key);
  const other = plain === null ? null : readsAsInYaml11(plain);
  if (other !== null) {
    reader.diagnostics.push({
      severity: 'warning',
      code: 'CVG310',
      summary: `${showKey(name)} is text here, and ${other} to tools that read YAML 1.1`,
      hint: 'Put the value in quotes.',
      where,
    });
  }
  if (field.sensitive === true && looksLikeCredential(name, written)) {
    reader.diagnostics.push({
      severity: 'warning',
      code: 'CVG309',
      summary: `the value of ${showKey(name)} looks like a credential, written where everyone who reads this file sees it`,
      hint: `Take it from the environment, { fromEnv: NAME }, or from a file, { fromFile: PATH }.`,
      where,
    });
  }
  return readField(field, written);
}

/** Reads one value of a map without sources: the shorthand, or a map of fields. */
export function longForm(written: Tree | undefined, shorthand: string): TreeMap | null {
  if (written === undefined) return null;
  return isMap(written) ? written : { [shorthand]: written };
}
