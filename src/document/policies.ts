import { unmatchableGlob } from './address-globs.ts';
import { readIgnoreRules } from './read-ignore-rules.ts';
import { readInvariants } from './read-invariants.ts';
import { readWindows } from './read-windows.ts';
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
    ignoreRules: readIgnoreRules(reader, policy),
    visible: textsAt(reader, policy, 'visible') ?? [],
    windows: readWindows(reader, policy),
    invariants: readInvariants(reader, policy),
  };
}

/** Warns of address globs that no address can match: protection that protects nothing must not look like protection. */
function checkGlobs(reader: Reader, policy: TreeMap, list: string): void {
  const globs = reader.get(policy, list);
  if (!isList(globs)) return;
  for (const [index, glob] of globs.entries()) {
    if (typeof glob !== 'string') continue;
    const unmatchable = unmatchableGlob(glob, reader.kinds, reader.keyPlace(globs, String(index)));
    if (unmatchable !== null) reader.diagnostics.push(unmatchable);
  }
}
