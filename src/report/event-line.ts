import type { RunEvent } from '../model/event.ts';
import type { Outcome } from '../model/outcome.ts';
import { sanitize } from './sanitize.ts';

/** One plain line of progress for stderr, without its line break; null for events that only logs want. */
export function eventLine(event: RunEvent): string | null {
  switch (event.type) {
    case 'observing':
      return event.purpose === 'plan' ? 'reading live state' : 'reading again, to prove the result';
    case 'change-waiting':
      return sanitize(`waiting: ${event.address} (${event.because})`);
    case 'change-finished':
      return finishedLine(event.outcome);
    case 'draining':
      return `${sanitize(event.signal)}: finishing what is in flight, starting nothing more; a second signal gives up`;
    // The plan and the outcomes say it better; a display that can overwrite its lines shows them.
    case 'listed':
    case 'planned':
    case 'change-started':
    case 'request':
      return null;
    default:
      return event satisfies never;
  }
}

function finishedLine({ status, action, address, error, because }: Outcome): string {
  const why = error === undefined ? because : `${error.code}: ${error.message}`;
  return sanitize(`${status}: ${action} ${address}${why === undefined ? '' : ` (${why})`}`);
}
