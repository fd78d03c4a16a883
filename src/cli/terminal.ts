import type { Output } from './io.ts';

export type ColorChoice = 'auto' | 'always' | 'never';

/** How text for one stream is laid out. */
export interface Screen {
  readonly color: boolean;
  /** Columns. */
  readonly width: number;
  /** A person may be looking at it: lines can be redrawn. */
  readonly live: boolean;
}

/** What is not a terminal gets this width, so that equal inputs give equal bytes. */
const PLAIN_WIDTH = 100;

/** For text in files. */
export const PLAIN_SCREEN: Screen = { color: false, width: PLAIN_WIDTH, live: false };

/** The flag decides, then NO_COLOR and FORCE_COLOR (NO_COLOR first: it asks for less), then the terminal. */
export function screenOf(
  stream: Output,
  choice: ColorChoice,
  env: Readonly<Record<string, string | undefined>>,
): Screen {
  const terminal = stream.isTTY === true;
  return {
    color: colorOf(terminal, choice, env),
    width: terminal ? Math.max(40, stream.columns ?? PLAIN_WIDTH) : PLAIN_WIDTH,
    live: terminal && env['TERM'] !== 'dumb' && !inCi(env),
  };
}

function colorOf(terminal: boolean, choice: ColorChoice, env: Readonly<Record<string, string | undefined>>): boolean {
  if (choice !== 'auto') return choice === 'always';
  if ((env['NO_COLOR'] ?? '') !== '') return false;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return terminal && env['TERM'] !== 'dumb';
}

/** True on a build machine, where a terminal has nobody behind it. */
export function inCi(env: Readonly<Record<string, string | undefined>>): boolean {
  const ci = env['CI'] ?? '';
  return ci !== '' && ci !== '0' && ci !== 'false';
}
