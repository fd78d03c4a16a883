// Stages in processes of their own: two at a time use two cores, and a planted bug stays where it was planted.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { StageName } from '../stages/all.ts';
import type { StageOptions, StageResult } from './stage.ts';

const ONE = path.join(import.meta.dirname, '../one.ts');
const PLANT = path.join(import.meta.dirname, '../teeth/plant.ts');

/** Runs one stage in a process of its own. `bug`: with that bug planted in it. */
export async function inProcess(name: StageName, options: StageOptions, bug?: string): Promise<StageResult> {
  const args = [
    ...(bug === undefined ? [] : ['--import', PLANT]),
    ONE,
    name,
    String(options.seed),
    String(options.count),
    ...(options.quick === true ? ['quick'] : []),
  ];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...(bug === undefined ? {} : { FAULTS_BUG: bug }) },
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code === 99) throw new Error(`the bug "${bug ?? ''}" was never loaded by the stage ${name}`);
  if (code !== 0 || out === '') return { name, counts: {}, failure: `the process ended with ${String(code)}: ${err}` };
  return JSON.parse(out) as StageResult;
}
