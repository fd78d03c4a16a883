import { readFile } from 'node:fs/promises';
import { at } from './at.ts';

export interface PullRequest {
  readonly number: number;
  readonly headSha: string;
  readonly baseSha: string | null;
  /** The merge that GitHub has tried. */
  readonly mergeSha: string | null;
  /** Its commits come from a repository of others; also where that cannot be told. */
  readonly isFork: boolean;
}

/** What started the workflow, as the runner tells it. */
export interface WorkflowEvent {
  readonly name: string;
  /** `owner/name`. */
  readonly repository: string | null;
  /** The commit that the workflow is run for. */
  readonly sha: string | null;
  /** The branch that the workflow is run for; null: it is none. */
  readonly branch: string | null;
  readonly run: { readonly id: string; readonly attempt: string; readonly url: string } | null;
  /** Null: it is about none. */
  readonly pull: PullRequest | null;
  /** Somebody's pull request started it, directly or through another workflow or a comment. */
  readonly isOfPullRequest: boolean;
}

/** Reads the environment and the payload file of the event. A payload that cannot be read is as none. */
export async function readWorkflowEvent(env: Readonly<Record<string, string | undefined>>): Promise<WorkflowEvent> {
  const name = env['GITHUB_EVENT_NAME'] ?? '';
  const payload = await payloadOf(env['GITHUB_EVENT_PATH']);
  const repository = env['GITHUB_REPOSITORY'] ?? '';
  const isPull = name.startsWith('pull_request');
  return {
    name,
    repository: /^[\w.-]+\/[\w.-]+$/.test(repository) ? repository : null,
    sha: commitIn(env['GITHUB_SHA']),
    branch: branchIn(env['GITHUB_REF']),
    run: runOf(env),
    pull: isPull ? pullOf(payload) : null,
    isOfPullRequest:
      isPull ||
      (name === 'issue_comment' && at(payload, 'issue', 'pull_request') !== undefined) ||
      (name === 'workflow_run' && String(at(payload, 'workflow_run', 'event')).startsWith('pull_request')),
  };
}

async function payloadOf(file: string | undefined): Promise<unknown> {
  if (file === undefined || file === '') return null;
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return null;
  }
}

function pullOf(payload: unknown): PullRequest | null {
  const number = at(payload, 'pull_request', 'number');
  const headSha = commitIn(at(payload, 'pull_request', 'head', 'sha'));
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || headSha === null) return null;
  const head = at(payload, 'pull_request', 'head', 'repo', 'full_name');
  const base = at(payload, 'pull_request', 'base', 'repo', 'full_name') ?? at(payload, 'repository', 'full_name');
  return {
    number,
    headSha,
    baseSha: commitIn(at(payload, 'pull_request', 'base', 'sha')),
    mergeSha: commitIn(at(payload, 'pull_request', 'merge_commit_sha')),
    isFork: typeof head !== 'string' || head !== base,
  };
}

function runOf(env: Readonly<Record<string, string | undefined>>): WorkflowEvent['run'] {
  const { GITHUB_RUN_ID: id = '', GITHUB_RUN_ATTEMPT: attempt = '1', GITHUB_REPOSITORY: repository = '' } = env;
  const server = (env['GITHUB_SERVER_URL'] ?? 'https://github.com').replace(/\/+$/, '');
  if (!/^\d+$/.test(id) || !/^\d+$/.test(attempt)) return null;
  return { id, attempt, url: `${server}/${repository}/actions/runs/${id}` };
}

function branchIn(ref: string | undefined): string | null {
  return /^refs\/heads\/(.+)$/.exec(ref ?? '')?.[1] ?? null;
}

function commitIn(value: unknown): string | null {
  return typeof value === 'string' && /^[0-9a-f]{40,64}$/.test(value) ? value : null;
}
