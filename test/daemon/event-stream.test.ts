import { expect, test } from 'vitest';
import { HEARTBEAT_MS, MOST_FOLLOWERS, openEventStream, type Follower } from '../../src/daemon/event-stream.ts';
import { virtualClock } from '../providers/virtual-clock.ts';

interface Watched extends Follower {
  readonly texts: string[];
  writableLength: number;
  isCut: boolean;
  leave(): void;
}

function follower(): Watched {
  let gone: () => void = () => undefined;
  const made: Watched = {
    texts: [],
    writableLength: 0,
    isCut: false,
    write(text) {
      made.texts.push(text);
      return true;
    },
    destroy() {
      made.isCut = true;
      gone();
    },
    once: (_, then) => (gone = then),
    leave: () => gone(),
  };
  return made;
}

const isAlive = (text: string): boolean => text === ': alive\n\n';

test('who comes is told how it stands; later only what changed, once for many changes', async () => {
  const clock = virtualClock();
  let phase = 'waiting';
  const stream = openEventStream({ clock, state: () => ({ phase }) });
  const one = follower();
  stream.follow(one);
  expect(one.texts).toEqual(['event: status\ndata: {"phase":"waiting"}\n\n']);
  for (phase of ['settling', 'reconciling', 'waiting', 'reconciling']) stream.changed();
  await clock.sleep(1_000);
  expect(one.texts.slice(1)).toEqual(['event: status\ndata: {"phase":"reconciling"}\n\n']);
  stream.changed();
  await clock.sleep(1_000);
  expect(one.texts).toHaveLength(2);
  stream.tell('run', { id: 7 });
  expect(one.texts.at(-1)).toBe('event: run\ndata: {"id":7}\n\n');
  stream.close();
});

test('a sign of life on every line, and what only time changes', async () => {
  const clock = virtualClock();
  const oldAt = clock.monotonic() + 2.5 * HEARTBEAT_MS;
  const stream = openEventStream({ clock, state: () => ({ old: clock.monotonic() > oldAt }) });
  const one = follower();
  stream.follow(one);
  await clock.sleep(2 * HEARTBEAT_MS + 1);
  expect(one.texts.slice(1).map(isAlive)).toEqual([true, true]);
  await clock.sleep(HEARTBEAT_MS);
  expect(one.texts.at(-1)).toBe('event: status\ndata: {"old":true}\n\n');
  stream.close();
});

test('a newcomer takes no news from the others', async () => {
  const clock = virtualClock();
  let count = 0;
  const stream = openEventStream({ clock, state: () => ({ count }) });
  const [one, two] = [follower(), follower()];
  stream.follow(one);
  count = 1;
  stream.follow(two);
  expect(one.texts.at(-1)).toBe('event: status\ndata: {"count":1}\n\n');
  expect(two.texts).toEqual(['event: status\ndata: {"count":1}\n\n']);
  stream.close();
});

test('who does not read is cut, and the others go on', () => {
  const stream = openEventStream({ clock: virtualClock(), state: () => ({}) });
  const [slow, quick] = [follower(), follower()];
  stream.follow(slow);
  stream.follow(quick);
  slow.writableLength = 1e6;
  stream.tell('run', {});
  stream.tell('run', {});
  expect([slow.isCut, slow.texts.length, quick.texts.length]).toEqual([true, 2, 3]);
  expect(stream.followers()).toBe(1);
  stream.close();
});

test('only so many, none for ever, and none after the end', async () => {
  const clock = virtualClock();
  const stream = openEventStream({ clock, state: () => ({}) });
  const all = Array.from({ length: MOST_FOLLOWERS }, follower);
  for (const one of all) stream.follow(one);
  expect(stream.hasRoom()).toBe(false);
  all[0]?.leave();
  expect(stream.hasRoom()).toBe(true);
  // A bearer that was taken back serves no longer than this.
  await clock.sleep(16 * 60_000);
  expect(all.slice(1).every(({ isCut }) => isCut)).toBe(true);
  const last = follower();
  stream.follow(last);
  stream.close();
  expect([last.isCut, stream.hasRoom(), stream.followers()]).toEqual([true, false, 0]);
});
