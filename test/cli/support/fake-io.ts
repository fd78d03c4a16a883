import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import type { Io, Output } from '../../../src/cli/io.ts';

export interface FakeIo extends Io {
  readonly out: () => string;
  readonly err: () => string;
  /** Types a line on stdin. */
  readonly type: (line: string) => void;
  readonly signals: EventEmitter;
}

/** Streams in memory. `terminal`: all three are one. */
export function fakeIo(options: { readonly terminal?: boolean; readonly env?: Record<string, string> } = {}): FakeIo {
  const stdin = Object.assign(new PassThrough(), { isTTY: options.terminal === true });
  const [stdout, readOut] = sink(options.terminal === true);
  const [stderr, readErr] = sink(options.terminal === true);
  return {
    stdin,
    stdout,
    stderr: stderr as Output & NodeJS.WritableStream,
    env: options.env ?? {},
    cwd: process.cwd(),
    signals: new EventEmitter(),
    out: readOut,
    err: readErr,
    type: (line) => void stdin.write(`${line}\n`),
  };
}

function sink(terminal: boolean): readonly [PassThrough, () => string] {
  let text = '';
  const stream = Object.assign(new PassThrough(), { isTTY: terminal, columns: 80, rows: 24 });
  stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  return [stream, () => text];
}
