import type { ConvexApi } from './api.ts';
import type { IdentifiedTeam } from './provider.ts';
import { tokenTeam } from './token-team.ts';

/** The token tells its team's id; the slug comes with the first project that is read. */
export async function identifyOfficial(api: ConvexApi, signal: AbortSignal): Promise<IdentifiedTeam> {
  return { teamId: await tokenTeam(api, signal), teamSlug: null };
}
