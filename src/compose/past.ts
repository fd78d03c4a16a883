import path from 'node:path';
import { readPast } from '../daemon/history/read-past.ts';
import type { Address } from '../model/address.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Drift } from '../model/drift.ts';
import type { DriftPast } from '../model/drift-past.ts';
import { instantText } from '../model/instant.ts';
import type { Settings } from './contract.ts';
import { judge } from './judge.ts';

/** So far back plots go. */
const SPAN_MS = 30 * 86_400_000;

/** The report with since when, from a daemon's history. One that cannot be read is a warning, and the report is whole without it. */
export async function withPast(
  drift: Drift,
  file: string | null,
  { settings, cwd }: { readonly settings: Pick<Settings, 'suppress' | 'warningsAsErrors'>; readonly cwd: string },
): Promise<{ readonly drift: Drift; readonly past: DriftPast | null }> {
  if (file === null) return { drift, past: null };
  const addresses = drift.items.map(({ address }) => address);
  const read = await readPast(path.resolve(cwd, file), { addresses, since: drift.readAt - SPAN_MS });
  if ('why' in read) {
    const warnings = judge([unreadable(file, read.why)], settings);
    return { drift: { ...drift, diagnostics: [...drift.diagnostics, ...warnings] }, past: null };
  }
  const { past } = read;
  const items = drift.items.map((item) => {
    const at = past.lastEqual.get(item.address);
    return at === undefined ? item : { ...item, since: instantText(at) };
  });
  return { drift: { ...drift, items }, past };
}

/** When one thing was last seen as declared, milliseconds since epoch; null: the history does not know, or (a sentence) cannot be read. */
export async function lastEqualOf(
  address: Address,
  file: string,
  { cwd, now }: { readonly cwd: string; readonly now: number },
): Promise<{ readonly at: number | null; readonly warning: Diagnostic | null }> {
  const read = await readPast(path.resolve(cwd, file), { addresses: [address], since: now });
  if ('why' in read) return { at: null, warning: unreadable(file, read.why) };
  return { at: read.past.lastEqual.get(address) ?? null, warning: null };
}

function unreadable(file: string, why: string): Diagnostic {
  return {
    severity: 'warning',
    code: 'CVG708',
    summary: `the history ${file} cannot be read: ${why}`,
    hint: 'name the file that `watch --history` writes',
  };
}
