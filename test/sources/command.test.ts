import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { sourceId } from '../../src/model/source.ts';
import { resolveSources } from '../../src/sources/resolve-sources.ts';
import { fromCommand, outcome, PATH, resolve, SECRET, sourceOptions, WHERE } from './program-sources.ts';
import { tempTree } from './temp-tree.ts';

const sh = (script: string, more: Parameters<typeof fromCommand>[1] = {}) => fromCommand(['sh', '-c', script], more);

describe('what a command gives', () => {
  test.each([
    ['one line', 'echo value', 'value'],
    ['CRLF', String.raw`printf 'value\r\n'`, 'value'],
    ['two newlines', String.raw`printf 'value\n\n'`, 'value\n'],
    ['beyond ASCII', "printf 'ünï😀'", 'ünï😀'],
    ['64 KiB', "head -c 65536 /dev/zero | tr '\\0' x", 'x'.repeat(65_536)],
  ])('%s', async (_, script, text) => {
    expect(await outcome(sh(script), { cwd: tempTree({ 'state/main.yaml': '' }) })).toEqual({ text });
  });

  test('keepNewline keeps it, allowEmpty permits nothing', async () => {
    const cwd = tempTree({ 'state/main.yaml': '' });
    expect(await outcome(sh('echo v', { keepNewline: true }), { cwd })).toEqual({ text: 'v\n' });
    expect(await outcome(sh('true', { allowEmpty: true }), { cwd })).toEqual({ text: '' });
    expect(await outcome(sh('echo', { allowEmpty: true }), { cwd })).toEqual({ text: '' });
  });

  test('it runs in the folder of the file that says it', async () => {
    const cwd = tempTree({ 'state/main.yaml': '', 'state/where.sh': { script: 'pwd -P' } });
    expect(await outcome(fromCommand(['./where.sh']), { cwd })).toEqual({ text: path.join(cwd, 'state') });
  });

  test('no shell reads the arguments', async () => {
    const cwd = tempTree({ 'state/main.yaml': '' });
    const attack = '$(touch made) `touch made` && touch made; touch made | tee made > made "$HOME" \\ * ~ \n\'';
    expect(await outcome(fromCommand(['printf', '%s', attack]), { cwd })).toEqual({ text: attack });
    expect(existsSync(path.join(cwd, 'state/made'))).toBe(false);
    expect(await outcome(fromCommand(['touch made; true']), { cwd })).toMatch(/^CVG401 .*there is no such program/);
    expect(existsSync(path.join(cwd, 'state/made'))).toBe(false);
  });

  test('its stdin is empty, its stderr goes nowhere', async () => {
    const cwd = tempTree({ 'state/main.yaml': '' });
    expect(await outcome(sh(`cat; echo ${SECRET} >&2; echo v`), { cwd })).toEqual({ text: 'v' });
  });
});

describe('what a command sees', () => {
  const env = {
    PATH,
    HOME: '/home/ci',
    LANG: 'C.UTF-8',
    LC_ALL: 'C.UTF-8',
    TMPDIR: '/tmp',
    CONVEX_TEAM_ACCESS_TOKEN: SECRET,
    CONVEX_DEPLOY_KEY: SECRET,
    CONVERGE_PLAN_KEY: SECRET,
    GITHUB_TOKEN: SECRET,
    ACTIONS_RUNTIME_TOKEN: SECRET,
    github_token: SECRET,
    STRIPE_KEY: 'stripe',
    OP_SERVICE_ACCOUNT_TOKEN: 'op',
    NODE_OPTIONS: '--no-warnings',
    LD_PRELOAD: '',
  };
  /** The names of the variables that a command prints of its environment; none of the shell's own. */
  async function seen(allowEnv: readonly string[] | null): Promise<readonly string[]> {
    const found = await outcome(fromCommand(['env']), { cwd: tempTree({ 'state/main.yaml': '' }), env, allowEnv });
    if (typeof found !== 'object' || found === null || !('text' in found)) throw new Error(String(found));
    expect(found.text).not.toContain(SECRET);
    return String(found.text)
      .split('\n')
      .map((line) => line.split('=')[0] ?? '')
      .sort();
  }

  const PLAIN = ['HOME', 'LANG', 'LC_ALL', 'PATH', 'TMPDIR'];

  test('few variables, and no credential of the tool or the runner', async () => {
    expect(await seen(null)).toEqual(PLAIN);
  });

  test('those that an --allow-env names, and still no credential', async () => {
    expect(await seen(['OP_*'])).toEqual([...PLAIN, 'OP_SERVICE_ACCOUNT_TOKEN'].sort());
    const most = [...PLAIN, 'OP_SERVICE_ACCOUNT_TOKEN', 'STRIPE_KEY', 'NODE_OPTIONS', 'LD_PRELOAD'].sort();
    expect(await seen(['*', 'GITHUB_TOKEN', 'CONVEX_*'])).toEqual(most);
  });

  test('no program through a relative folder of the PATH', async () => {
    const cwd = tempTree({ 'state/tool': { script: 'echo planted' }, 'state/bin/tool': { script: 'echo planted' } });
    const env = { PATH: `.:bin::./bin:${PATH}` };
    expect(await outcome(fromCommand(['tool']), { cwd, env })).toMatch(/^CVG401 .*there is no such program/);
    expect(await outcome(fromCommand(['sh', '-c', 'echo $PATH']), { cwd, env })).toEqual({ text: PATH });
    const own = { PATH: `${path.join(cwd, 'state/bin')}:${PATH}` };
    expect(await outcome(fromCommand(['tool']), { cwd, env: own })).toEqual({ text: 'planted' });
  });
});

