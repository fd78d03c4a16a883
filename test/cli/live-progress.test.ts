import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { liveProgress } from '../../src/cli/live-progress.ts';
import { plainProgress } from '../../src/cli/progress.ts';
import type { Address } from '../../src/model/address.ts';
import type { Plan } from '../../src/model/change.ts';
import type { RunEvent } from '../../src/model/event.ts';
import { fakeIo } from './support/fake-io.ts';

const addresses = ['a:1/b:1/c:1', 'a:1/b:1/c:2', 'a:2'] as Address[];
const RUN: readonly RunEvent[] = [
  { type: 'observing', purpose: 'plan' },
  { type: 'listed', kind: 'a', members: 1 },
  { type: 'listed', kind: 'a', members: 1 },
  {
    type: 'planned',
    plan: { changes: addresses.map((address) => ({ address })), refusals: [], unreadable: [] } as unknown as Plan,
  },
  ...addresses.flatMap((address): readonly RunEvent[] => [
    { type: 'change-started', addresses: [address] },
    {
      type: 'change-finished',
      outcome:
        address === 'a:2'
          ? {
              address,
              action: 'create',
              status: 'failed',
              attempts: 1,
              error: { code: 'forbidden', message: 'not yours' },
            }
          : { address, action: 'create', status: 'succeeded', attempts: 1 },
    },
  ]),
  { type: 'observing', purpose: 'proof' },
];

test('a terminal ends up with one line for each phase and group', async () => {
  const io = fakeIo({ terminal: true });
  const progress = liveProgress(io.stderr as unknown as NodeJS.WriteStream, { color: false, width: 80, live: true });
  for (const event of RUN) progress.onEvent(event);
  await progress.settle();
  const lines = stripVTControlCharacters(io.err()).split(/\r?\n/);
  expect(lines).toContain('✔ Reading live state: 2 a');
  expect(lines).toContain('✔ a:1/b:1 2/2');
  expect(lines).toContain('✖ a:2: failed: not yours');
  expect(lines).toContain('✔ Reading again as proof');
  expect(io.out()).toBe('');
});

test('what others write after settling stands below, and a later phase draws again', async () => {
  const io = fakeIo({ terminal: true });
  const progress = liveProgress(io.stderr as unknown as NodeJS.WriteStream, { color: false, width: 80, live: true });
  progress.onEvent({ type: 'observing', purpose: 'plan' });
  await progress.settle();
  io.stderr.write('the plan\n');
  progress.onEvent({ type: 'observing', purpose: 'proof' });
  await progress.settle();
  await progress.settle();
  const text = stripVTControlCharacters(io.err());
  expect(text.indexOf('✔ Reading live state')).toBeLessThan(text.indexOf('the plan'));
  expect(text.indexOf('the plan')).toBeLessThan(text.indexOf('✔ Reading again'));
});

test('elsewhere it is plain lines, without control characters', () => {
  const io = fakeIo();
  const progress = plainProgress(io.stderr);
  for (const event of RUN) progress.onEvent(event);
  expect(io.err()).toMatch(/^reading live state\nsucceeded: /);
  expect(stripVTControlCharacters(io.err())).toBe(io.err());
});
