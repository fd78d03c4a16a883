import type { AnyKind } from '../model/kinds.ts';
import { didYouMean, show } from './show.ts';
import { textsAt, type Reader } from './reader.ts';
import type { Policy } from './state-document.ts';
import { isList, isMap, type TreeMap } from './tree.ts';

/** Reads the `policy` of the document or of an entry; null where none is written. */
export function readPolicy(reader: Reader, container: TreeMap): Policy | null {
  const policy = reader.get(container, 'policy');
  if (!isMap(policy)) return null;
  const percent = reader.get(policy, 'maxDeletePercent');
  for (const list of ['protect', 'unprotect', 'ignore']) checkGlobs(reader, policy, list);
  return {
    where: reader.keyPlace(container, 'policy'),
    prune: textsAt(reader, policy, 'prune'),
    maxDeletePercent: typeof percent === 'number' ? percent : null,
    protect: textsAt(reader, policy, 'protect') ?? [],
    unprotect: textsAt(reader, policy, 'unprotect') ?? [],
    ignore: textsAt(reader, policy, 'ignore') ?? [],
    visible: textsAt(reader, policy, 'visible') ?? [],
  };
}

/** Warns of address globs that no address can match: protection that protects nothing must not look like protection. */
function checkGlobs(reader: Reader, policy: TreeMap, list: string): void {
  const globs = reader.get(policy, list);
  if (!isList(globs)) return;
  const names = reader.kinds.map((kind) => kind.name);
  for (const [index, glob] of globs.entries()) {
    if (typeof glob !== 'string') continue;
    const wrong = unknownKind(glob, reader.kinds);
    if (wrong === null) continue;
    const where = reader.keyPlace(globs, String(index));
    const summary = `the glob ${show(glob)} matches no address: ${show(wrong)} is not a kind`;
    const hint = didYouMean(wrong, names) ?? 'Addresses look like `kind:key/kind:key`.';
    reader.diagnostics.push({ severity: 'warning', code: 'CVG202', summary, hint, where });
  }
}

/** The first segment's kind that is spelt out and is not one. */
function unknownKind(glob: string, kinds: readonly AnyKind[]): string | null {
  for (const segment of glob.split('/')) {
    const kind = segment.split(':', 1)[0] ?? '';
    if (!kind.includes('*') && !kinds.some(({ name }) => name === kind)) return kind;
  }
  return null;
}
