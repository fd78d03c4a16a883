import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { exitAfter, listenForInterrupt } from '../../src/cli/signals.ts';

test('the first signal drains, the second aborts, a third finds no handler', () => {
  const source = new EventEmitter();
  const told: string[] = [];
  const interrupt = listenForInterrupt(source, (signal) => told.push(signal));
  expect([interrupt.received(), interrupt.drain.aborted]).toEqual([null, false]);

  source.emit('SIGTERM', 'SIGTERM');
  expect([interrupt.drain.aborted, interrupt.drain.reason, interrupt.abort.aborted]).toEqual([true, 'drain', false]);

  source.emit('SIGINT', 'SIGINT');
  expect(interrupt.abort.aborted).toBe(true);
  expect(interrupt.received()).toBe('SIGTERM');
  expect(told).toEqual(['SIGTERM']);
  expect(source.listenerCount('SIGINT') + source.listenerCount('SIGTERM')).toBe(0);
});

test('the exit code is that of the first signal', () => {
  const source = new EventEmitter();
  const interrupt = listenForInterrupt(source, () => undefined);
  expect(exitAfter(interrupt, 5)).toBe(5);
  interrupt.raise('SIGINT');
  expect(exitAfter(interrupt, 0)).toBe(130);
  const other = listenForInterrupt(source, () => undefined);
  source.emit('SIGTERM', 'SIGTERM');
  expect(exitAfter(other, 0)).toBe(143);
});

test('dispose leaves no handler behind', () => {
  const source = new EventEmitter();
  listenForInterrupt(source, () => undefined).dispose();
  expect(source.listenerCount('SIGINT') + source.listenerCount('SIGTERM')).toBe(0);
});

test('SIGHUP drains however often it comes, never aborts, and stays caught after an abort', () => {
  const source = new EventEmitter();
  const interrupt = listenForInterrupt(source, () => undefined);
  source.emit('SIGHUP', 'SIGHUP');
  source.emit('SIGHUP', 'SIGHUP');
  expect([interrupt.received(), interrupt.drain.aborted, interrupt.abort.aborted]).toEqual(['SIGHUP', true, false]);
  expect(exitAfter(interrupt, 0)).toBe(129);
  source.emit('SIGTERM', 'SIGTERM');
  expect([interrupt.abort.aborted, source.listenerCount('SIGHUP')]).toEqual([true, 1]);
  interrupt.dispose();
  expect(source.listenerCount('SIGHUP')).toBe(0);
});

test('SIGHUP asks where somebody wants to be asked, and drains nothing', () => {
  const source = new EventEmitter();
  let asked = 0;
  const interrupt = listenForInterrupt(
    source,
    () => undefined,
    () => void asked++,
  );
  source.emit('SIGHUP', 'SIGHUP');
  source.emit('SIGHUP', 'SIGHUP');
  expect([asked, interrupt.received(), interrupt.drain.aborted]).toEqual([2, null, false]);
  source.emit('SIGTERM', 'SIGTERM');
  expect([interrupt.received(), interrupt.drain.aborted]).toEqual(['SIGTERM', true]);
  interrupt.dispose();
});
