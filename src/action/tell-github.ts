import { commentBody, type About } from './comment-body.ts';
import { driftTitle } from './drift-title.ts';
import { keepComment, type Commented } from './github/comment.ts';
import { trackDrift } from './github/drift-issue.ts';
import type { GitHub } from './github/github.ts';
import { GitHubError } from './github/github-error.ts';
import { setLabel } from './github/labels.ts';
import { keepProposal, type Pulled } from './github/proposal-pull.ts';
import type { ActionInputs } from './inputs.ts';
import { markerText } from './marker.ts';
import { proposalBody } from './proposal-body.ts';
import type { Edited } from './proposed-files.ts';
import type { ReportDocument } from './report-document.ts';
import type { Verdict } from './verdict.ts';
import { at } from './at.ts';
import type { WorkflowEvent } from './workflow-event.ts';
import { shortCommit } from './words.ts';

/** What a run came to, to be told. */
export interface Outcome {
  readonly inputs: ActionInputs;
  readonly about: About;
  readonly key: string;
  readonly verdict: Verdict;
  readonly document: ReportDocument | null;
  readonly markdown: string;
  /** What a proposal has edited; null: nothing. */
  readonly edited: Edited | null;
}

/** Tells GitHub: comment, label, issue. What GitHub refuses fails nothing: it comes back as sentences for people. */
export async function tellGitHub(github: GitHub, outcome: Outcome): Promise<readonly string[]> {
  const { about, inputs, verdict } = outcome;
  const { repository } = about.event;
  if (repository === null) return ['GITHUB_REPOSITORY names no repository: nothing was told there.'];
  const told: string[] = [];
  const attempt = async (what: string, permission: string, tell: () => Promise<string | null>): Promise<void> => {
    try {
      const note = await tell();
      if (note !== null) told.push(note);
    } catch (error) {
      if (!(error instanceof GitHubError)) throw error;
      const isForbidden = error.status === 401 || error.status === 403 || error.status === 404;
      told.push(
        `${what} ${error.message}.${isForbidden ? ` The job needs \`permissions: ${permission}\`, which a pull request from a fork never gets.` : ''}`,
      );
    }
  };
  const number = { found: about.event.pull?.number ?? null };
  if (number.found === null && about.command === 'apply' && (inputs.comment !== 'off' || inputs.hasLabels))
    await attempt('The merged pull request was not found:', 'pull-requests: write', async () => {
      number.found = await mergedPull(github, repository, about.event);
      return null;
    });
  const pull = number.found;
  if (pull !== null && inputs.comment !== 'off')
    await attempt('The comment was not written:', 'pull-requests: write', async () =>
      noteOf(await comment(github, outcome, { repository, number: pull })),
    );
  if (pull !== null && inputs.hasLabels)
    await attempt('The label was not set:', 'pull-requests: write', async () => {
      await setLabel(github, { repository, number: pull }, { result: verdict.result, name: inputs.name });
      return null;
    });
  // A pull request's document is nobody's yet: what differs from it is no drift.
  const isTracked = about.command === 'drift' && inputs.hasIssue && !about.event.isOfPullRequest;
  if (isTracked && outcome.document?.kind === 'drift' && verdict.result !== 'error')
    await attempt('The issue was not written:', 'issues: write', async () => {
      const tracked = await track(github, outcome, repository);
      return tracked === 'nothing' ? null : `The issue of this drift was ${tracked}.`;
    });
  const isProposed = about.command === 'drift' && inputs.hasProposal && !about.event.isOfPullRequest;
  if (isProposed && outcome.document?.kind === 'drift' && verdict.result !== 'error')
    await attempt(
      'The proposal was not made a pull request:',
      'contents: write and pull-requests: write',
      async () => (await propose(github, outcome, repository)) ?? null,
    );
  return told;
}

async function comment(
  github: GitHub,
  { about, inputs, key, markdown, verdict }: Outcome,
  to: { readonly repository: string; readonly number: number },
): Promise<Commented> {
  const { pull, sha } = about.event;
  const commit = pull?.headSha ?? sha ?? '0000000';
  const isQuiet = verdict.result === 'no-changes' || verdict.result === 'valid';
  return keepComment(
    github,
    { repository: to.repository, pull: { number: to.number }, key },
    {
      commit,
      isWanted: inputs.comment === 'on' || !isQuiet,
      bodyOf: (standing) => commentBody(markdown, about, { key, commit, ...standing }),
      readHead:
        pull === null
          ? null
          : async () => {
              const data = await github.call('GET', `/repos/${to.repository}/pulls/${String(to.number)}`);
              const head = at(data, 'head', 'sha');
              return typeof head === 'string' ? head : null;
            },
    },
  );
}

function noteOf(commented: Commented): string | null {
  return commented.type === 'overtaken'
    ? `The comment was left as it is: it tells of ${shortCommit(commented.by)}, which is newer.`
    : null;
}

/** The pull request whose merge made the commit that is applied; null: there is none. */
async function mergedPull(github: GitHub, repository: string, { sha }: WorkflowEvent): Promise<number | null> {
  if (sha === null) return null;
  const pulls = await github.list(`/repos/${repository}/commits/${sha}/pulls`, 1);
  const merged = pulls.find(
    (pull) => at(pull, 'merge_commit_sha') === sha && typeof at(pull, 'merged_at') === 'string',
  );
  const number = at(merged, 'number');
  return typeof number === 'number' ? number : null;
}

async function track(github: GitHub, { inputs, key, document, markdown, about }: Outcome, repository: string) {
  if (document?.kind !== 'drift') return 'nothing';
  const marker = markerText({ of: 'drift', key, commit: null });
  const run = about.event.run === null ? '' : `\n\n<sub>[run](${about.event.run.url})</sub>`;
  const bodyOf = (last: string): string => [marker, markdown.trimEnd(), `${last}${run}`].join('\n\n');
  const body = bodyOf(
    'This issue is written by `converge drift`: it follows what is live, and is closed when nothing differs any more.',
  );
  return trackDrift(
    github,
    { repository, key },
    {
      issue: document.items.length === 0 ? null : { title: driftTitle(document, inputs.name), body },
      closing: bodyOf('Closed by `converge drift`.'),
    },
  );
}

/** What became of the pull request, for people; null: nothing did. */
async function propose(github: GitHub, outcome: Outcome, repository: string): Promise<string | null> {
  const { inputs, key, document, markdown, about, edited } = outcome;
  const { branch, sha, run } = about.event;
  if (document?.kind !== 'drift' || branch === null || sha === null)
    return 'No proposal was made a pull request: the workflow is run for no branch.';
  if (edited !== null && 'why' in edited) return `The proposal was not made a pull request: ${edited.why}.`;
  const { proposal } = document;
  const marker = markerText({ of: 'drift', key, commit: null });
  const link = run === null ? '' : `<sub>[run](${run.url})</sub>`;
  const said = proposal === undefined ? '' : proposalBody(proposal);
  const whole = [marker, said, markdown.trimEnd(), link].join('\n\n');
  const body =
    whole.length <= MOST_BODY ? whole : [marker, said, 'The report is in the summary of the run.', link].join('\n\n');
  const pulled = await keepProposal(
    github,
    { repository, key, base: branch, commit: sha },
    {
      proposal:
        edited === null
          ? null
          : {
              files: edited.files,
              title: `Accept what is live${inputs.name === null ? '' : ` (${inputs.name})`}`,
              body,
            },
      closing: [marker, 'Closed by `converge drift`: there is nothing to accept any more.', link].join('\n\n'),
    },
  );
  return PULLED[pulled];
}

/** GitHub takes 65,536 characters. */
const MOST_BODY = 65_000;

const PULLED: Readonly<Record<Pulled, string | null>> = {
  opened: 'A pull request that accepts what is live was opened.',
  updated: 'The pull request that accepts what is live was updated.',
  closed: 'The pull request that accepted what was live was closed.',
  nothing: null,
  left: 'The pull request that accepts what is live was left as it is: people have committed to its branch.',
};
