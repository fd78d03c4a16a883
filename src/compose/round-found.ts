import { hasErrors, type Diagnostic } from '../model/diagnostic.ts';
import type { Round, View } from '../model/watch-status.ts';

/** What of a round its run finds out itself. */
export type Found = Omit<Round, 'id' | 'cause' | 'startedAt' | 'ms'>;

/** {@link Found} before its requests are counted. */
export type Seen = Omit<Found, 'requests'>;

/** What a run that saw nothing has to say. */
export const NOTHING = { diagnostics: [], view: null, found: [], outcomes: [], held: [] } as const;

/** A whole reading is done, whatever differs; one with holes is not. */
export function seen(view: View, made: Pick<Seen, 'found' | 'outcomes' | 'held'>): Seen {
  const { unreadable } = view.plan;
  const [first] = unreadable;
  if (first === undefined) return { ...NOTHING, result: 'done', problem: null, view, ...made };
  const more = unreadable.length === 1 ? '' : ` and ${unreadable.length - 1} more collections`;
  const why = `${first.collection}${more} could not be read: ${first.error.message}`;
  return { ...NOTHING, result: 'failed', problem: why, view, ...made };
}

/** Waiting mends the platform, and not the document. */
export function problem(diagnostics: readonly Diagnostic[], why: string): Seen {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const isPlatform = hasErrors(errors) && errors.every(({ code }) => code.startsWith('CVG6'));
  const [first] = errors;
  const place = first?.where === undefined ? '' : `${first.where.file}:${first.where.line}:${first.where.column}: `;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more errors)` : '';
  return {
    ...NOTHING,
    result: isPlatform ? 'failed' : 'invalid',
    problem: first === undefined ? why : `${why}: ${place}${first.code} ${first.summary}${more}`,
    diagnostics: errors,
  };
}
