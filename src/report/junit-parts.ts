import type { IgnoredThings, Refusal, Unreadable } from '../model/change.ts';
import { sortDiagnostics, type Diagnostic } from '../model/diagnostic.ts';
import { formatPlace } from '../model/place.ts';
import { ended } from './claim.ts';
import { compareText } from './envelope-json.ts';
import type { TestCase, TestSuite } from './junit-xml.ts';

/** Things by what contains them at the top, a suite each, sorted. */
export function suitesOf(cases: readonly { readonly address: string; readonly one: TestCase }[]): readonly TestSuite[] {
  const groups = Map.groupBy(
    [...cases].sort((a, b) => compareText(a.address, b.address)),
    ({ address }) => address.split('/', 1)[0] ?? '',
  );
  return [...groups]
    .sort(([a], [b]) => compareText(a, b))
    .map(([name, members]) => ({ name, cases: members.map(({ one }) => one) }));
}

/** What passed, by address. */
export function passed(addresses: readonly string[]): readonly { readonly address: string; readonly one: TestCase }[] {
  return addresses.map((address) => ({ address, one: { name: address } }));
}

/** What the document ignores and is not compared, or differs, with its reason. */
export function ignoredCases(
  ignored: readonly IgnoredThings[] = [],
): readonly { readonly address: string; readonly one: TestCase }[] {
  const reasons = new Map(
    ignored.flatMap((rule) => {
      const hidden = rule.fields.length === 0 ? rule.things : rule.differing;
      return hidden.map((address) => [address, `ignored until ${rule.expires}: ${rule.reason}`] as const);
    }),
  );
  return [...reasons].map(([address, message]) => ({
    address,
    one: { name: address, problem: { type: 'skipped', rule: 'ignored', message } },
  }));
}

/** Without what is equal only because what differs of it is ignored. */
export function notIgnored(
  addresses: readonly string[],
  { ignored = [] }: { readonly ignored?: readonly IgnoredThings[] },
): readonly string[] {
  const hidden = new Set<string>(ignored.flatMap(({ differing }) => differing));
  return addresses.filter((address) => !hidden.has(address));
}

/** The guards, as one case where all hold. */
export function guardCases(refusals: readonly Refusal[]): readonly TestCase[] {
  if (refusals.length === 0) return [{ name: 'no guard refuses' }];
  return refusals.map(({ rule, addresses, message, override }) => ({
    name: [`guard ${rule}`, ...addresses.slice(0, 1)].join(' '),
    problem: {
      type: 'failure',
      rule: `refused/${rule}`,
      message: ended(message),
      details: [
        ...addresses,
        override === null ? 'Nothing on the command line lifts this.' : `To allow it in one run: ${override}`,
      ],
    },
  }));
}

/** What was read, as one case where all could be. */
export function readingCases(unreadable: readonly Unreadable[]): readonly TestCase[] {
  if (unreadable.length === 0) return [{ name: 'all that was asked for could be read' }];
  return unreadable.map(({ collection, error }) => ({
    name: `reading ${collection}`,
    problem: { type: 'error', rule: 'unreadable', message: `${error.code}: ${error.message}` },
  }));
}

/** Errors, as cases that nothing could be judged in. */
export function errorCases(diagnostics: readonly Diagnostic[]): readonly TestCase[] {
  return sortDiagnostics(diagnostics)
    .filter(({ severity }) => severity === 'error')
    .map(({ code, summary, hint, where, address }) => ({
      name: [
        code,
        ...(where === undefined ? [] : [formatPlace(where)]),
        ...(address === undefined ? [] : [address]),
      ].join(' '),
      problem: {
        type: 'error',
        rule: code,
        message: ended(summary),
        details: [...(where === undefined ? [] : [formatPlace(where)]), ...(hint === undefined ? [] : [hint])],
      },
    }));
}

/** Warnings and notes, which fail nothing. */
export function toldOf(diagnostics: readonly Diagnostic[]): readonly string[] {
  return sortDiagnostics(diagnostics)
    .filter(({ severity }) => severity !== 'error')
    .map(
      ({ severity, code, summary, hint, where }) =>
        `${where === undefined ? '' : `${formatPlace(where)} `}${severity} ${code}: ${ended(summary)}${hint === undefined ? '' : ` ${hint}`}`,
    );
}
