import { InvalidArgumentError } from 'commander';
import { durationMs } from '../model/duration.ts';

/** `500ms`, `30s`, `1m`, `2h`, `7d`, or `0`: milliseconds. */
export function parseDuration(text: string): number {
  if (text === '0') return 0;
  const ms = durationMs(text);
  if (ms === null) {
    const hint = /^\d+$/.test(text) ? ` Did you mean ${text}s?` : '';
    throw new InvalidArgumentError(`Expected a duration such as 500ms, 30s or 1m.${hint}`);
  }
  return ms;
}

/** A duration above zero. */
export function parseTimeout(text: string): number {
  const ms = parseDuration(text);
  if (ms < 1) throw new InvalidArgumentError('Expected a duration above 0.');
  return ms;
}

/** A number above zero, fractions allowed. */
export function parseRate(text: string): number {
  const value = decimal(text);
  if (value === null || value <= 0) throw new InvalidArgumentError('Expected a number above 0.');
  return value;
}

/** A parser of whole numbers from `least` to `most`. */
export function wholeNumber(least: number, most: number = Number.MAX_SAFE_INTEGER): (text: string) => number {
  const range = most === Number.MAX_SAFE_INTEGER ? `from ${least} up` : `from ${least} to ${most}`;
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    if (!(value >= least && value <= most)) throw new InvalidArgumentError(`Expected a whole number ${range}.`);
    return value;
  };
}

export function parsePercent(text: string): number {
  const value = decimal(text);
  if (value === null || value > 100) throw new InvalidArgumentError('Expected a percentage from 0 to 100.');
  return value;
}

function decimal(text: string): number | null {
  return /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : null;
}
