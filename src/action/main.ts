import { randomUUID } from 'node:crypto';
import process from 'node:process';
import { processIo } from '../cli/io.ts';
import { systemChance, systemClock } from '../compose/machine.ts';
import { sanitize } from '../report/sanitize.ts';
import { runAction } from './run-action.ts';

try {
  process.exitCode = await runAction({ io: processIo(), clock: systemClock, chance: systemChance, unique: randomUUID });
} catch (error) {
  // Secrets are masked by now.
  const said = sanitize(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.stdout.write(
    `::error title=converge::this is a bug of the Action, please report it: ${said.replaceAll('%', '%25')}\n`,
  );
  process.exitCode = 1;
}
// Something that still holds the process (a socket that does not close) must not hold the job.
setTimeout(() => process.exit(), 2_000).unref();
