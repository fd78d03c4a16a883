import { expect, test } from 'vitest';
import { openAlarm } from '../../src/daemon/alarm.ts';
import { virtualClock } from '../providers/virtual-clock.ts';

function ringing() {
  const clock = virtualClock();
  const start = clock.now();
  const rings: number[] = [];
  const alarm = openAlarm(clock, () => void rings.push(clock.now() - start));
  return { clock, start, rings, alarm };
}

test('rings once, when it is time', async () => {
  const { clock, start, rings, alarm } = ringing();
  alarm.set(start + 7_200_000);
  await clock.sleep(7_199_999);
  expect(rings).toEqual([]);
  await clock.sleep(100_000);
  expect(rings).toEqual([7_200_000]);
});

test('another time replaces the first, null and closing take it away', async () => {
  const { clock, start, rings, alarm } = ringing();
  alarm.set(start + 1_000);
  alarm.set(start + 2_000);
  await clock.sleep(5_000);
  expect(rings).toEqual([2_000]);
  alarm.set(start + 6_000);
  alarm.set(null);
  alarm.set(start + 7_000);
  alarm.close();
  await clock.sleep(5_000);
  expect(rings).toEqual([2_000]);
});

test('a time that has passed rings after whoever set it went on', async () => {
  const { clock, start, rings, alarm } = ringing();
  alarm.set(start - 5);
  expect(rings).toEqual([]);
  await clock.sleep(10);
  expect(rings).toEqual([1]);
});
