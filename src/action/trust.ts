import { shortCommit } from './words.ts';
import type { WorkflowEvent } from './workflow-event.ts';

/** What may be run for an event. */
export type Trust =
  | { readonly type: 'whole' }
  | { readonly type: 'validate-only'; readonly because: string }
  | { readonly type: 'refused'; readonly because: string };

/**
 * Judges by who could have written what is about to be run. `commits` are those that the files were checked out at,
 * null where that is unknown, `others` those of all checkouts in the workspace. A workflow of `pull_request_target` has
 * the secrets of the repository, so there the files may only be the base's, and the pull request may not lie beside them.
 * What nobody can see from HEAD: files that a step before has changed.
 */
export function judgeTrust(
  event: WorkflowEvent,
  asked: {
    readonly allowExec: boolean;
    readonly commits: ReadonlySet<string | null>;
    readonly others: ReadonlySet<string>;
  },
): Trust {
  if (event.name === 'pull_request_target') {
    const own = new Set([event.sha, event.pull?.baseSha].filter((commit) => typeof commit === 'string'));
    const heads = [event.pull?.headSha, event.pull?.mergeSha].filter((commit) => typeof commit === 'string');
    const foreign = [
      ...[...asked.commits].filter((commit) => commit === null || !own.has(commit)),
      ...heads.filter((commit) => asked.others.has(commit) && !own.has(commit)),
    ][0];
    if (foreign !== undefined) {
      const found = foreign === null ? 'no commit can be read' : `commit ${shortCommit(foreign)} is checked out`;
      return refused(
        `pull_request_target runs with the secrets of the repository, so it reads files of the base alone, and ${found}: ` +
          'use `on: pull_request`, which needs no secrets for a plan',
      );
    }
  }
  if (asked.allowExec && event.isOfPullRequest)
    return refused(
      'allow-exec is for documents that are trusted like a script, and this run was started by a pull request, whose ' +
        'author could name any program: leave allow-exec out here, and give it where merged documents are applied',
    );
  if (event.name.startsWith('pull_request') && event.pull?.isFork !== false)
    return {
      type: 'validate-only',
      because:
        'The pull request comes from a fork: only validate was run. A plan needs a token, which workflows of forks do not get.',
    };
  return { type: 'whole' };
}

function refused(because: string): Trust {
  return { type: 'refused', because };
}
