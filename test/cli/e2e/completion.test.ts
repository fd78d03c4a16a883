import { spawnSync } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { completionScript } from '../../../src/cli/completion-script.ts';
import { converge } from '../../kit/converge.ts';
import { MAIN } from '../support/spawn-cli.ts';
import { openWorld, type World } from './world.ts';

/** What the words may become. */
async function offered(world: World, ...words: readonly string[]): Promise<readonly string[]> {
  const { exit, stdout, stderr } = await converge(['__complete', '--', ...words], { cwd: world.path('.') });
  expect([exit, stderr]).toEqual([0, '']);
  return stdout.split('\n').slice(0, -1);
}

async function offeredWords(world: World, ...words: readonly string[]): Promise<readonly string[]> {
  return (await offered(world, ...words)).map((line) => line.split('\t')[0] ?? '');
}

describe('what is offered', () => {
  test('commands that are built, with what they do', async () => {
    await using world = await openWorld();
    const lines = await offered(world, '');
    expect(lines).toContain('plan\tread live state and print what differs; writes nothing');
    expect(lines.join('\n')).not.toMatch(/not built yet|__complete/);
    expect(await offeredWords(world, 'dr')).toEqual(['drift']);
    expect(await offeredWords(world, '--v')).toEqual(['--version']);
    expect(await offered(world, 'nonsense', '')).toEqual([]);
  });

  test('options of the command, none that is hidden', async () => {
    await using world = await openWorld();
    const options = await offeredWords(world, 'plan', '-');
    expect(options).toEqual(expect.arrayContaining(['--file', '--target', '--out']));
    expect(options).not.toEqual(expect.arrayContaining(['--token']));
    expect(await offeredWords(world, 'plan', '--', '--ta')).toEqual([]);
  });

  test.each<[readonly string[], readonly string[]]>([
    [
      ['plan', '--target', ''],
      ['project:shop', 'project:shop/'],
    ],
    [
      ['plan', '--target', 'project:shop/'],
      ['project:shop/deployment:production', 'project:shop/deployment:production/'],
    ],
    [
      ['apply', '--confirm', 'project:shop/deployment:production/env-var:'],
      ['project:shop/deployment:production/env-var:LOG_LEVEL', 'project:shop/deployment:production/env-var:STRIPE_KEY'],
    ],
    [
      ['plan', '--target=project:sh'],
      ['--target=project:shop', '--target=project:shop/'],
    ],
    [['plan', '--exclude', 'x'], []],
    [['plan', '--file', 'other.yaml', '--target', ''], ['project:other']],
    [['plan', '--rate', '5', '-f', 'other.yaml', '--target', ''], ['project:other']],
    [['plan', '--file', 'broken.yaml', '--target', ''], []],
    [['plan', '--file', 'none.yaml', '--target', ''], []],
    [['plan', '-f', ''], [':files']],
    [['plan', '--file='], [':files']],
    [['apply', ''], [':files']],
    [['show', '--', '-x'], [':files']],
    [['plan', '--report', 'js'], ['json=']],
    [['plan', '--report', 'json=x'], [':files']],
    [
      ['plan', '--color', 'a'],
      ['auto', 'always'],
    ],
    [['plan', '--dialect', 'c'], ['catalog']],
    [['schema', '--kind', 'd'], ['drift']],
    [['drift', '--fail-on', 'changed,mi'], ['changed,missing']],
    [['apply', '--allow-delete', 'p'], ['project']],
    [['plan', '--suppress', 'CVG511'], ['CVG511']],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['plan', '--rate', ''], []],
  ])('%j', async (words, expected) => {
    await using world = await openWorld();
    await world.write('other.yaml', 'version: 1\nteam: acme\nprojects:\n  - slug: other\n');
    await world.write('broken.yaml', 'version: 1\nteam: [');
    expect(await offeredWords(world, ...words)).toEqual(expected);
    expect(world.sandbox.log).toEqual([]);
  });

  test('a name of the document that is no plain text breaks no line', async () => {
    await using world = await openWorld();
    await world.write('convex.state.yaml', 'version: 1\nteam: acme\nprojects:\n  - slug: "a\\nb"\n');
    for (const line of await offered(world, 'plan', '--target', '')) expect(line).toMatch(/^project:[\w%]+\/?$/);
  });
});

/** A folder on the path with `converge` in it. */
async function onPath(world: World): Promise<Readonly<Record<string, string>>> {
  const bin = world.path('bin');
  await mkdir(bin, { recursive: true });
  await writeFile(path.join(bin, 'converge'), `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`);
  await chmod(path.join(bin, 'converge'), 0o755);
  return { PATH: [bin, process.env['PATH']].join(path.delimiter), HOME: bin, TERM: 'dumb' };
}