describe('what is refused', () => {
  test('every command, without --allow-exec', async () => {
    const cwd = tempTree({ 'state/make.sh': { script: 'touch made; echo v' } });
    expect(await resolve(fromCommand(['./make.sh', SECRET]), { cwd, allowExec: false })).toEqual({
      type: 'unresolved',
      diagnostic: {
        severity: 'error',
        code: 'CVG403',
        summary: 'fromCommand ./make.sh: documents may run commands only with --allow-exec',
        hint: 'Add --allow-exec if you trust this document like a script that you run.',
        where: WHERE,
      },
    });
    expect(existsSync(path.join(cwd, 'state/made'))).toBe(false);
  });

  test.each([
    [
      'an exit code',
      sh(`echo ${SECRET}; echo ${SECRET} >&2; exit 3`),
      'CVG401 fromCommand sh: the command ended with exit code 3',
    ],
    ['a signal', sh(`echo ${SECRET}; kill -TERM $$`), 'CVG401 fromCommand sh: the command was ended by SIGTERM'],
    [
      'a program that is not there',
      fromCommand(['no-such-tool', SECRET]),
      'CVG401 fromCommand no-such-tool: there is no such program',
    ],
    ['a file that is not there', fromCommand(['./no-such']), 'CVG401 fromCommand ./no-such: there is no such program'],
    [
      'a file that is no program',
      fromCommand(['./main.yaml']),
      'CVG401 fromCommand ./main.yaml: the command cannot be started: permission denied (EACCES)',
    ],
    ['a folder', fromCommand(['.']), 'CVG401 fromCommand .: the command cannot be started: permission denied (EACCES)'],
    ['no program', fromCommand(['']), 'CVG401 fromCommand : there is no such program'],
    [
      'an argument with NUL',
      fromCommand(['echo', 'a\0b']),
      'CVG401 fromCommand echo: the command has a NUL byte in its arguments',
    ],
    [
      'arguments without end',
      fromCommand(['echo', 'x'.repeat(4_000_000)]),
      'CVG401 fromCommand echo: the command cannot be started: E2BIG',
    ],
    ['nothing', sh('true'), 'CVG402 fromCommand sh: the command prints nothing on stdout'],
    ['a newline', sh('echo'), 'CVG402 fromCommand sh: the command prints nothing on stdout'],
    [
      'a NUL byte',
      sh(String.raw`printf '${SECRET}\0'`),
      'CVG404 fromCommand sh: what the command prints holds a NUL byte',
    ],
    [
      'invalid UTF-8',
      sh(String.raw`printf '${SECRET}\377'`),
      'CVG404 fromCommand sh: what the command prints is not UTF-8 text',
    ],
    [
      'one byte too much',
      sh("head -c 65537 /dev/zero | tr '\\0' x"),
      'CVG404 fromCommand sh: the command prints more than 65536 bytes, the most that is read',
    ],
    [
      'output without end',
      fromCommand(['yes', SECRET]),
      'CVG404 fromCommand yes: the command prints more than 65536 bytes, the most that is read',
    ],
  ])('%s', async (_, ref, said) => {
    expect(await outcome(ref, { cwd: tempTree({ 'state/main.yaml': '' }) })).toBe(said);
  });
});

