import { instantOf } from '../model/instant.ts';
import { textAt, type Reader } from './reader.ts';
import { show } from './show.ts';
import type { TreeMap } from './tree.ts';

/** The `expires` of a map, in milliseconds since epoch; null where it is missing or no instant, which is told. */
export function readExpiry(reader: Reader, written: TreeMap): number | null {
  const until = textAt(reader, written, 'expires');
  if (until === null) return null;
  const expires = instantOf(until);
  if (!Number.isNaN(expires)) return expires;
  reader.diagnostics.push({
    severity: 'error',
    code: 'CVG202',
    summary: `${show('expires')} is ${show(until)}, which is no date, and no date and time with a zone`,
    hint: 'Write 2026-12-01, or 2026-12-01T18:00:00+01:00.',
    where: reader.keyPlace(written, 'expires'),
  });
  return null;
}

/** Tells of texts that are there and say nothing. */
export function refuseBlank(reader: Reader, written: TreeMap, keys: readonly string[]): void {
  for (const key of keys.filter((one) => textAt(reader, written, one)?.trim() === ''))
    reader.diagnostics.push({
      severity: 'error',
      code: 'CVG202',
      summary: `${show(key)} must not be empty`,
      where: reader.keyPlace(written, key),
    });
}
