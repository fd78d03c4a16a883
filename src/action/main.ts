import { randomUUID } from 'node:crypto';
import process from 'node:process';
import { processIo } from '../cli/io.ts';
import { systemChance, systemClock } from '../cli/machine.ts';
import { runAction } from './run-action.ts';

process.exitCode = await runAction({
  io: processIo(),
  clock: systemClock,
  chance: systemChance,
  unique: randomUUID,
});
// Something that still holds the process (a socket that does not close) must not hold the job.
setTimeout(() => process.exit(), 2_000).unref();
