import { PlatformError } from '../../model/error.ts';
import { shapeOf } from '../http/decode.ts';
import type { ConvexApi } from './api.ts';

/** The team of the token, by `GET /token_details`. Throws {@link PlatformError}; for a project's token too. */
export async function tokenTeam(api: ConvexApi, signal: AbortSignal): Promise<number> {
  const teamId = await api.management({ method: 'GET', path: '/token_details', decode: teamOf, signal });
  if (teamId !== null) return teamId;
  throw new PlatformError('forbidden', 'this is the token of a project; a team token is needed', {
    executed: 'no',
    retryable: false,
  });
}

/** `PlatformTokenDetailsResponse` → the team; null for a token of something else (a project's has no team id). */
function teamOf(body: unknown): number | null {
  const details = shapeOf(body, 'the token');
  return details.text('type') === 'projectToken' ? null : details.integer('teamId');
}
