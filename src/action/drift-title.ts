import { cut } from '../report/markup.ts';
import { count } from '../report/words.ts';
import type { DriftDocument } from './report-document.ts';

/** The title of the issue. */
export function driftTitle(document: DriftDocument, name: string | null): string {
  const { teamSlug, teamId } = document.target;
  const team = cut(teamSlug ?? `id ${String(teamId)}`).replaceAll('@', '');
  return `Drift: ${count(document.items.length, 'thing')} moved in team ${team}${name === null ? '' : ` (${name})`}`;
}
