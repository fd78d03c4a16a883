import type { Change, Plan } from '../model/change.ts';
import { formatPlace } from '../model/place.ts';
import { labelOf, reasonText } from './change-text.ts';
import { junitXml, type TestCase } from './junit-xml.ts';
import {
  errorCases,
  guardCases,
  ignoredCases,
  notIgnored,
  passed,
  readingCases,
  suitesOf,
  toldOf,
} from './junit-parts.ts';
import { fieldText } from './value-text.ts';

/**
 * A plan as a JUnit report: what would change fails, the rest passes. `unchanged`: its addresses; null where only their number
 * is known, as of a saved plan. `command` names the first suite.
 */
export function planJunit(
  plan: Plan,
  about: {
    readonly command: string;
    readonly createdAt: string;
    readonly unchanged: readonly string[] | null;
    readonly refusals?: readonly Plan['refusals'][number][];
  },
): string {
  const { command, unchanged, refusals = plan.refusals } = about;
  const first = {
    name: command,
    cases: [
      ...errorCases(plan.diagnostics),
      ...guardCases(refusals),
      ...readingCases(plan.unreadable),
      ...(unchanged === null ? [{ name: `${String(plan.summary['no-op'])} unchanged` }] : []),
    ],
    told: toldOf(plan.diagnostics),
  };
  const held = (plan.paused ?? []).flatMap(({ held: addresses, owner, reason, expires }) =>
    addresses.map((address) => ({
      address,
      one: {
        name: address,
        problem: { type: 'skipped', rule: 'paused', message: `paused until ${expires} (${owner}: ${reason})` },
      } as const,
    })),
  );
  const cases = [
    ...plan.changes.map((change) => ({ address: change.address, one: changeCase(change) })),
    ...held,
    ...ignoredCases(plan.ignored),
    ...passed(notIgnored(unchanged ?? [], plan)),
  ];
  return junitXml([first, ...suitesOf(cases)], about);
}

function changeCase(change: Change): TestCase {
  const { address, action, reason, selector, fields, takes, where } = change;
  const why = [reasonText(reason), selector === null ? '' : `selector ${selector}`].filter((part) => part !== '');
  const [, verb = ''] = / (.*)$/.exec(labelOf(action)) ?? [];
  return {
    name: address,
    problem: {
      type: 'failure',
      rule: `change/${action}`,
      message: [`to ${verb}`, ...why].join('; '),
      details: [
        ...(where === null ? [] : [formatPlace(where)]),
        ...fields.map((field) => `${field.field}: ${fieldText(change, field)}`),
        ...takes.map((taken) => `takes ${taken}`),
      ],
    },
  };
}
