// docs/adopting.md, followed literally: its commands in one shell, with the real binary.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { parseSeed } from '../../src/sandbox/seed.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { MAIN } from '../cli/support/spawn-cli.ts';
import { inFolder } from '../kit/scratch.ts';

const ROOT = join(import.meta.dirname, '../..');

it('leads from a live team to a committed document whose plan is empty', { timeout: 120_000 }, async () => {
  const page = await readFile(join(ROOT, 'docs/adopting.md'), 'utf8');
  const lines = [...page.matchAll(/^```console\n(.*?)^```/gms)].flatMap(([, block = '']) => block.trim().split('\n'));
  const commands = lines.filter((line) => line.startsWith('$ ')).map((line) => line.slice(2));
  const shown = lines.filter((line) => !line.startsWith('$ '));
  expect(commands.length).toBeGreaterThan(6);
  const seedFile = join(ROOT, 'examples/sandbox.seed.yaml');
  const sandbox = await startSandbox({ seed: parseSeed(await readFile(seedFile, 'utf8'), seedFile) });
  try {
    await inFolder({}, async (folder) => {
      const [bin, work] = [join(folder, 'bin'), join(folder, 'work')];
      await mkdir(bin);
      await mkdir(work);
      await writeFile(join(bin, 'converge'), `#!/bin/sh\nexec ${process.execPath} ${MAIN} "$@"\n`);
      await chmod(join(bin, 'converge'), 0o755);
      const identity = Object.fromEntries(
        ['AUTHOR', 'COMMITTER'].flatMap((who) => [
          [`GIT_${who}_NAME`, 'Ada'],
          [`GIT_${who}_EMAIL`, 'ada@acme.example'],
        ]),
      );
      const ran = await shell(
        ['git init -q .', ...commands, 'git status --porcelain', 'git show HEAD'].join('\n'),
        work,
        {
          ...identity,
          PATH: `${bin}:${process.env['PATH'] ?? ''}`,
          HOME: folder,
          CONVEX_TEAM_ACCESS_TOKEN: 'sandbox',
          CONVEX_PROVISION_HOST: sandbox.url,
        },
      );
      expect(ran.code, ran.all).toBe(0);
      for (const line of shown) expect(ran.all).toContain(line);
      expect(ran.all).toContain('+      - reference: production');
      expect(ran.all).not.toContain('sandbox-stripe-key-from-last-year');
      await expect(stat(join(work, '.values.env'))).rejects.toThrow('ENOENT');
    });
    expect(sandbox.log.filter(({ kind }) => kind === 'write')).toEqual([]);
  } finally {
    await sandbox.close();
  }
});

async function shell(script: string, cwd: string, env: Readonly<Record<string, string>>) {
  const child = spawn('/bin/sh', ['-e'], { cwd, env });
  child.stdin.end(script);
  const [[code], out, err] = await Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)]);
  return { code: code as number | null, all: `${out}\n${err}` };
}
