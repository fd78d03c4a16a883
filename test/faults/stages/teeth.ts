// Stage 6: the battery bites. Every bug of the list is planted in a process of its own, and the stage that should notice
// it must fail.
import { inProcess } from '../kit/processes.ts';
import type { StageOptions, StageResult } from '../kit/stage.ts';
import { BUGS, type Bug } from '../teeth/bugs.ts';

export async function teeth(options: StageOptions & { readonly parallel: number }): Promise<StageResult> {
  const bugs = BUGS.slice(0, options.count);
  const rows: string[] = [];
  const missed: string[] = [];
  const waiting = [...bugs];
  const worker = async (): Promise<void> => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
      const found = await bite(one, options.seed);
      rows.push(`| ${one.name} | ${one.stage} | ${found ?? '**not caught**'} |`);
      if (found === null) missed.push(one.name);
    }
  };
  await Promise.all(Array.from({ length: options.parallel }, worker));
  console.log(['| bug | stage | what noticed it |', '|---|---|---|', ...rows.sort()].join('\n'));
  return {
    name: '6 teeth',
    counts: { bugs: bugs.length, caught: bugs.length - missed.length },
    failure: missed.length === 0 ? null : `not caught: ${missed.join('; ')}`,
  };
}

/** The first thing that the stage says with the bug in it; null: nothing. */
export async function bite({ name, stage, count }: Bug, seed: number): Promise<string | null> {
  const { failure } = await inProcess(stage, { seed, count, quick: true }, name);
  if (failure === null) return null;
  const lines = failure.split('\n').map((line) => line.trim());
  const said =
    lines.find((line) => /^(?:I\d+|writes|budget|reads|should have|it ended|a stray)/.test(line)) ?? lines[0] ?? '';
  return said.replaceAll('|', '/').slice(0, 90);
}
