// Who did it, as a pure reading of logs.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lastEvent, movedBy, withContainers } from '../../src/diff/attribute.ts';
import type { Address } from '../../src/model/address.ts';
import type { DriftItem, Movement } from '../../src/model/drift.ts';
import type { LogEvent, LogReading, Traces } from '../../src/model/trail.ts';

const T = Date.UTC(2026, 10, 20);
const sought = { key: 'KEY', live: null, parent: null, fields: [] };

/** A log whose events name a thing and say `set` or `removed`. */
const traces: Traces = {
  log: 'parent',
  effect: ({ action, about }, { key }) => (about['name'] !== key ? null : action === 'removed' ? 'gone' : 'there'),
};

const eventBy = (id: number, more: Partial<LogEvent> = {}): LogEvent => ({
  at: T,
  action: 'set',
  actor: { kind: 'member', id },
  about: { name: 'KEY' },
  via: 'dashboard',
  byUs: false,
  ip: '192.0.2.1',
  ...more,
});

const read = (events: readonly LogEvent[], more: Partial<Extract<LogReading, { type: 'read' }>> = {}): LogReading => ({
  type: 'read',
  events,
  ordered: true,
  cut: null,
  ...more,
});

const last = (moved: Movement, log: LogReading) => lastEvent({ item: { moved }, sought, traces, log });

const anyEvent = fc
  .record({
    at: fc.integer({ min: T, max: T + 20 }),
    action: fc.constantFrom('set', 'removed'),
    id: fc.integer({ min: 1, max: 4 }),
    name: fc.constantFrom('KEY', 'OTHER'),
  })
  .map(({ at, action, id, name }) => eventBy(id, { at, action, about: { name } }));

/** As the platform would have written it: what happens to the thing, in order of time. */
const history = fc.array(anyEvent, { maxLength: 30 }).map((events) => events.toSorted((a, b) => a.at - b.at));

describe('the last event about a thing', () => {
  test('is the true last one of an ordered log, however often its pages repeat', () => {
    fc.assert(
      fc.property(history, fc.infiniteStream(fc.boolean()), (events, repeats) => {
        const mine = events.filter(({ about }) => about['name'] === 'KEY');
        const truth = mine.at(-1);
        if (truth === undefined) return;
        const twice = events.flatMap((event) => (repeats.next().value === true ? [event, event] : [event]));
        const moved = truth.action === 'removed' ? 'missing' : 'changed';
        expect(last(moved, read(twice))).toEqual({ event: truth });
        const other = moved === 'missing' ? 'changed' : 'missing';
        expect(last(other, read(twice))).toEqual({
          why: expect.stringContaining('does not tell of it yet') as unknown,
        });
      }),
    );
  });

  test('of a log without order does not depend on any, and is never a guess between two', () => {
    fc.assert(
      fc.property(
        history.chain((events) =>
          fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length })),
        ),
        fc.constantFrom<Movement>('changed', 'missing', 'unexpected'),
        ([events, shuffled], moved) => {
          const ordered = last(moved, read(events, { ordered: false }));
          expect(last(moved, read(shuffled, { ordered: false }))).toEqual(ordered);
          if (!('event' in ordered)) return;
          const { at, action, actor } = ordered.event;
          expect(action).toBe(moved === 'missing' ? 'removed' : 'set');
          const mine = events.filter(({ about }) => about['name'] === 'KEY');
          expect(Math.max(...mine.map((other) => other.at))).toBe(at);
          const rivals = mine.filter((other) => other.at === at && other.action === action);
          expect(new Set(rivals.map((other) => other.actor.id))).toEqual(new Set([actor.id]));
        },
      ),
    );
  });

  test('a log that lags names nobody who did the opposite', () => {
    const set = read([eventBy(7)]);
    expect(last('missing', set)).toEqual({ why: expect.stringContaining('does not tell of it yet') as unknown });
    expect(last('changed', set)).toEqual({ event: eventBy(7) });
    const removed = read([eventBy(7, { action: 'removed' })]);
    expect(last('unexpected', removed)).toEqual({ why: expect.stringContaining('it was deleted') as unknown });
  });

  test('at one moment: the last of an ordered log; of another what fits, and nobody where two fit', () => {
    const both = [eventBy(7, { action: 'removed' }), eventBy(8)];
    expect(last('changed', read(both))).toEqual({ event: both[1] });
    expect(last('changed', read(both.toReversed(), { ordered: false }))).toEqual({ event: both[1] });
    const two = [eventBy(7), eventBy(8)];
    expect(last('changed', read(two))).toEqual({ event: two[1] });
    expect(last('changed', read(two, { ordered: false }))).toEqual({
      why: 'several changed it at 2026-11-20T00:00:00Z, and the log does not say who was last',
    });
    expect(last('changed', read([two[0] as LogEvent, two[0] as LogEvent], { ordered: false }))).toEqual({
      event: two[0],
    });
  });

  test('a log that was not read, was cut short or is silent says why', () => {
    expect(last('changed', { type: 'unreadable', why: 'Not on this plan.' })).toEqual({ why: 'Not on this plan.' });
    expect(last('changed', read([eventBy(7)], { cut: 'it is long' }))).toEqual({
      why: 'its last event may not have been read: it is long',
    });
    expect(last('changed', read([]))).toEqual({ why: 'no event about it in the time of --since' });
  });
});

