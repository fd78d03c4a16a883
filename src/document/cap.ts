import type { Diagnostic } from '../model/diagnostic.ts';

/** More than anyone reads of one file. */
export const MAX_DIAGNOSTICS = 200;

/** At most {@link MAX_DIAGNOSTICS} of each file, errors before warnings, and a last one that counts the rest. Keeps the order. */
export function capped(sorted: readonly Diagnostic[]): readonly Diagnostic[] {
  const byFile = Map.groupBy(sorted, ({ where }) => where?.file);
  if ([...byFile.values()].every((found) => found.length <= MAX_DIAGNOSTICS)) return sorted;
  return [...byFile.values()].flatMap(cappedFile);
}

function cappedFile(found: readonly Diagnostic[]): readonly Diagnostic[] {
  if (found.length <= MAX_DIAGNOSTICS) return found;
  const errors = found.filter(({ severity }) => severity === 'error');
  const others = found.filter(({ severity }) => severity !== 'error');
  const kept = new Set([...errors, ...others].slice(0, MAX_DIAGNOSTICS));
  const first = found.find((diagnostic) => !kept.has(diagnostic));
  if (first === undefined) return found;
  const { severity, code, where } = first;
  const summary = `and ${found.length - kept.size} more in this file`;
  const rest: Diagnostic = { severity, code, summary, ...(where !== undefined && { where }) };
  return [...found.filter((diagnostic) => kept.has(diagnostic)), rest];
}
