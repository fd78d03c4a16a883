import type { Diagnostic } from '../model/diagnostic.ts';
import type { IgnoreRule } from '../model/ignore-rule.ts';
import { instantText } from '../model/instant.ts';
import { keyField, type AnyKind } from '../model/kinds.ts';
import type { DesiredState, PolicyGlobs } from '../model/resource.ts';
import { fieldsOf } from '../model/schema.ts';
import { unmatchableGlob } from './address-globs.ts';
import { readExpiry, refuseBlank } from './read-expiry.ts';
import { textAt, textsAt, type Reader } from './reader.ts';
import { didYouMean, show } from './show.ts';
import { isList, isMap, type TreeMap } from './tree.ts';

/** Reads the items of a `policy.ignore` that are more than a glob. One that misses something is an error already, and is left out. */
export function readIgnoreRules(reader: Reader, policy: TreeMap): readonly Omit<IgnoreRule, 'within'>[] {
  const list = reader.get(policy, 'ignore');
  if (!isList(list)) return [];
  return Array.from(list.keys(), String).flatMap((index): Omit<IgnoreRule, 'within'> | [] => {
    const written = reader.get(list, index);
    if (!isMap(written)) return [];
    const address = textAt(reader, written, 'address');
    const reason = textAt(reader, written, 'reason');
    if (address === null || reason === null) return [];
    const where = reader.keyPlace(written, 'address');
    const unmatchable = unmatchableGlob(address, reader.kinds, where);
    if (unmatchable !== null) reader.diagnostics.push(unmatchable);
    refuseBlank(reader, written, ['reason']);
    const expires = readExpiry(reader, written);
    const fields = textsAt(reader, written, 'fields') ?? [];
    const unknown = fields.filter((field) => !fieldNames(reader.kinds).includes(field));
    for (const field of unknown) reader.diagnostics.push(unknownField(reader, written, field));
    return expires === null || unknown.length > 0 ? [] : { address, fields, reason, expires, where };
  });
}

/** A key is what a thing is found by: it is the same on both sides, or there are two things. */
function fieldNames(kinds: readonly AnyKind[]): readonly string[] {
  return kinds.flatMap((kind) =>
    fieldsOf(kind.schema)
      .map(([name]) => name)
      .filter((name) => name !== keyField(kind)),
  );
}

function unknownField(reader: Reader, written: TreeMap, field: string): Diagnostic {
  const hint = didYouMean(field, fieldNames(reader.kinds));
  return {
    severity: 'error',
    code: 'CVG202',
    summary: `nothing has a field ${show(field)} that could be ignored`,
    ...(hint === null ? {} : { hint }),
    where: reader.keyPlace(written, 'fields'),
  };
}

/** What is to be said of the rules now: those that are over hold nothing. */
export function ignoreFindings({ ignores = [] }: Pick<DesiredState, 'ignores'>, now: number): readonly Diagnostic[] {
  return ignores
    .filter(({ expires }) => expires <= now)
    .map(({ address, expires, reason, where }) => ({
      severity: 'warning',
      code: 'CVG523',
      summary: `the rule that ignores ${show(address)} (${reason}) expired at ${instantText(expires)} and hides nothing`,
      hint: 'Remove it, or renew it if it is still true.',
      where,
    }));
}

/** The state with only the rules that are in force; those of whole things act as plain globs do. */
export function withRulesInForce<State extends Pick<DesiredState, 'ignores' | 'policies'>>(
  desired: State,
  now: number,
): State {
  const ignores = (desired.ignores ?? []).filter(({ expires }) => expires > now);
  const whole = ignores
    .filter(({ fields }) => fields.length === 0)
    .map(({ within, address }): PolicyGlobs => ({ within, protect: [], unprotect: [], ignore: [address] }));
  return { ...desired, ignores, policies: [...desired.policies, ...whole] };
}