function has(shell: string): boolean {
  return spawnSync(shell, ['-c', 'exit 0']).status === 0;
}

async function inShell(world: World, shell: string, argv: readonly string[]): Promise<string> {
  const ran = spawnSync(shell, argv, { cwd: world.path('.'), env: await onPath(world), encoding: 'utf8' });
  expect(ran.stderr).toBe('');
  return ran.stdout;
}

describe('bash', () => {
  /** Gives the function what readline gives it: the line, the cursor, and words that end at `:` and `=`. */
  const DRIVER = `
    ${completionScript('bash')}
    compopt() { options+=" $*"; }
    COMP_LINE=$1 COMP_POINT=\${#1} COMP_WORDS=() options=
    re='^([[:space:]]+)?([:=]+|[^[:space:]:="'"'"']+|["'"'"'][^"'"'"']*["'"'"']?)?'
    rest=$1
    while [[ -n $rest && $rest =~ $re ]]; do
      [[ -n \${BASH_REMATCH[2]} || -n \${BASH_REMATCH[1]} ]] && COMP_WORDS+=("\${BASH_REMATCH[2]}")
      rest=\${rest#"\${BASH_REMATCH[0]}"}
    done
    COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
    _converge converge
    printf '%s\\n' "$options" "\${COMPREPLY[@]}"
  `;

  test.each([
    ['converge pl', '', ['plan']],
    ['converge plan --target project:sh', ' -o nospace', ['shop', 'shop/']],
    ['converge plan --target project:', ' -o nospace', ['shop', 'shop/']],
    ['converge plan --target ', ' -o nospace', ['project:shop', 'project:shop/']],
    [
      'converge plan --target=project:shop/d',
      ' -o nospace',
      ['shop/deployment:production', 'shop/deployment:production/'],
    ],
    ["converge plan --target 'project:sh", ' -o nospace', ['project:shop', 'project:shop/']],
    ['converge   plan   --color   al', '', ['always']],
    ['converge plan --color=al', '', ['always']],
    ['converge plan -f ', ' -o default', []],
    ['converge plan --report json=x', ' -o default', []],
  ])('%s', async (line, options, words) => {
    await using world = await openWorld();
    const out = await inShell(world, 'bash', ['--norc', '-c', DRIVER, 'bash', line]);
    expect(out.split('\n').slice(0, -1)).toEqual([options, ...words]);
  });
});

// Where a shell is not there the report says so.
test('zsh', async ({ skip }) => {
  if (!has('zsh')) skip('not run: there is no zsh on this machine');
  await using world = await openWorld();
  await world.write('completion.zsh', completionScript('zsh'));
  // A terminal with a zsh in it, which is typed into.
  const type = (line: string, until: string): Promise<string> =>
    inShell(world, 'zsh', [
      '-f',
      '-c',
      `zmodload zsh/zpty
       zpty -b z 'zsh -f -i'
       zpty -w z "PS1='> '; autoload -U compinit; compinit -u -D; source ./completion.zsh; bindkey -e; echo REA''DY"
       zpty -r -m z out '*READY*'
       zpty -w -n z $1$'\\t'
       zpty -r -m z out $2
       print -r -- "\${(V)out}"
       zpty -d z`,
      'zsh',
      line,
      until,
    ]);
  expect(await type('converge pl', '*plan *')).toContain('converge plan ');
  expect(await type('converge plan --target project:sh', '*project:shop*')).toContain('--target project:shop');
  expect(await type('converge plan --report json=conv', '*convex.state.yaml*')).toContain('json=convex.state.yaml');
});

test('fish', async ({ skip }) => {
  if (!has('fish')) skip('not run: there is no fish on this machine');
  await using world = await openWorld();
  await world.write('completion.fish', completionScript('fish'));
  const completed = async (line: string): Promise<readonly string[]> => {
    const out = await inShell(world, 'fish', ['--no-config', '-c', `source ./completion.fish; complete -C '${line}'`]);
    return out.split('\n').slice(0, -1);
  };
  expect(await completed('converge pl')).toEqual(['plan\tread live state and print what differs; writes nothing']);
  expect(await completed('converge plan --target project:sh')).toEqual(['project:shop', 'project:shop/']);
  expect(await completed('converge plan --target=project:sh')).toEqual([
    '--target=project:shop',
    '--target=project:shop/',
  ]);
  expect(await completed('converge plan --report json=conv')).toEqual(['json=convex.state.yaml']);
});
