import { describe, expect, test } from 'vitest';
import { askOn, canAsk } from '../../src/cli/prompt.ts';
import { listenForInterrupt } from '../../src/cli/signals.ts';
import { fakeIo } from './support/fake-io.ts';

describe('who can be asked', () => {
  test('a terminal on both ends, and no build machine', () => {
    expect(canAsk(fakeIo({ terminal: true }))).toBe(true);
    expect(canAsk(fakeIo())).toBe(false);
    expect(canAsk(fakeIo({ terminal: true, env: { CI: '1' } }))).toBe(false);
    expect(canAsk({ ...fakeIo({ terminal: true }), stderr: fakeIo().stderr })).toBe(false);
    expect(canAsk({ ...fakeIo({ terminal: true }), stdin: fakeIo().stdin })).toBe(false);
  });
});

describe('asking', () => {
  test('the question goes to stderr, the answer is the line', async () => {
    const io = fakeIo();
    const ask = askOn(
      io,
      listenForInterrupt(io.signals, () => undefined),
    );
    const answer = ask('Go on? ');
    io.type('yes');
    expect(await answer).toBe('yes');
    expect(io.err()).toContain('Go on? ');
    expect(io.out()).toBe('');
  });

  test('a signal is no answer, and later questions are not asked', async () => {
    const io = fakeIo();
    const ask = askOn(
      io,
      listenForInterrupt(io.signals, () => undefined),
    );
    const answer = ask('Go on? ');
    io.signals.emit('SIGTERM', 'SIGTERM');
    expect(await answer).toBeNull();
    expect(await ask('Really? ')).toBeNull();
    expect(io.err()).not.toContain('Really');
  });

  test('Ctrl-C in raw mode counts as SIGINT', async () => {
    const io = fakeIo({ terminal: true });
    const interrupt = listenForInterrupt(io.signals, () => undefined);
    const answer = askOn(io, interrupt)('Go on? ');
    io.stdin.emit('keypress', '', { name: 'c', ctrl: true });
    expect(await answer).toBeNull();
    expect(interrupt.received()).toBe('SIGINT');
  });

  test('the end of input is no answer', async () => {
    const io = fakeIo();
    const answer = askOn(
      io,
      listenForInterrupt(io.signals, () => undefined),
    )('Go on? ');
    (io.stdin as unknown as { end(): void }).end();
    expect(await answer).toBeNull();
  });
});
