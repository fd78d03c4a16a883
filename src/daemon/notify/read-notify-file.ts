import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { isNode, LineCounter, parseDocument, type Document } from 'yaml';
import { NOTIFY_SCHEMA, USUAL_PER_MINUTE, USUAL_RULES, type Rule } from './notify-schema.ts';

/** Where a secret is. */
export type SecretPlace = { readonly env: string } | { readonly file: string };

export interface TargetOptions {
  readonly name: string;
  readonly type: 'webhook' | 'slack';
  readonly urlFrom: SecretPlace;
  /** Null: messages are not signed. */
  readonly secretFrom: SecretPlace | null;
  readonly rules: ReadonlySet<Rule>;
  /** Null: everything. */
  readonly addresses: readonly string[] | null;
  readonly perMinute: number;
  readonly plainHttp: boolean;
}

/** The targets, or what is wrong, one line each as `FILE:LINE:COLUMN: …`. */
export type NotifyFile = { readonly targets: readonly TargetOptions[] } | { readonly problems: readonly string[] };

const MOST_PROBLEMS = 20;

/** Reads the text of a `--notify` file: YAML, or JSON, which is YAML. */
export function readNotifyFile(text: string, file: string): NotifyFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, version: '1.2', uniqueKeys: true, prettyErrors: false });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${Math.max(1, line)}:${Math.max(1, col)}`;
  };
  const broken = [...document.errors, ...document.warnings];
  if (broken.length > 0)
    return {
      problems: broken.slice(0, MOST_PROBLEMS).map(({ pos, code }) => `${at(pos[0])}: not valid YAML (${code})`),
    };
  const value: unknown = valueOf(document);
  if (value === undefined) return { problems: [`${at(0)}: aliases repeat too much`] };
  const validate = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, verbose: true }).compile(
    NOTIFY_SCHEMA,
  );
  const problems = validate(value)
    ? doubled(value as Written)
    : (validate.errors ?? []).flatMap((error) => explained(error));
  if (problems.length > 0)
    return {
      problems: problems.slice(0, MOST_PROBLEMS).map(({ path, says }) => `${at(offsetOf(document, path))}: ${says}`),
    };
  return { targets: (value as Written).targets.map(targetOf) };
}

interface Written {
  readonly targets: readonly {
    readonly name: string;
    readonly type: 'webhook' | 'slack';
    readonly urlFrom: SecretPlace;
    readonly secretFrom?: SecretPlace;
    readonly rules?: readonly Rule[];
    readonly addresses?: readonly string[];
    readonly perMinute?: number;
    readonly plainHttp?: boolean;
  }[];
}

function targetOf(written: Written['targets'][number]): TargetOptions {
  return {
    name: written.name,
    type: written.type,
    urlFrom: written.urlFrom,
    secretFrom: written.secretFrom ?? null,
    rules: new Set(written.rules ?? USUAL_RULES),
    addresses: written.addresses ?? null,
    perMinute: written.perMinute ?? USUAL_PER_MINUTE,
    plainHttp: written.plainHttp ?? false,
  };
}

interface Problem {
  readonly path: readonly (string | number)[];
  readonly says: string;
}

function doubled({ targets }: Written): readonly Problem[] {
  const names = targets.map(({ name }) => name);
  return names.flatMap((name, index) =>
    names.indexOf(name) === index
      ? []
      : [{ path: ['targets', index, 'name'], says: `two targets are called ${name}: names are unique` }],
  );
}

/** Never what was written: somebody may have put the URL itself there. */
function explained({ keyword, instancePath, params, parentSchema, message }: ErrorObject): readonly Problem[] {
  const path = instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  const name = path.findLast((part) => typeof part === 'string') ?? 'the file';
  const given = params as Readonly<Record<string, unknown>>;
  switch (keyword) {
    case 'if':
      return [];
    case 'additionalProperties': {
      const key = String(given['additionalProperty']);
      const hint = key === 'url' || key === 'secret' ? `; write ${key}From: { env: NAME } or { file: PATH }` : '';
      const known = Object.keys((parentSchema?.['properties'] as object | undefined) ?? {});
      return [
        { path: [...path, key], says: `unknown key${hint === '' ? `; expected one of ${known.join(', ')}` : hint}` },
      ];
    }
    case 'required':
      return [{ path, says: `${String(given['missingProperty'])} is missing` }];
    case 'enum':
      return [{ path, says: `${name}: expected one of ${(given['allowedValues'] as readonly string[]).join(', ')}` }];
    case 'const':
      return [{ path, says: `${name}: expected ${JSON.stringify(given['allowedValue'])}` }];
    case 'pattern':
      return [{ path, says: `${name}: ${String(parentSchema?.['description'] ?? 'another form is expected')}` }];
    default:
      return [{ path, says: `${name} ${message ?? 'is wrong'}` }];
  }
}

function offsetOf(document: Document, path: readonly (string | number)[]): number {
  for (let length = path.length; length >= 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range !== null && node.range !== undefined) return node.range[0];
  }
  return 0;
}

function valueOf(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 50 }) as unknown;
  } catch {
    return undefined;
  }
}
