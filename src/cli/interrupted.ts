import { deliverErrors } from './deliver.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import type { Session } from './session.ts';
import type { Interrupt } from './signals.ts';

/** The report of a run that a signal ended before there was anything to report. */
export function deliverInterrupted(session: Session, interrupt: Interrupt): Promise<ExitCode> {
  const signal = interrupt.received() ?? 'SIGINT';
  return deliverErrors(
    session,
    {
      diagnostics: [
        { severity: 'error', code: 'CVG704', summary: `interrupted by ${signal} before anything was written` },
      ],
    },
    EXIT[signal],
  );
}
