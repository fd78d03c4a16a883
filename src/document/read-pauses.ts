import type { Diagnostic } from '../model/diagnostic.ts';
import { instantText } from '../model/instant.ts';
import { isActive, LONGEST_PAUSE_MS, type Pause } from '../model/pause.ts';
import { unmatchableGlob } from './address-globs.ts';
import { readExpiry, refuseBlank } from './read-expiry.ts';
import { textAt, type Reader } from './reader.ts';
import { show } from './show.ts';
import { isList, isMap, type TreeMap } from './tree.ts';

/** Reads the `pauses` of a document. One that misses something is an error already, and is left out. */
export function readPauses(reader: Reader, root: TreeMap): readonly Pause[] {
  const list = reader.get(root, 'pauses');
  if (!isList(list)) return [];
  return Array.from(list.keys(), String).flatMap((index): Pause | [] => {
    const written = reader.get(list, index);
    if (!isMap(written)) return [];
    const address = textAt(reader, written, 'address');
    const owner = textAt(reader, written, 'owner');
    const reason = textAt(reader, written, 'reason');
    if (address === null || owner === null || reason === null) return [];
    const where = reader.keyPlace(written, 'address');
    const unmatchable = unmatchableGlob(address, reader.kinds, where);
    if (unmatchable !== null) reader.diagnostics.push(unmatchable);
    refuseBlank(reader, written, ['owner', 'reason']);
    const expires = readExpiry(reader, written);
    if (expires === null) return [];
    return { address, owner, reason, expires, where };
  });
}

/** What is to be said of pauses now: one that reaches too far is an error, one that is over a warning. */
export function pauseFindings(pauses: readonly Pause[], now: number): readonly Diagnostic[] {
  return pauses.flatMap((pause): Diagnostic | [] => {
    const { address, expires } = pause;
    const where = pause.where === null ? {} : { where: pause.where };
    if (expires > now + LONGEST_PAUSE_MS)
      return {
        severity: 'error',
        code: 'CVG304',
        summary: `the pause of ${show(address)} lasts until ${instantText(expires)}, and 30 days from now are the most`,
        hint: 'Let it expire earlier; it can be renewed. What nobody is to change for longer is not for this document: `policy.ignore`.',
        ...where,
      };
    if (isActive(pause, now)) return [];
    return {
      severity: 'warning',
      code: 'CVG519',
      summary: `the pause of ${show(address)} expired at ${instantText(expires)} and holds nothing`,
      hint: 'Remove it.',
      ...where,
    };
  });
}
