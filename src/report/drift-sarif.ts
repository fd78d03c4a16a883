import type { IgnoredThings } from '../model/change.ts';
import type { Drift, DriftItem, Severity } from '../model/drift.ts';
import { diagnosticClaims, unreadableClaims, type Claim } from './claim.ts';
import { whoText } from './drift-words.ts';
import { sarifLog, type SarifAbout } from './sarif-log.ts';

/** What drifted as SARIF results, each on the line that declares it. No value is in it. */
export function driftSarif(drift: Drift, about: SarifAbout) {
  const claims = [
    ...drift.items.map(itemClaim),
    ...(drift.ignored ?? []).flatMap(ignoredClaims),
    ...diagnosticClaims(drift.diagnostics),
    ...unreadableClaims(drift.unreadable),
  ];
  return sarifLog(claims, about);
}

function itemClaim(item: DriftItem): Claim {
  const { address, moved, fields, severity, where, by } = item;
  const what = moved === 'changed' ? `${fields.join(', ')} changed` : `it is ${moved}`;
  return {
    rule: `drift/${moved}`,
    level: LEVELS[severity],
    message: `${address}: ${what} on the live side (${whoText(item)}).`,
    where,
    address,
    facts: { moved, fields: [...fields], severity, ...(by === undefined ? {} : { by: { ...by } }) },
  };
}

/** What differs and is accepted, on the line of the rule that accepts it. */
function ignoredClaims(rule: IgnoredThings): readonly Claim[] {
  return rule.differing.map((address) => ({
    rule: 'drift/changed',
    level: 'note',
    message: `${address}: ${rule.fields.join(', ')} may differ, as the document says.`,
    where: rule.where,
    address,
    about: 'ignored',
    accepted: `${rule.reason} (until ${rule.expires})`,
  }));
}

const LEVELS: Readonly<Record<Severity, Claim['level']>> = { high: 'error', medium: 'warning', low: 'note' };
