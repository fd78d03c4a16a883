import type { Scope } from '../model/change.ts';
import type { Target } from '../model/target.ts';
import { sanitize } from './sanitize.ts';

/** Whose things these are (rule 26): `team acme (id 41) on api.convex.dev, official API`. */
export function targetText(target: Target): string {
  return `${teamText(target)} on ${sanitize(hostOf(target.apiUrl))}, ${sanitize(target.dialect)} API`;
}

/** `team acme (id 41)`; `team id 41` where nothing that names its slug was read. */
export function teamText(target: Target): string {
  return target.teamSlug === null
    ? `team id ${target.teamId}`
    : `team ${sanitize(target.teamSlug)} (id ${target.teamId})`;
}

/** What narrowed the scope, as it was asked for; null when it is everything. */
export function scopeText(scope: Scope): string | null {
  if (!isPartial(scope)) return null;
  const options = [
    ...scope.target.map((glob) => `--target ${sanitize(glob)}`),
    ...scope.exclude.map((glob) => `--exclude ${sanitize(glob)}`),
  ];
  return `narrowed by ${options.join(' ')}`;
}

export function isPartial(scope: Scope): boolean {
  return scope.target.length > 0 || scope.exclude.length > 0;
}

function hostOf(apiUrl: string): string {
  return URL.parse(apiUrl)?.host || apiUrl;
}