/**
 * A program whose child would run for a thousand seconds. `started` is read to its end once the child runs; `held` only
 * when the child is gone, for it holds the pipe open.
 */
function hanging(parent: string) {
  const child = '( exec 3>held; echo > started; exec sleep 1000 ) &';
  const cwd = tempTree({ 'state/hang.sh': { script: `${child}\n${parent}\n` } });
  const pipe = (name: string): string => path.join(cwd, 'state', name);
  execFileSync('mkfifo', [pipe('started'), pipe('held')]);
  const gone = readFile(pipe('held'));
  return { cwd, ref: fromCommand(['./hang.sh']), started: () => readFile(pipe('started')), gone };
}

describe('a command that does not end', () => {
  test('is killed after ten seconds with all that it started', async () => {
    const { cwd, ref, started, gone } = hanging('wait');
    const waited: number[] = [];
    const clock = {
      async sleep(ms: number) {
        waited.push(ms);
        await started();
      },
    };
    expect(await outcome(ref, { cwd, clock })).toBe(
      'CVG401 fromCommand ./hang.sh: the command had not ended after 10 seconds, and was killed',
    );
    expect(waited).toEqual([10_000]);
    await gone;
  });

  test('is killed when the run is aborted, and nothing else is started', async () => {
    const { cwd, ref, started, gone } = hanging('wait');
    const stop = new AbortController();
    const more = Array.from({ length: 20 }, (_, index) =>
      fromCommand(['sh', '-c', `cat started; touch made-${index}`]),
    );
    const resolving = resolveSources([ref], sourceOptions({ cwd, signal: stop.signal }));
    await started();
    stop.abort('drain');
    await expect(resolving).rejects.toBe('drain');
    await gone;
    await expect(resolveSources(more, sourceOptions({ cwd, signal: stop.signal }))).rejects.toBe('drain');
    expect(existsSync(path.join(cwd, 'state/made-0'))).toBe(false);
  });

  test('what it leaves in the background neither delays the value nor outlives it', async () => {
    const { cwd, ref, started, gone } = hanging('cat wait-for-child > /dev/null; echo v');
    execFileSync('mkfifo', [path.join(cwd, 'state/wait-for-child')]);
    const resolving = outcome(ref, { cwd });
    await started();
    await writeFile(path.join(cwd, 'state/wait-for-child'), '');
    expect(await resolving).toEqual({ text: 'v' });
    await gone;
  });
});

describe('many commands', () => {
  test('the same one in the same folder runs once, whatever is made of what it prints', async () => {
    const cwd = tempTree({
      'state/once.sh': { script: 'echo run >> ran; echo v' },
      'other/once.sh': { script: 'echo run >> ran; echo w' },
    });
    const elsewhere = { ...fromCommand(['./once.sh']), where: { ...WHERE, file: 'other/main.yaml' } };
    const refs = [
      fromCommand(['./once.sh']),
      fromCommand(['./once.sh'], { keepNewline: true }),
      { ...fromCommand(['./once.sh'], { allowEmpty: true }), where: { ...WHERE, line: 9 } },
      elsewhere,
    ];
    const resolution = await resolveSources(refs, sourceOptions({ cwd }));
    expect(refs.map((ref) => resolution.get(sourceId(ref))?.type)).toEqual(['value', 'value', 'value', 'value']);
    expect(readFileSync(path.join(cwd, 'state/ran'), 'utf8')).toBe('run\n');
    expect(readFileSync(path.join(cwd, 'other/ran'), 'utf8')).toBe('run\n');
  });

  test('at most four run at once, and the order of the result is that of the document', async () => {
    const script = 'touch running.$1; ls running.* | wc -l >> counts; rm running.$1; echo $1';
    const cwd = tempTree({ 'state/count.sh': { script } });
    const refs = Array.from({ length: 24 }, (_, index) => ({
      ...fromCommand(['./count.sh', String(index)]),
      where: { ...WHERE, line: index + 1 },
    }));
    const resolution = await resolveSources(refs.toReversed(), sourceOptions({ cwd }));
    expect([...resolution.keys()]).toEqual(refs.map(sourceId));
    const counts = readFileSync(path.join(cwd, 'state/counts'), 'utf8').trim().split('\n').map(Number);
    expect(counts).toHaveLength(24);
    expect(Math.max(...counts)).toBeLessThanOrEqual(4);
  });
});
