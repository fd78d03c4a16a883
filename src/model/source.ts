import type { Diagnostic } from './diagnostic.ts';
import type { Place } from './place.ts';
import type { Secret } from './secret.ts';

/** Where a value comes from when the document does not say it (rule 14). `from` is the vocabulary of src/sources/. */
export type SourceRef = {
  /** The line that asks for it. */
  readonly where: Place;
  /** An empty value is accepted (rule 15). */
  readonly allowEmpty: boolean;
} & (
  | { readonly from: 'env'; readonly name: string }
  /** `path` as written, relative to the folder of `where.file`. */
  | { readonly from: 'file'; readonly path: string; readonly keepNewline: boolean }
  /** What a program prints, started without a shell in the folder of `where.file`. `argv` has one word at least. */
  | { readonly from: 'command'; readonly argv: readonly string[]; readonly keepNewline: boolean }
  /** One text of a SOPS file. `key` leads there: names of maps and numbers of lists, with dots between. */
  | { readonly from: 'sops'; readonly path: string; readonly key: string; readonly keepNewline: boolean }
  /** A dotenv file: many values at once. A missing `optional` one is empty. */
  | { readonly from: 'dotenv'; readonly path: string; readonly optional: boolean }
  /** The names at the top of a SOPS file: many values at once. A missing `optional` one is empty. */
  | { readonly from: 'sops-map'; readonly path: string; readonly optional: boolean }
);

/** A source of many values: which variables there are, only it knows. */
export type BulkRef = SourceRef & { readonly from: 'dotenv' | 'sops-map' };

/** Equal for references that read the same thing the same way: each is resolved once. */
export type SourceId = string;

export function sourceId(ref: SourceRef): SourceId {
  const { where, ...rest } = ref;
  return JSON.stringify([folderOf(where.file), ...Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** What a source gave: one value, many, or why not. */
export type Resolved =
  | { readonly type: 'value'; readonly value: Secret }
  | {
      readonly type: 'values';
      readonly values: readonly { readonly name: string; readonly value: Secret; readonly where: Place }[];
    }
  | { readonly type: 'unresolved'; readonly diagnostic: Diagnostic };

/** All sources of a document set, resolved before anything else happens (rule 15). Null stands for "offline": resolve none. */
export type Resolution = ReadonlyMap<SourceId, Resolved>;

/** For people: `fromEnv STRIPE_KEY`, `fromFile ./key.pem`. Of a command its program only: arguments may be secret. */
export function describeSource(ref: SourceRef): string {
  switch (ref.from) {
    case 'env':
      return `fromEnv ${ref.name}`;
    case 'file':
      return `fromFile ${ref.path}`;
    case 'command':
      return `fromCommand ${ref.argv[0] ?? ''}`;
    case 'sops':
      return `fromSops ${ref.path}, key ${ref.key}`;
    case 'dotenv':
      return `envFrom file ${ref.path}`;
    case 'sops-map':
      return `envFrom sops ${ref.path}`;
    default:
      return ref satisfies never;
  }
}

function folderOf(file: string): string {
  const slash = file.lastIndexOf('/');
  return slash === -1 ? '.' : file.slice(0, slash);
}
