import { PlatformError } from '../../model/error.ts';
import type { SaidTeam } from '../../model/provider.ts';
import { listOf, shapeOf } from '../http/decode.ts';
import type { ConvexApi } from './api.ts';
import type { IdentifiedTeam } from './provider.ts';
import { tokenTeam } from './token-team.ts';

/** Where nothing else tells the team: declared projects that its slug is looked up by, one request each. */
const MOST_LOOKED_UP = 20;

/**
 * The catalog has no request that names the token's team. Its documentation has `token_details`, so that is asked
 * first. Where it is not served, a numeric team is taken at its word (the list of projects tells whether it is
 * right), and a slug is resolved by a declared project that exists. A slug beside a token that tells its team is
 * checked by a project of that team; a team without projects cannot be checked.
 */
export async function identifyCatalog(
  api: ConvexApi,
  signal: AbortSignal,
  said: SaidTeam | null,
): Promise<IdentifiedTeam> {
  const ofToken = await orNull(tokenTeam(api, signal));
  if (said === null || typeof said.team === 'number') {
    const teamId = ofToken ?? said?.team;
    if (typeof teamId !== 'number') throw wrongTeam('the API does not tell the team of the token');
    return { teamId, teamSlug: null };
  }
  const { team, keys } = said;
  const look = (project: string): Promise<number | null> => teamOfProject(api, signal, { team, project });
  if (ofToken === null) {
    for (const key of keys.slice(0, MOST_LOOKED_UP)) {
      const teamId = await look(key);
      if (teamId !== null) return { teamId, teamSlug: team };
    }
    throw wrongTeam(
      `the API does not tell the team of the token, and no declared project exists in ${JSON.stringify(team)} that would tell its id: write \`team: <numeric id>\``,
    );
  }
  const [declared] = keys;
  let found = declared === undefined ? null : await look(declared);
  if (found === null) {
    const live = await firstProject(api, signal, ofToken);
    if (live === null) return { teamId: ofToken, teamSlug: null };
    found = await look(live);
  }
  if (found === ofToken) return { teamId: ofToken, teamSlug: team };
  throw wrongTeam(
    `the state document is for team ${JSON.stringify(team)}, and the token is for team id ${String(ofToken)}, which is another`,
  );
}

async function teamOfProject(
  api: ConvexApi,
  signal: AbortSignal,
  { team, project }: { readonly team: string; readonly project: string },
): Promise<number | null> {
  const path = `/teams/${encodeURIComponent(team)}/projects/${encodeURIComponent(project)}`;
  const decode = (body: unknown): number => shapeOf(body, 'the project').integer('team_id');
  try {
    return await orNull(api.management({ method: 'GET', path, decode, signal }));
  } catch (error) {
    if (!(error instanceof PlatformError) || error.code !== 'forbidden') throw error;
    throw wrongTeam(`the token may not see the team ${JSON.stringify(team)} of the state document: ${error.message}`);
  }
}

/** The slug of one project of the team; null where it has none. */
function firstProject(api: ConvexApi, signal: AbortSignal, teamId: number): Promise<string | null> {
  return api.management({
    method: 'GET',
    path: `/teams/${String(teamId)}/list_projects`,
    decode(body) {
      const [first] = listOf(body, 'projects');
      return first === undefined ? null : shapeOf(first, 'projects[0]').text('slug');
    },
    signal,
  });
}

/** Null for "not found", which is an answer here. */
async function orNull<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof PlatformError && error.code === 'not-found') return null;
    throw error;
  }
}

function wrongTeam(message: string): PlatformError {
  return new PlatformError('wrong-team', message, { executed: 'no', retryable: false });
}
