import { describe, expect, test } from 'vitest';
import { parseArgs } from '../../src/cli/args.ts';
import { EXIT } from '../../src/cli/exit-codes.ts';
import { run } from '../../src/cli/run.ts';
import { fakeIo } from './support/fake-io.ts';

async function converge(...argv: readonly string[]) {
  const io = fakeIo();
  const code = await run(argv, io);
  return { code, stdout: io.out(), stderr: io.err() };
}

describe('wrong usage is 64, said on stderr', () => {
  test.each([
    [['plam'], "unknown command 'plam' (Did you mean plan?)"],
    [['aply'], "unknown command 'aply' (Did you mean apply?)"],
    [['diff'], "unknown command 'diff' (Did you mean plan?)"],
    [['nonsense'], "unknown command 'nonsense'"],
    [['completion', 'tcsh'], 'Allowed choices are bash, zsh, fish'],
    [['completion'], "missing required argument 'shell'"],
    [['plan', '--fiel', 'x'], "unknown option '--fiel' (Did you mean --file?)"],
    [['plan', '-f'], 'argument missing'],
    [['plan', 'extra'], 'too many arguments'],
    [['show'], "missing required argument 'plan'"],
    [['plan', '--rate', '0'], 'Expected a number above 0'],
    [['plan', '--rate', 'fast'], 'Expected a number above 0'],
    [['plan', '--concurrency', '1.5'], 'whole number from 1 up'],
    [['plan', '--max-requests', '0'], 'whole number from 1 up'],
    [['plan', '--timeout', '30'], 'Did you mean 30s?'],
    [['apply', '--wait', 'soon'], 'Expected a duration'],
    [['apply', '--max-delete-percent', '101'], '0 to 100'],
    [['plan', '--color', 'red'], 'Allowed choices are auto, always, never'],
    [['plan', '--format', 'yaml'], 'Expected text, json, markdown'],
    [['plan', '--report', 'json'], 'Expected FORMAT=FILE'],
    [['plan', '--report', 'json='], 'Expected FORMAT=FILE'],
    [['plan', '--report', 'yaml=x'], 'Expected text, json, markdown'],
    [['plan', '--suppress', 'CVG1'], 'There is no code "CVG1"'],
    [['plan', '--warnings-as-errors=CVG309,nope'], 'There is no code "nope"'],
    [['plan', '--api-url', 'ftp://example.com'], '--api-url is not an http(s) URL'],
    [['apply', 'plan.json', '--target', 'project:shop'], 'a saved plan has its own scope'],
    [['apply', 'plan.json', '--exclude', 'project:shop'], 'a saved plan has its own scope'],
    [['apply', '--allow-delete', 'env-var'], 'no such kind holds data'],
    [['schema', '--kind', 'plans'], 'Expected state, plan, apply, drift, explain, check-code or error'],
    [['sandbox', '--port', '65536'], 'from 0 to 65535'],
    [['watch', '--schedule', 'hourly'], '--schedule: '],
    [['watch', '--schedule', '0 0 31 2 *'], '--schedule: it names no time that ever comes'],
    [['watch', '--schedule', 'CRON_TZ=Mars/Base * * * * *'], '--schedule: '],
    [['watch', '--full-schedule', 'hourly'], '--full-schedule: '],
    [['watch', '--listen', '9464'], '--listen: expected HOST:PORT'],
    [['watch', '--listen', '127.0.0.1:65536'], '--listen: expected HOST:PORT'],
    [['watch', '--target', 'project:shop'], "unknown option '--target'"],
  ])('%j', async (argv, message) => {
    const { code, stdout, stderr } = await converge(...argv);
    expect(stderr).toContain(message);
    expect([code, stdout]).toEqual([64, '']);
  });

  test('no command prints the help on stderr', async () => {
    const { code, stdout, stderr } = await converge();
    expect([code, stdout]).toEqual([64, '']);
    expect(stderr).toContain('Usage: converge');
  });

  test('as JSON where JSON is asked for', async () => {
    const { code, stdout, stderr } = await converge('plan', '--format', 'json', '--rate', 'x');
    expect([code, stderr]).toEqual([64, '']);
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'error', diagnostics: [{ severity: 'error', code: 'CVG706' }] });
  });
});

