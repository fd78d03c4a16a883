import { createHash } from 'node:crypto';

/** What a comment or issue of ours says of itself, in a line that nobody sees. */
export interface Marker {
  readonly of: 'comment' | 'drift';
  /** The document set: {@link setKey}. */
  readonly key: string;
  /** The commit that it tells of; null: it says none (any more). */
  readonly commit: string | null;
}

/** Which document set a run is about: by its name, else by its files and where they are. */
export function setKey(set: {
  readonly name: string | null;
  readonly workingDirectory: string;
  readonly files: readonly string[];
  readonly dialect: string;
}): string {
  const said =
    set.name === null ? ['files', set.workingDirectory, set.dialect, ...[...set.files].sort()] : ['name', set.name];
  return createHash('sha256').update(JSON.stringify(said)).digest('hex').slice(0, 16);
}

export function markerText({ of, key, commit }: Marker): string {
  return `<!-- converge:${of} ${key}${commit === null ? '' : ` commit=${commit}`} -->`;
}

/** The marker of a set in a text, wherever it stands and whatever people have written around it; null: there is none. */
export function markerIn(text: unknown, of: Marker['of'], key: string): Marker | null {
  if (typeof text !== 'string') return null;
  const [found, commit] = new RegExp(`<!-- converge:${of} ${key}(?: commit=([0-9a-f]{7,64}))?\\b`).exec(text) ?? [];
  return found === undefined ? null : { of, key, commit: commit ?? null };
}
