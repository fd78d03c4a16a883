import type { Outcome } from '../model/outcome.ts';
import { labelOf } from './change-text.ts';
import { ended } from './claim.ts';

/** `create`. */
export function verbOf({ action }: Outcome): string {
  return labelOf(action).replace(/^\S+ /, '');
}

/** What is to be said after its status, with a full stop. */
export function withReason({ error, because }: Outcome): string {
  const why = error === undefined ? because : `${error.code}: ${error.message}`;
  return why === undefined ? '.' : `: ${ended(why)}`;
}
