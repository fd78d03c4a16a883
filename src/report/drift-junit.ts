import type { Drift, DriftItem } from '../model/drift.ts';
import { formatPlace } from '../model/place.ts';
import { whoText } from './drift-words.ts';
import { junitXml, type TestCase } from './junit-xml.ts';
import { errorCases, ignoredCases, notIgnored, passed, readingCases, suitesOf, toldOf } from './junit-parts.ts';

/** What drifted fails, what is as declared passes, what could not be read is an error. No value is in it. */
export function driftJunit(drift: Drift, about: { readonly createdAt: string }): string {
  const first = {
    name: 'drift',
    cases: [...errorCases(drift.diagnostics), ...readingCases(drift.unreadable)],
    told: toldOf(drift.diagnostics),
  };
  const cases = [
    ...drift.items.map((item) => ({ address: item.address, one: itemCase(item) })),
    ...ignoredCases(drift.ignored),
    ...passed(notIgnored(drift.asDeclared, drift)),
  ];
  return junitXml([first, ...suitesOf(cases)], about);
}

function itemCase(item: DriftItem): TestCase {
  const { address, moved, fields, severity, where } = item;
  return {
    name: address,
    problem: {
      type: 'failure',
      rule: `drift/${moved}`,
      message: [[moved, ...fields.slice(0, 1)].join(' '), ...fields.slice(1)].join(', '),
      details: [...(where === null ? [] : [formatPlace(where)]), `severity ${severity}`, whoText(item)],
    },
  };
}
