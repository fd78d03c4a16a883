import { expect, test } from 'vitest';
import type { RunEvent } from '../../src/model/event.ts';
import { eventLine } from '../../src/report/event-line.ts';
import { at, LARGE, PARTLY } from './examples.ts';

const PRODUCTION = 'project:shop/deployment:production';

const CASES: readonly (readonly [RunEvent, string | null])[] = [
  [{ type: 'observing', purpose: 'plan' }, 'reading live state'],
  [{ type: 'observing', purpose: 'proof' }, 'reading again, to prove the result'],
  [{ type: 'listed', kind: 'project', members: 3 }, null],
  [{ type: 'planned', plan: LARGE }, null],
  [{ type: 'change-started', addresses: [at('project:shop')] }, null],
  [
    { type: 'draining', signal: 'SIGINT' },
    'SIGINT: finishing what is in flight, starting nothing more; a second signal gives up',
  ],
  [{ type: 'request', method: 'GET', host: 'h', path: '/', status: 200, ms: 1, attempt: 1 }, null],
];

test.each(CASES)('$0.type is one line or none', (event, line) => {
  expect(eventLine(event)).toBe(line);
});

test('finished changes say what became of them', () => {
  expect(PARTLY.outcomes.map((outcome) => eventLine({ type: 'change-finished', outcome }))).toEqual([
    'failed: create project:blog (quota: the team has as many projects as its plan allows)',
    'blocked: create project:blog/deployment:main (project:blog failed)',
    'succeeded: update project:shop',
    `succeeded: update ${PRODUCTION}/env-var:FEATURE_X`,
    `uncertain: delete ${PRODUCTION}/env-var:OLD_FLAG (timeout: no whole reply within 30 s)`,
    `cancelled: create ${PRODUCTION}/env-var:STRIPE_KEY (interrupted)`,
  ]);
});
