// Records runs in the file that is named, and says what came of it.
import process from 'node:process';
import { openHistory } from '../../../src/daemon/history/open-history.ts';
import type { HistoryState } from '../../../src/model/history.ts';
import { healing, KEY, OTHER, START } from './runs.ts';

const states: HistoryState[] = [];
const history = await openHistory({
  file: process.argv[2] ?? '',
  bounds: { ageMs: 1e12, bytes: 1e8 },
  clock: { now: () => START, monotonic: () => 0 },
  onState: (state) => void states.push(state),
});
for (let minute = 1; minute <= 800; minute++) history.record(healing(minute, KEY, OTHER));
const { runs } = history.runs({ limit: 3, before: null });
process.stdout.write(JSON.stringify({ states, runs: runs.map(({ id }) => id) }));
