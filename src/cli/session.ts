import type { Io } from './io.ts';
import type { CommonOptions, Format, ReportTo } from './options.ts';
import { scrubberFor } from './scrub.ts';
import { type Screen, screenOf } from './terminal.ts';

/** What every command works with. */
export interface Session {
  readonly io: Io;
  /** What runs: `plan`. */
  readonly command: string;
  /** This tool's version. */
  readonly version: string;
  readonly stdout: Screen;
  readonly stderr: Screen;
  /** Where the command's document goes; text on stdout for commands without the choice. */
  readonly format: Format;
  readonly reports: readonly ReportTo[];
  readonly scrub: (text: string) => string;
}

export function openSession(
  io: Io,
  version: string,
  options: Pick<CommonOptions, 'color'> & {
    readonly command: string;
    readonly format?: Format;
    readonly report?: readonly ReportTo[];
  },
): Session {
  return {
    io,
    command: options.command,
    version,
    stdout: screenOf(io.stdout, options.color, io.env),
    stderr: screenOf(io.stderr, options.color, io.env),
    format: options.format ?? 'text',
    reports: options.report ?? [],
    scrub: scrubberFor(io.env),
  };
}
