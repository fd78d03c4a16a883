import { expect, test } from 'vitest';
import { keepHistory } from '../../../src/compose/keep-history.ts';
import type { RunInput } from '../../../src/model/history.ts';
import type { Round } from '../../../src/model/watch-status.ts';
import { ROUND } from '../statuses.ts';

const SECRET = 'sk_live_neverRecorded1234';

/** What a story of texts and runs is recorded as. */
function origins(...steps: readonly (readonly [text: string, Partial<Round>])[]): readonly string[] {
  const recorded: RunInput[] = [];
  const kept = keepHistory({ record: (run) => (recorded.push(run), { id: run.id, opened: [], closed: [] }) }, 's');
  for (const [text, part] of steps) {
    kept.learn({ texts: new Map([['state.yaml', text]]) });
    kept.onRound({ ...ROUND, ...part });
  }
  return recorded.map(({ origin }) => origin);
}

const failed: Partial<Round> = { result: 'failed', view: null };

test('which side moved: the document when its text or a file that a run began for has changed since the last reading', () => {
  expect(origins(['a', {}], ['a', {}], ['b', {}], ['b', {}])).toEqual(['unknown', 'live', 'document', 'live']);
  // A file that a source reads is no document.
  expect(origins(['a', {}], ['a', { cause: 'files' }], ['a', {}])).toEqual(['unknown', 'document', 'live']);
  // The change is still new to the next run that can read.
  expect(origins(['a', {}], ['b', failed], ['b', failed], ['b', {}], ['b', {}])).toEqual([
    'unknown',
    'document',
    'document',
    'document',
    'live',
  ]);
  expect(origins(['a', failed], ['a', {}], ['a', {}])).toEqual(['unknown', 'unknown', 'live']);
});

test('of a run names of fields are recorded, no value, and of an error its code alone', () => {
  const [first] = ROUND.outcomes;
  if (first === undefined) throw new Error('no outcome');
  let recorded: RunInput | null = null;
  const kept = keepHistory({ record: (run) => ((recorded = run), { id: 1, opened: [], closed: [] }) }, 's');
  kept.onRound({ ...ROUND, outcomes: [{ ...first, error: { code: 'invalid', message: `no ${SECRET}` } }] });
  expect(recorded).toMatchObject({
    reading: { differing: [{ fields: ['zone'] }, { fields: ['value'] }], whole: true },
    outcomes: [{ kind: 'setting', status: 'failed', code: 'invalid' }],
    held: 1,
  });
  expect(JSON.stringify(recorded)).not.toMatch(new RegExp(`${SECRET}|shown-before|shown-after`));
});
