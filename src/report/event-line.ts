import { isWithin, parentAddress, type Address } from '../model/address.ts';
import type { RunEvent } from '../model/event.ts';
import type { Outcome } from '../model/outcome.ts';
import { sanitize } from './sanitize.ts';
import { count } from './words.ts';

/** One plain line of progress for stderr, without its line break; null for events that only logs want. */
export function eventLine(event: RunEvent): string | null {
  switch (event.type) {
    case 'observing':
      return event.purpose === 'plan' ? 'reading live state' : 'reading again, to prove the result';
    case 'listed':
      return `read ${event.members} × ${sanitize(event.kind)}`;
    case 'planned': {
      const { changes, refusals, unreadable } = event.plan;
      const refused = refusals.length === 0 ? '' : `, ${count(refusals.length, 'refusal')}`;
      const unread = unreadable.length === 0 ? '' : `, ${count(unreadable.length, 'unreadable collection')}`;
      return `planned ${count(changes.length, 'change')}${refused}${unread}`;
    }
    case 'change-started':
      return startedLine(event.addresses);
    case 'change-finished':
      return finishedLine(event.outcome);
    case 'draining':
      return `${sanitize(event.signal)}: finishing what is in flight, starting nothing more; a second signal gives up`;
    case 'request':
      return null;
    default:
      return event satisfies never;
  }
}

function startedLine(addresses: readonly Address[]): string | null {
  const [first] = addresses;
  if (first === undefined) return null;
  if (addresses.length === 1) return `writing ${sanitize(first)}`;
  const parent = parentAddress(first);
  const together = parent !== null && addresses.every((address) => isWithin(address, parent));
  return `writing ${count(addresses.length, 'change')}${together ? ` in ${sanitize(parent)}` : ''}`;
}

function finishedLine({ status, action, address, error, because }: Outcome): string {
  const why = error === undefined ? because : `${error.code}: ${error.message}`;
  return sanitize(`${status}: ${action} ${address}${why === undefined ? '' : ` (${why})`}`);
}
