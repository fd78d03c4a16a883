import { chmod } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/compose/machine.ts';
import { lineHistory, readBlame } from '../../src/sources/line-history.ts';
import { inFolder } from '../kit/scratch.ts';

const COMMIT = '3f2a9c1d04be5f6a7b8c9d0e1f2a3b4c5d6e7f80';
const BLAME = `${COMMIT} 10 12 1
author Ada Lovelace
author-mail <ada@example.com>
author-time 1763546400
author-tz +0100
committer Ada Lovelace
committer-mail <ada@example.com>
committer-time 1763546400
committer-tz +0100
summary Log more
filename convex.state.yaml
\t          LOG_LEVEL: author nobody
`;

test('the author and the commit, not what the line itself says', () => {
  expect(readBlame(BLAME)).toEqual({
    type: 'committed',
    author: 'Ada Lovelace',
    commit: COMMIT,
    at: Date.parse('2025-11-19T10:00:00Z'),
    summary: 'Log more',
  });
});

test('a line of no commit, and an answer that is none', () => {
  expect(readBlame(BLAME.replace(COMMIT, '0'.repeat(40)))).toEqual({ type: 'uncommitted' });
  expect(readBlame('usage: git blame')).toMatchObject({ type: 'unknown' });
  expect(readBlame('')).toMatchObject({ type: 'unknown' });
});

test('without git, and where git knows nothing, it says so', async () => {
  const place = { file: 'state.yaml', line: 3, column: 1 };
  const files = { 'state.yaml': 'a\nb\nc\n', 'none/x': '', 'bin/git': '#!/bin/sh\nexit 128\n' };
  await inFolder(files, async (cwd) => {
    await chmod(`${cwd}/bin/git`, 0o755);
    const asked = (bin: string) => lineHistory(place, { cwd, env: { PATH: `${cwd}/${bin}` }, clock: systemClock });
    expect(await asked('none')).toEqual({ type: 'unknown', why: 'git was not found' });
    expect(await asked('bin')).toMatchObject({ why: expect.stringContaining('no repository') as unknown });
  });
});