describe('who', () => {
  const names = new Map([[7, 'Ada']]);
  const by = (event: LogEvent, more: object = {}) => movedBy(event, { ownToken: 902, names, showIp: false, ...more });

  test.each([
    ['a member with a name', eventBy(7), { actor: 'member', id: 7, name: 'Ada', via: 'dashboard' }],
    ['a member without', eventBy(8), { actor: 'member', id: 8, via: 'dashboard' }],
    ['a token', eventBy(0, { actor: { kind: 'token', id: 77 }, via: 'CLI' }), { actor: 'token', id: 77, via: 'CLI' }],
    [
      'an integration',
      eventBy(0, { actor: { kind: 'integration', id: 'c-1' } }),
      { actor: 'integration', id: 'c-1', via: 'dashboard' },
    ],
    ['the platform', eventBy(0, { actor: { kind: 'system', id: null }, via: null }), { actor: 'system' }],
    [
      'this tool, with another token',
      eventBy(0, { actor: { kind: 'token', id: 5 }, via: 'API', byUs: true }),
      { actor: 'converge', id: 5 },
    ],
    [
      'our token, where no user agent is told',
      eventBy(0, { actor: { kind: 'token', id: 902 }, via: null }),
      { actor: 'converge', id: 902 },
    ],
    [
      'our token in the hands of a script',
      eventBy(0, { actor: { kind: 'token', id: 902 }, via: 'API' }),
      { actor: 'token', id: 902, via: 'API' },
    ],
    ['a member whose id is that of our token', eventBy(902, { via: null }), { actor: 'member', id: 902 }],
  ])('%s', (_, event, expected) => {
    expect(by(event)).toEqual({ ...expected, at: '2026-11-20T00:00:00Z' });
  });

  test('the address only where it was asked for', () => {
    expect(by(eventBy(7))).not.toHaveProperty('ip');
    expect(by(eventBy(7), { showIp: true })).toHaveProperty('ip', '192.0.2.1');
  });
});

describe('what went with its container', () => {
  const item = (address: string, more: Partial<DriftItem>): DriftItem => ({
    address: address as Address,
    kind: 'any',
    moved: 'missing',
    fields: [],
    severity: 'high',
    where: null,
    ...more,
  });
  const ada = { actor: 'member', id: 7, at: 'T' } as const;

  test('is by who removed the nearest that is missing; what has its own stays', () => {
    const bob = { ...ada, id: 8 };
    const items = [
      item('a:1', { by: ada }),
      item('a:1/b:1', { unattributed: 'gone' }),
      item('a:1/b:1/c:1', { unattributed: 'gone' }),
      item('a:1/b:2', { by: bob }),
      item('a:1/b:2/c:1', { unattributed: 'gone' }),
      item('a:2', { unattributed: 'silence' }),
      item('a:2/b:1', { unattributed: 'gone' }),
      item('a:3', { unattributed: 'silence', moved: 'changed' }),
    ];
    expect(withContainers(items).map(({ by, unattributed }) => by?.id ?? unattributed)).toEqual([
      7,
      7,
      7,
      8,
      8,
      'silence',
      'it went with a:2, which nobody can be named for',
      'silence',
    ]);
  });
});
