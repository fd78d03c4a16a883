import type { PullRequest } from '../workflow-event.ts';
import { at } from '../at.ts';
import { markerIn } from '../marker.ts';
import { GitHubError } from './github-error.ts';
import type { GitHub } from './github.ts';

/** A pull request with more comments than this many pages has its comment looked for among the first ones. */
const MOST_PAGES = 50;

/** What there is before a comment is written. */
export interface Standing {
  /** The commit of the comment that it takes the place of. */
  readonly replaces: string | null;
  /** The commit that the pull request is at by now; null: not known. */
  readonly head: string | null;
}

export type Commented =
  | { readonly type: 'created' | 'updated' }
  /** Nothing to say, and nothing was said before. */
  | { readonly type: 'not-needed' }
  /** A run for the newer commit was faster. */
  | { readonly type: 'overtaken'; readonly by: string };

interface Found {
  readonly id: number;
  readonly commit: string | null;
}

/**
 * Keeps one comment for a document set in a pull request: makes it, or writes it anew in place. Only comments of the
 * token's own user count, whoever copies the marker; further ones, of runs that went on at the same time, are deleted.
 */
export async function keepComment(
  github: GitHub,
  to: { readonly repository: string; readonly pull: Pick<PullRequest, 'number'>; readonly key: string },
  comment: {
    /** The commit that it tells of. */
    readonly commit: string;
    /** False: only an existing comment is written anew. */
    readonly isWanted: boolean;
    readonly bodyOf: (standing: Standing) => string;
    /** Null: it is not compared (the pull request is merged). */
    readonly readHead: (() => Promise<string | null>) | null;
  },
): Promise<Commented> {
  const issue = `/repos/${to.repository}/issues/${String(to.pull.number)}`;
  const look = async (): Promise<readonly Found[]> =>
    ownOf(github, await github.list(`${issue}/comments`, MOST_PAGES), to.key);
  const [first, ...further] = await look();
  if (first === undefined && !comment.isWanted) return { type: 'not-needed' };
  const head = comment.readHead === null ? null : await comment.readHead();
  if (first?.commit === head && head !== null && head !== comment.commit) return { type: 'overtaken', by: head };
  const body = comment.bodyOf({ replaces: first?.commit ?? null, head });
  const write = (id: number): Promise<unknown> =>
    github.call('PATCH', `/repos/${to.repository}/issues/comments/${String(id)}`, { body: { body } });
  if (first !== undefined) {
    await write(first.id);
    for (const { id } of further) await github.call('DELETE', `/repos/${to.repository}/issues/comments/${String(id)}`);
    return { type: 'updated' };
  }
  try {
    await github.call('POST', `${issue}/comments`, { body: { body } });
  } catch (error) {
    // Without an answer it may have been made: looked for, so that there are not two.
    if (!(error instanceof GitHubError) || (error.status !== null && error.status < 500)) throw error;
    const [made] = await look();
    if (made === undefined) await github.call('POST', `${issue}/comments`, { body: { body } });
  }
  return { type: 'created' };
}

async function ownOf(github: GitHub, comments: readonly unknown[], key: string): Promise<readonly Found[]> {
  const marked = comments.flatMap((comment) => {
    const marker = markerIn(at(comment, 'body'), 'comment', key);
    const id = at(comment, 'id');
    return marker === null || typeof id !== 'number'
      ? []
      : [{ id, commit: marker.commit, by: at(comment, 'user', 'login') }];
  });
  if (marked.length === 0) return [];
  const login = await github.login();
  return marked.filter(({ by }) => by === login);
}
