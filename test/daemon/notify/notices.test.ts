import { describe, expect, test } from 'vitest';
import { NOTHING_TOLD, noticesOf, partFor, type Notice, type Told } from '../../../src/daemon/notify/notices.ts';
import type { Address } from '../../../src/model/address.ts';
import type { Episode, Recorded, Origin } from '../../../src/model/history.ts';
import type { Round } from '../../../src/model/watch-status.ts';
import { difference, KEY, OTHER } from '../history/runs.ts';
import { PLAN, ROUND, VIEW } from '../statuses.ts';

type Seen = Recorded & { readonly origin: Origin };

const NOTHING_SEEN: Seen = { id: 1, opened: [], closed: [], origin: 'live' };

function episode(address: Address, part: Partial<Episode> = {}): Episode {
  return {
    ...difference(address),
    origin: 'live',
    seenAt: 0,
    run: 1,
    lastEqualAt: null,
    goneAt: null,
    healedBy: null,
    healedIn: null,
    ...part,
  };
}

/** A run that read everything, and after which these differ. */
function round(differing: readonly Address[] = [], part: Partial<Round> = {}): Round {
  const [first] = PLAN.changes;
  if (first === undefined) throw new Error('no change');
  const changes = differing.map((address) => ({ ...first, address }));
  return { ...ROUND, outcomes: [], held: [], view: { ...VIEW, plan: { ...PLAN, changes } }, ...part };
}

/** What is told of runs that follow each other. */
function story(...steps: readonly (readonly [Round, Partial<Seen>])[]): readonly (readonly string[])[] {
  let told: Told = NOTHING_TOLD;
  return steps.map(([of, seen]) => {
    const after = noticesOf(told, of, { ...NOTHING_SEEN, ...seen });
    told = after.told;
    return after.notices.map(({ rule, items }) =>
      [rule, ...items.map(({ address }) => (address === KEY ? 'KEY' : 'OTHER'))].join(' '),
    );
  });
}

const failing = (address: Address, code: 'unavailable' | 'forbidden' = 'unavailable'): Partial<Round> => ({
  outcomes: [{ address, action: 'update', status: 'failed', attempts: 1, error: { code, message: 'SECRET-VALUE' } }],
});
const holding = (address: Address, because: 'stalled' | 'refused' | 'resting'): Partial<Round> => ({
  held: [{ address, action: 'update', because, why: 'it is' }],
});
const down: Round = {
  ...ROUND,
  result: 'failed',
  problem: 'api.example.com\u202e is down\n::error::',
  view: null,
  outcomes: [],
  held: [],
};

describe('the same thing is told once', () => {
  test('drift that stays; again when it has gone and come back', () => {
    expect(
      story(
        [round([KEY]), { opened: [episode(KEY)] }],
        [round([KEY]), {}],
        // A history that begins anew calls it new.
        [round([KEY]), { opened: [episode(KEY)] }],
        [round(), { closed: [episode(KEY, { healedBy: 'elsewhere' })] }],
        [round([KEY, OTHER]), { opened: [episode(KEY), episode(OTHER)] }],
      ),
    ).toEqual([['drift KEY'], [], [], ['healed KEY'], ['drift KEY OTHER']]);
  });

  test('a change that fails; again with another error, and after it was well', () => {
    expect(
      story(
        [round([KEY], failing(KEY)), {}],
        [round([KEY], failing(KEY)), {}],
        [round([KEY], failing(KEY, 'forbidden')), {}],
        [round(), {}],
        [round([KEY], failing(KEY, 'forbidden')), {}],
      ),
    ).toEqual([['failed KEY'], [], ['failed KEY'], [], ['failed KEY']]);
  });

  test('what is held: stalled and refused, not what only rests', () => {
    expect(
      story(
        [round([KEY], holding(KEY, 'resting')), {}],
        [round([KEY], holding(KEY, 'stalled')), {}],
        [round([KEY], holding(KEY, 'stalled')), {}],
        [round([KEY], holding(KEY, 'refused')), {}],
        [round(), {}],
        [round([KEY], holding(KEY, 'stalled')), {}],
      ),
    ).toEqual([[], ['stalled KEY'], [], ['held KEY'], [], ['stalled KEY']]);
  });

  test('a platform that is down: the second time, once, and that it is back', () => {
    expect(story([down, {}], [round(), {}], [down, {}], [down, {}], [down, {}], [round(), {}], [round(), {}])).toEqual([
      [],
      [],
      [],
      ['unreachable'],
      [],
      ['recovered'],
      [],
    ]);
  });

  test('an invalid document: at once, once, and that it is mended; drift that was told is not told again', () => {
    const invalid: Round = { ...down, result: 'invalid' };
    expect(
      story(
        [round([KEY]), { opened: [episode(KEY)] }],
        [invalid, {}],
        [invalid, {}],
        [{ ...down, result: 'interrupted', problem: null }, {}],
        [round([KEY]), {}],
      ),
    ).toEqual([['drift KEY'], ['invalid'], [], [], ['recovered']]);
  });
});

test('what the document has changed is no drift', () => {
  expect(
    story(
      [round([KEY]), { opened: [episode(KEY, { origin: 'document' })] }],
      [round(), { closed: [episode(KEY, { origin: 'document', healedBy: 'converge' })] }],
      [round([KEY]), { opened: [episode(KEY, { origin: 'unknown' })] }],
    ),
  ).toEqual([[], ['applied KEY'], ['drift KEY']]);
});

test('no message of the platform reaches a notice but the one sentence on the run, made safe', () => {
  const notices = [
    ...noticesOf(NOTHING_TOLD, round([KEY], failing(KEY)), NOTHING_SEEN).notices,
    ...noticesOf({ ...NOTHING_TOLD, failures: 1 }, down, NOTHING_SEEN).notices,
  ];
  expect(JSON.stringify(notices)).not.toContain('SECRET-VALUE');
  expect(notices.map(({ detail }) => detail)).toEqual([null, String.raw`api.example.com\u202e is down\n::error::`]);
});

describe('what one target is told', () => {
  const { notices } = noticesOf(NOTHING_TOLD, round(), {
    ...NOTHING_SEEN,
    opened: [episode(KEY), episode(OTHER)],
    closed: [episode(KEY, { healedBy: 'converge' })],
  });
  const told = (
    rules: readonly ('drift' | 'healed')[],
    isFor: (address: string) => boolean = () => true,
  ): readonly string[] =>
    notices
      .map((notice) => partFor(notice, { rules: new Set(rules), isFor }, notices))
      .filter((notice): notice is Notice => notice !== null)
      .map(({ rule, items }) => `${rule}: ${items.map(({ address, note }) => `${address} ${note}`).join(', ')}`);

  test('what was seen and healed in one run is one line', () => {
    expect(told(['drift', 'healed'])).toEqual([`drift: ${OTHER} differs`, `healed: ${KEY} differs`]);
    expect(told(['drift'])).toEqual([`drift: ${KEY} healed at once, ${OTHER} differs`]);
  });

  test('only its own addresses', () => {
    expect(told(['drift', 'healed'], (address) => address === KEY)).toEqual([`healed: ${KEY} differs`]);
    expect(told(['drift', 'healed'], () => false)).toEqual([]);
  });
});
