import { EXIT, EXIT_MEANINGS, type ExitCode } from './exit-codes.ts';

type Lines = readonly (readonly [ExitCode, string])[];

const USAGE: Lines = [[EXIT.usage, 'wrong usage: an option, a value or a combination that there is not']];
const INTERRUPTED: Lines = [
  [EXIT.SIGHUP, 'interrupted by SIGHUP (the terminal is gone); the report was still written'],
  [EXIT.SIGINT, 'interrupted by SIGINT; the report was still written'],
  [EXIT.SIGTERM, 'interrupted by SIGTERM, or over --deadline; the report was still written'],
];
const READING =
  'an error: invalid document, unreachable platform, bad token, wrong team, a file that cannot be written';

/** How each command can end, in its own words. */
const OF_COMMANDS = {
  validate: [
    [EXIT.done, 'the document is right; warnings do not count, unless --warnings-as-errors'],
    [EXIT.error, 'it has mistakes, or there is no such file'],
    ...USAGE,
  ],
  plan: [
    [EXIT.done, 'planned, whatever was found; with --detailed-exitcode: nothing differs'],
    [EXIT.error, `${READING}; or something could not be read (the rest is printed)`],
    [EXIT.changes, 'only with --detailed-exitcode: changes are pending, and none is refused'],
    [EXIT.refused, 'only with --detailed-exitcode: apply would refuse it; --max-requests'],
    ...USAGE,
    ...INTERRUPTED,
  ],
  apply: [
    [
      EXIT.done,
      'everything is as the files say, proven by reading again; what the platform still has to finish is no failure',
    ],
    [EXIT.error, READING],
    [EXIT.refused, 'refused: protection, threshold, missing consent, change window, "no"; nothing was written'],
    [EXIT.stale, 'the saved plan is stale or for another target; nothing was written'],
    [EXIT.partial, 'not wholly: something failed, is blocked, uncertain or unreadable, or is not proven; run it again'],
    ...USAGE,
    ...INTERRUPTED,
  ],
  drift: [
    [EXIT.done, 'no drift that counts (--fail-on, --max-drift)'],
    [EXIT.error, `${READING}; or something could not be read (the rest is printed)`],
    [EXIT.changes, 'drift was found'],
    ...USAGE,
    ...INTERRUPTED,
  ],
  explain: [
    [EXIT.done, 'told, whatever the story is'],
    [EXIT.error, `${READING}; or nothing has this address`],
    ...USAGE,
    ...INTERRUPTED,
  ],
  'check-code': [
    [EXIT.done, 'every variable that the code needs is there'],
    [EXIT.error, 'one is missing or wrong; the code or the document cannot be read'],
    [EXIT.refused, 'all that is wrong: one is removed while the code still reads it'],
    ...USAGE,
  ],
  watch: [
    [EXIT.done, 'told to end, and everything that was in flight is finished'],
    [EXIT.error, 'it cannot start: a file, or an address to listen on'],
    ...USAGE,
    [EXIT.SIGINT, 'told to end by SIGINT, and something was not finished'],
    [EXIT.SIGTERM, 'told to end by SIGTERM, and something was not finished'],
  ],
  dump: [
    [EXIT.done, 'printed or written'],
    [EXIT.error, `${READING}; or something could not be read (the rest is printed)`],
    [EXIT.refused, 'refused: it takes more than --max-requests'],
    ...USAGE,
    ...INTERRUPTED,
  ],
  show: [[EXIT.done, 'printed'], [EXIT.error, 'the file is no plan that this version reads'], ...USAGE],
  schema: [[EXIT.done, 'printed'], ...USAGE],
  sandbox: [
    [EXIT.done, 'ended by a signal, as it should'],
    [EXIT.error, 'the port is taken, or the seed is wrong'],
    ...USAGE,
  ],
  completion: [[EXIT.done, 'printed'], ...USAGE],
} as const satisfies Readonly<Record<string, Lines>>;

/** The exit codes of a command for its `--help`; of all of them together without one. */
export function exitHelp(command: keyof typeof OF_COMMANDS | null): string {
  const lines: Lines = command === null ? EXIT_MEANINGS : OF_COMMANDS[command];
  return `\nExit codes:\n${lines.map(([code, means]) => `  ${String(code).padStart(3)}  ${means}\n`).join('')}`;
}
