import { describe, expect, test } from 'vitest';
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
    [['schema', '--kind', 'plans'], 'Expected state, plan, apply, drift, explain or error'],
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
  test.each([
    [['check-code', 'convex'], 'the command check-code'],
    [['doctor'], 'the command doctor'],
  ])('%j', async (argv, what) => {
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

describe('help', () => {
  test.each(['validate', 'plan', 'apply', 'watch', 'show', 'schema', 'sandbox'])(
    '%s --help goes to stdout with examples',
    async (name) => {
      const { code, stdout, stderr } = await converge(name, '--help');
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toContain(`Usage: converge ${name}`);
      expect(stdout).toContain('Examples:');
    },
  );

  test.each([[['--help']], [['plan', '--help']], [['apply', '--help']], [['watch', '--help']]])(
    '%j lists every exit code',
    async (argv) => {
      const { stdout } = await converge(...argv);
      for (const code of [0, 1, 2, 3, 4, 5, 64, 130, 143]) expect(stdout).toMatch(new RegExp(`^ +${code}  `, 'm'));
    },
  );

  test('--version', async () => {
    const { code, stdout } = await converge('--version');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
