import { expect, test } from 'vitest';
import { pausesInLease } from '../../src/compose/pauses-in-lease.ts';
import { pausesAsked } from '../../src/compose/pauses-asked.ts';
import type { Pause } from '../../src/model/pause.ts';

const NOW = Date.parse('2026-11-20T12:00:00Z');
const PAUSE: Pause = { address: 'site:a/**', owner: 'ada', reason: 'x', expires: NOW + 3_600_000, where: null };

test('what is kept is what is found, and nothing is left where there is none', async () => {
  let kept: unknown;
  const store = pausesInLease({ read: () => kept, write: (value) => ((kept = value), Promise.resolve(null)) });
  expect(await store.read()).toEqual([]);
  await store.write([PAUSE]);
  expect(kept).toEqual([{ address: 'site:a/**', owner: 'ada', reason: 'x', expires: '2026-11-20T13:00:00Z' }]);
  expect(await store.read()).toEqual([PAUSE]);
  await store.write([]);
  expect(kept).toBeUndefined();
});

test('what could not be kept is said, not swallowed', async () => {
  const store = pausesInLease({ read: () => undefined, write: () => Promise.resolve('this replica does not lead') });
  await expect(store.write([PAUSE])).rejects.toThrow('this replica does not lead');
});

test.each([
  ['no list', { address: 'site:a' }],
  ['no pause in it', [{ address: 'site:a' }]],
  ['a time that is none', [{ ...PAUSE, expires: 'soon' }]],
  ['nothing in it', [null]],
])('somebody wrote something else there, %s: nobody may take it for no pause', async (_, value) => {
  const store = pausesInLease({ read: () => value, write: () => Promise.resolve(null) });
  expect(await pausesAsked(store, NOW)).toMatch(
    /^the pauses that were asked for cannot be read: the annotation of the Lease/,
  );
});
