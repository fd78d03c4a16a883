// Records runs in the file that is named, and is killed with one of them half written.
import process from 'node:process';
import { DatabaseSync } from 'node:sqlite';
import { openHistory } from '../../../src/daemon/history/open-history.ts';
import { quiet, START } from './runs.ts';

const file = process.argv[2] ?? '';
const history = await openHistory({
  file,
  bounds: { ageMs: 1e12, bytes: 1e8 },
  clock: { now: () => START, monotonic: () => 0 },
  onState: () => undefined,
});
for (let minute = 1; minute <= 20; minute++) history.record(quiet(minute));
const db = new DatabaseSync(file);
db.exec("BEGIN IMMEDIATE; UPDATE runs SET id = 99, result = 'half'; PRAGMA cache_spill = 1");
process.kill(process.pid, 'SIGKILL');
