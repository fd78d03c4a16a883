import { markerIn } from '../marker.ts';
import { at } from '../at.ts';
import type { GitHub } from './github.ts';

/** By it the issue is found at once; without it, among the open ones. */
export const DRIFT_LABEL = 'converge-drift';

const MOST_PAGES = 10;

export type Tracked = 'opened' | 'reopened' | 'updated' | 'closed' | 'nothing';

/**
 * Keeps one issue for the drift of a document set: opened when there is some, written anew while there is, closed when
 * there is none, opened again when it comes back. `issue` null: there is no drift. `closing`: what it says then.
 */
export async function trackDrift(
  github: GitHub,
  of: { readonly repository: string; readonly key: string },
  say: { readonly issue: { readonly title: string; readonly body: string } | null; readonly closing: string },
): Promise<Tracked> {
  const path = `/repos/${of.repository}/issues`;
  const found = await findIssue(github, path, of.key);
  const write = (body: object): Promise<unknown> => github.call('PATCH', `${path}/${String(found?.number)}`, { body });
  if (say.issue === null) {
    if (found === null || !found.isOpen) return 'nothing';
    await write({ body: say.closing, state: 'closed', state_reason: 'completed' });
    return 'closed';
  }
  if (found === null) {
    await github.call('POST', path, { body: { ...say.issue, labels: [DRIFT_LABEL] } });
    return 'opened';
  }
  await write({ ...say.issue, state: 'open' });
  return found.isOpen ? 'updated' : 'reopened';
}

interface Found {
  readonly number: number;
  readonly isOpen: boolean;
}

/** The open one of ours, else the newest that was closed. */
async function findIssue(github: GitHub, path: string, key: string): Promise<Found | null> {
  let login: string | null = null;
  for (const query of [`labels=${DRIFT_LABEL}&state=all`, 'state=open']) {
    const marked = (await github.list(`${path}?${query}&sort=created&direction=desc`, MOST_PAGES)).filter(
      (issue) => at(issue, 'pull_request') === undefined && markerIn(at(issue, 'body'), 'drift', key) !== null,
    );
    if (marked.length > 0) login ??= await github.login();
    const own = marked.flatMap((issue) => {
      const number = at(issue, 'number');
      return at(issue, 'user', 'login') === login && typeof number === 'number'
        ? [{ number, isOpen: at(issue, 'state') === 'open' }]
        : [];
    });
    const found = own.find(({ isOpen }) => isOpen) ?? own[0];
    if (found !== undefined) return found;
  }
  return null;
}
