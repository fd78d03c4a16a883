import { at } from '../at.ts';
import type { GitHub } from './github.ts';
import { GitHubError } from './github-error.ts';

/** A file of the repository as it is to become. */
export interface ProposedFile {
  /** From the root of the repository, with `/`. */
  readonly path: string;
  readonly mode: '100644' | '100755';
  readonly bytes: Uint8Array;
}

export interface ProposalPull {
  readonly files: readonly ProposedFile[];
  readonly title: string;
  readonly body: string;
}

export type Pulled =
  | 'opened'
  | 'updated'
  | 'closed'
  /** Nothing to propose, and nothing was proposed before. */
  | 'nothing'
  /** People have committed to its branch: it is theirs now. */
  | 'left';

/** In the message of a commit of ours: without it the branch holds work of people. */
const OURS = 'Converge-Proposal:';

/**
 * Keeps one pull request for the proposal of a document set, on a branch of its own: opened, its commit made anew when the edits
 * or the branch below have changed, closed with its branch when there is nothing to propose. What equals is not pushed again.
 */
export async function keepProposal(
  github: GitHub,
  of: { readonly repository: string; readonly key: string; readonly base: string; readonly commit: string },
  say: { readonly proposal: ProposalPull | null; readonly closing: string },
): Promise<Pulled> {
  const { repository, key, base, commit } = of;
  const repo = `/repos/${repository}`;
  const branch = `converge/drift-${key}`;
  const [owner = ''] = repository.split('/');
  const query = `state=open&head=${encodeURIComponent(`${owner}:${branch}`)}&base=${encodeURIComponent(base)}`;
  const [open] = await github.list(`${repo}/pulls?${query}`, 1);
  const number = at(open, 'number');
  const tip = await tipOf(github, repo, branch);
  const isOurs = tip === null || tip.message.includes(`${OURS} ${key}`);
  const write = (body: object): Promise<unknown> => github.call('PATCH', `${repo}/pulls/${String(number)}`, { body });
  const { proposal } = say;
  if (!isOurs) return 'left';
  if (proposal === null) {
    if (typeof number !== 'number') return 'nothing';
    await write({ body: say.closing, state: 'closed' });
    await github.call('DELETE', `${repo}/git/refs/heads/${branch}`);
    return 'closed';
  }
  const { title, body } = proposal;
  const tree = await treeOf(github, repo, { commit, files: proposal.files });
  if (tip?.tree !== tree || tip.parent !== commit) {
    const message = `${title}\n\n${OURS} ${key}`;
    const made = await github.call('POST', `${repo}/git/commits`, { body: { message, tree, parents: [commit] } });
    const sha = textAt(made, 'sha');
    if (tip === null) await github.call('POST', `${repo}/git/refs`, { body: { ref: `refs/heads/${branch}`, sha } });
    else await github.call('PATCH', `${repo}/git/refs/heads/${branch}`, { body: { sha, force: true } });
  }
  if (typeof number === 'number') {
    await write({ title, body });
    return 'updated';
  }
  await github.call('POST', `${repo}/pulls`, { body: { title, body, head: branch, base } });
  return 'opened';
}

interface Tip {
  readonly tree: string;
  readonly parent: string | null;
  readonly message: string;
}

/** The last commit of a branch; null: there is no such branch. */
async function tipOf(github: GitHub, repo: string, branch: string): Promise<Tip | null> {
  const ref = await github.call('GET', `${repo}/git/ref/heads/${branch}`).catch((error: unknown) => {
    if (error instanceof GitHubError && error.status === 404) return null;
    throw error;
  });
  if (ref === null) return null;
  const commit = await github.call('GET', `${repo}/git/commits/${textAt(ref, 'object', 'sha')}`);
  const parent = at(commit, 'parents', 0, 'sha');
  return {
    tree: textAt(commit, 'tree', 'sha'),
    parent: typeof parent === 'string' ? parent : null,
    message: textAt(commit, 'message'),
  };
}

/** The tree of the commit with these files in it. */
async function treeOf(
  github: GitHub,
  repo: string,
  { commit, files }: { readonly commit: string; readonly files: readonly ProposedFile[] },
): Promise<string> {
  const below = await github.call('GET', `${repo}/git/commits/${commit}`);
  const entries = [];
  for (const { path, mode, bytes } of files) {
    const body = { content: Buffer.from(bytes).toString('base64'), encoding: 'base64' };
    const blob = await github.call('POST', `${repo}/git/blobs`, { body, isRepeatable: true });
    entries.push({ path, mode, type: 'blob', sha: textAt(blob, 'sha') });
  }
  const body = { base_tree: textAt(below, 'tree', 'sha'), tree: entries };
  return textAt(await github.call('POST', `${repo}/git/trees`, { body, isRepeatable: true }), 'sha');
}

function textAt(value: unknown, ...path: readonly (string | number)[]): string {
  const found = at(value, ...path);
  if (typeof found === 'string') return found;
  throw new GitHubError(`GitHub answered without ${path.join('.')}`, null);
}
