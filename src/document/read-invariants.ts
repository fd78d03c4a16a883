import { INVARIANT_RULES, isPairRule, type Condition, type Invariant } from '../model/invariant.ts';
import { keyField, type AnyKind } from '../model/kinds.ts';
import { invariantSubject } from './invariant-schema.ts';
import { refuseBlank } from './read-expiry.ts';
import { readMatch, textOrTexts } from './read-match.ts';
import { textAt, type Reader } from './reader.ts';
import { isList, isMap, type Tree, type TreeMap } from './tree.ts';

/** Reads the `invariants` of a `policy`. One that misses something is an error already, and is left out. */
export function readInvariants(reader: Reader, policy: TreeMap): readonly Omit<Invariant, 'within'>[] {
  const list = reader.get(policy, 'invariants');
  const subject = invariantSubject(reader.kinds);
  if (!isList(list) || subject === null) return [];
  const { member, container } = subject;
  return Array.from(list.keys(), String).flatMap((index): Omit<Invariant, 'within'> | [] => {
    const written = reader.get(list, index);
    if (!isMap(written)) return [];
    const [rule, ...others] = INVARIANT_RULES.filter((name) => Object.hasOwn(written, name));
    if (rule === undefined || others.length > 0) return [];
    const keys = textOrTexts(reader, written, rule);
    checkNames(reader, { keys, member, written, rule });
    const sides = isPairRule(rule)
      ? conditionsAt(reader, written, container)
      : [conditionOf(reader, reader.get(written, 'in'), container)];
    if (keys.length === 0 || sides.length === 0) return [];
    if (Object.hasOwn(written, 'reason')) refuseBlank(reader, written, ['reason']);
    return {
      rule,
      kind: member.name,
      keys,
      sides,
      reason: textAt(reader, written, 'reason'),
      where: reader.keyPlace(written, rule),
    };
  });
}

function conditionsAt(reader: Reader, written: TreeMap, container: AnyKind): readonly Condition[] {
  const list = reader.get(written, 'between');
  if (!isList(list)) return [];
  return Array.from(list.keys(), (index) => conditionOf(reader, reader.get(list, String(index)), container));
}

function conditionOf(reader: Reader, match: Tree | undefined, container: AnyKind): Condition {
  const byKind = Map.groupBy(readMatch(reader, match, container), ({ kind }) => kind);
  return [...byKind].map(([kind, found]) => ({
    kind,
    undeclared: false,
    fields: new Map(found.map(({ field, globs }) => [field, globs])),
  }));
}

/** A name that nothing can have would be required in vain, and forbidden for nothing. */
function checkNames(
  reader: Reader,
  {
    keys,
    member,
    written,
    rule,
  }: { readonly keys: readonly string[]; readonly member: AnyKind; readonly written: TreeMap; readonly rule: string },
): void {
  for (const name of keys.filter((glob) => !glob.includes('*')))
    for (const { field: _field, ...finding } of member.check?.({ [keyField(member)]: name }) ?? [])
      reader.diagnostics.push({ ...finding, where: reader.keyPlace(written, rule) });
}
