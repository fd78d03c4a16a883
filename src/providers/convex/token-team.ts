import { PlatformError } from '../../model/error.ts';
import { shapeOf } from '../http/decode.ts';
import type { ConvexApi } from './api.ts';

/** The team of the token, by `GET /token_details`. Throws {@link PlatformError}; for a project's token too. */
export async function tokenTeam(api: ConvexApi, signal: AbortSignal): Promise<number> {
  const { teamId, tokenId } = await api.management({
    method: 'GET',
    path: '/token_details',
    decode: detailsOf,
    signal,
  });
  if (tokenId !== null) api.noteTokenId(tokenId);
  if (teamId !== null) return teamId;
  throw new PlatformError('forbidden', 'this is the token of a project; a team token is needed', {
    executed: 'no',
    retryable: false,
  });
}

/** `PlatformTokenDetailsResponse` → the team; null for a token of something else (a project's has no team id). */
function detailsOf(body: unknown): { readonly teamId: number | null; readonly tokenId: number | null } {
  const details = shapeOf(body, 'the token');
  const id = details.entries().find(([field]) => field === 'id')?.[1];
  return {
    teamId: details.text('type') === 'projectToken' ? null : details.integer('teamId'),
    // Only for telling our own events from others: no reason to fail.
    tokenId: typeof id === 'number' ? id : null,
  };
}
