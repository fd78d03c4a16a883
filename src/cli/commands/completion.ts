import { EXIT, type ExitCode } from '../exit-codes.ts';
import { completionScript } from '../completion-script.ts';
import type { Shell } from '../completion-options.ts';
import type { Session } from '../session.ts';

/** Prints the script for a shell. */
export async function runCompletion(shell: Shell, session: Session): Promise<ExitCode> {
  session.io.stdout.write(completionScript(shell));
  return EXIT.done;
}