describe('what this version does not build is refused by name', () => {
  test.each([[['doctor'], 'the command doctor']])('%j', async (argv, what) => {
    const { code, stdout, stderr } = await converge(...argv);
    expect(stderr).toContain(`${what} is not built yet in this version`);
    expect([code, stdout]).toEqual([64, '']);
  });
});

describe('secrets are no arguments', () => {
  test.each([
    [['plan', '--token', 'hunter2hunter2']],
    [['plan', '--token=hunter2hunter2']],
    [['sandbox', '--token=hunter2hunter2']],
  ])('%j names the ways that are', async (argv) => {
    const { code, stderr } = await converge(...argv);
    expect(code).toBe(64);
    expect(stderr).toContain('CONVEX_TEAM_ACCESS_TOKEN');
    expect(stderr).toContain('--token-file');
    expect(stderr).not.toContain('hunter2');
  });

  test('the value of an unknown option is not repeated', async () => {
    const { stderr } = await converge('plan', '--tokne=hunter2\nhunter3');
    expect(stderr).toContain("unknown option '--tokne'");
    expect(stderr).not.toContain('hunter');
  });
});

test.each([[['plan', '--rate', 'x\u001B[31mred']], [['plan', '--bad\u001B[31m']], [['\u001B[31m']]])(
  'control characters of argv do not reach the terminal: %j',
  async (argv) => {
    const { code, stderr } = await converge(...argv);
    expect(code).toBe(64);
    expect(stderr).not.toContain('\u001B');
  },
);

const COMMANDS = [
  'validate',
  'plan',
  'apply',
  'drift',
  'explain',
  'watch',
  'dump',
  'show',
  'schema',
  'sandbox',
  'completion',
];

/** The exit codes that a help lists. */
function codesIn(help: string): readonly number[] {
  const [, section = ''] = help.split('\nExit codes:\n');
  return [...section.matchAll(/^ +(\d+) {2}\S/gm)].map(([, code]) => Number(code));
}

/** The command lines of the examples, as a shell would split them; without what leads elsewhere. */
function examplesIn(help: string): readonly (readonly string[])[] {
  const [, section = ''] = /\nExamples:\n((?: {2}.*\n)+)/.exec(help) ?? [];
  return section.split('\n').flatMap((line) =>
    line
      .replace(/\s+#.*$/, '')
      .split(/&&|"\$\(|\)"/)
      .map((part) =>
        [...part.replace(/>.*$/, '').matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? ''),
      )
      .map((words) => words.slice(words.indexOf('converge') + 1))
      .filter((words) => COMMANDS.includes(words[0] ?? '')),
  );
}

describe('help', () => {
  test.each([null, ...COMMANDS])(
    '%s --help goes to stdout, with examples that work and the exit codes',
    async (name) => {
      const { code, stdout, stderr } = await converge(...(name === null ? [] : [name]), '--help');
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toContain(name === null ? 'Usage: converge' : `Usage: converge ${name}`);
      const examples = examplesIn(stdout);
      expect(examples.filter(([command]) => name === null || command === name).length).toBeGreaterThan(1);
      const output = { version: '0', writeOut: () => undefined, writeErr: () => undefined };
      for (const argv of examples) expect(parseArgs(argv, output)?.command).toBe(argv[0]);
      expect(codesIn(stdout)).toEqual(expect.arrayContaining([0, 64]));
      expect(Object.values<number>(EXIT)).toEqual(expect.arrayContaining([...codesIn(stdout)]));
    },
  );

  test('the general help lists every exit code, that of a command its own', async () => {
    expect(codesIn((await converge('--help')).stdout)).toEqual(Object.values(EXIT));
    expect(codesIn((await converge('apply', '--help')).stdout)).toEqual([0, 1, 3, 4, 5, 64, 129, 130, 143]);
    expect(codesIn((await converge('plan', '--help')).stdout)).toEqual([0, 1, 2, 3, 64, 129, 130, 143]);
    expect(codesIn((await converge('validate', '--help')).stdout)).toEqual([0, 1, 64]);
  });

  test('--version', async () => {
    const { code, stdout } = await converge('--version');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
