import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { EXIT } from '../cli/exit-codes.ts';
import type { Io, Output } from '../cli/io.ts';
import { run } from '../cli/run.ts';
import type { Chance, Clock } from '../model/ports.ts';
import { diagnosticsMarkdown } from '../report/diagnostic-markdown.ts';
import { markdownText } from '../report/markup.ts';
import { annotationsOf } from './annotations.ts';
import { argvOf } from './argv.ts';
import { checkoutsIn, commitsOf } from './checkout.ts';
import { summaryBody, type About } from './comment-body.ts';
import { environmentFiles, type EnvironmentFiles } from './environment-files.ts';
import { openGitHub } from './github/github.ts';
import { readInputs } from './inputs.ts';
import { setKey } from './marker.ts';
import { proposedFiles, type Edited } from './proposed-files.ts';
import { readReport, textOf, type ReportDocument } from './report-document.ts';
import { tellGitHub, type Outcome } from './tell-github.ts';
import { judgeTrust } from './trust.ts';
import { isFailure, verdictOf } from './verdict.ts';
import { shortCommit } from './words.ts';
import { annotationLines, maskLines, withoutCommands } from './workflow-commands.ts';
import { readWorkflowEvent } from './workflow-event.ts';

export interface Machine {
  readonly io: Io;
  readonly clock: Clock;
  readonly chance: Chance;
  /** A text that nobody can guess, another one each time. */
  readonly unique: () => string;
}

/** One step of a workflow, from its inputs to its outputs. 0: the step succeeds. */
export async function runAction(machine: Machine): Promise<0 | 1> {
  const { io, unique } = machine;
  const files = environmentFiles(io.env, unique);
  for (const name of ['INPUT_TOKEN', 'INPUT_GITHUB-TOKEN', 'CONVEX_TEAM_ACCESS_TOKEN', 'CONVERGE_PLAN_KEY'])
    say(io, maskLines(io.env[name] ?? ''));
  const read = readInputs(io.env);
  if ('problems' in read) return stop(io, files, read.problems, EXIT.usage);
  const { inputs } = read;
  const event = await readWorkflowEvent(io.env);
  const cwd = path.resolve(io.cwd, inputs.workingDirectory);
  const workspace = io.env['GITHUB_WORKSPACE'] ?? io.cwd;
  const trust = judgeTrust(event, {
    allowExec: inputs.allowExec,
    commits: event.name === 'pull_request_target' ? await commitsOf(inputs.files, cwd) : new Set(),
    others: event.name === 'pull_request_target' ? await checkoutsIn(workspace) : new Set(),
  });
  if (trust.type === 'refused') return stop(io, files, [trust.because], EXIT.refused);
  const command = trust.type === 'validate-only' ? 'validate' : inputs.command;
  const key = setKey({ ...inputs, dialect: inputs.passed.find(([name]) => name === 'dialect')?.[1] ?? '' });
  const about: About = {
    command,
    name: inputs.name,
    files: inputs.files,
    event,
    note: trust.type === 'validate-only' ? trust.because : null,
  };
  if (about.note !== null)
    say(io, annotationLines([{ level: 'notice', title: 'converge', message: about.note, at: null }]));

  const temporary = io.env['RUNNER_TEMP'] ?? os.tmpdir();
  const scratch = await mkdtemp(path.join(temporary, 'converge-'));
  try {
    const isSaved = command === 'plan' && (io.env['CONVERGE_PLAN_KEY'] ?? '') !== '';
    const out = isSaved ? path.resolve(cwd, inputs.plan ?? path.join(temporary, `converge-${key}.plan.json`)) : null;
    // One of an earlier step must not pass for this one.
    if (out !== null) await rm(out, { force: true });
    if (command === 'plan' && inputs.plan !== null && out === null)
      say(io, annotationLines([{ level: 'notice', title: 'converge', message: NO_KEY, at: null }]));
    const reports = { json: path.join(scratch, 'report.json'), markdown: path.join(scratch, 'report.md') };
    const isProposed = event.name.startsWith('pull_request') || event.name === 'merge_group';
    const allowUnresolved = inputs.allowUnresolved === 'on' || (inputs.allowUnresolved === 'auto' && isProposed);
    const mayPropose = event.branch !== null && !event.isOfPullRequest;
    const argv = argvOf(command, inputs, { reports, out, allowUnresolved, mayPropose });
    const ran = await runQuoted(argv, { ...machine, cwd, token: inputs.token });
    const document = await readReport(reports.json);
    const verdict = verdictOf(document, ran.exit);
    const markdown = await markdownOf(document, reports.markdown, ran.errors);
    if (document === null) say(io, annotationLines([failed(ran.errors)]));
    else say(io, annotationLines(annotationsOf(document, { cwd, workspace })));
    await files.setOutputs({
      changed: String(verdict.isChanged),
      result: verdict.result,
      summary: verdict.summary,
      'plan-path': out !== null && (await textOf(out)) !== null ? out : '',
      'exit-code': String(ran.exit),
    });
    await files.addSummary(summaryBody(markdown, about));
    const edited = await editedFiles(document, { cwd, workspace, files: inputs.files, commit: event.sha });
    const outcome: Outcome = { inputs, about, key, verdict, document, markdown, edited };
    // What comes after an interrupted reading says it better.
    if (verdict.result !== 'interrupted' || command === 'apply') await tell(machine, files, outcome);
    return isFailure(verdict, { command, exit: ran.exit, failOn: inputs.failOn }) ? 1 : 0;
  } finally {
    await rm(scratch, { recursive: true });
  }
}

/** Null: nothing was edited. */
async function editedFiles(
  document: ReportDocument | null,
  places: {
    readonly cwd: string;
    readonly workspace: string;
    readonly files: readonly string[];
    readonly commit: string | null;
  },
): Promise<Edited | null> {
  const proposal = document?.kind === 'drift' ? document.proposal : undefined;
  if (proposal === undefined || !proposal.written || proposal.files.length === 0) return null;
  for (const head of await commitsOf(places.files, places.cwd))
    if (head !== null && head !== places.commit)
      return { why: `the files are those of commit ${shortCommit(head)}, and the workflow is run for another` };
  return proposedFiles(
    proposal.files.map((file) => file.path),
    places,
  );
}

const NO_KEY =
  'The plan was not saved: without CONVERGE_PLAN_KEY a saved plan is as secret as the values. Set it, the same for plan and apply, to hand plans on.';

/** Runs the command line in this process; all that it prints is a quotation: none of it is a command to the runner. */
async function runQuoted(
  argv: readonly string[],
  { io, unique, cwd, token }: Machine & { readonly cwd: string; readonly token: string | null },
): Promise<{ readonly exit: number; readonly errors: string }> {
  const quote = withoutCommands(unique());
  // Inputs are credentials of the runner's, whatever they are called: no source reads them.
  const env = Object.fromEntries(Object.entries(io.env).filter(([name]) => !name.startsWith('INPUT_')));
  let errors = '';
  const stderr: Output = {
    write(text) {
      if (errors.length < MOST_ERRORS) errors += text;
      return io.stdout.write(text);
    },
    on: (event, listener) => io.stdout.on(event, listener),
  };
  say(io, [quote.begin]);
  try {
    const exit = await run(argv, {
      ...io,
      // One stream, so that everything stands between begin and end.
      stdout: { write: (text) => io.stdout.write(text), on: (event, listener) => io.stdout.on(event, listener) },
      stderr: stderr as Io['stderr'],
      env: token === null ? env : { ...env, CONVEX_TEAM_ACCESS_TOKEN: token },
      cwd,
      elsewhere: 'the log of the job',
    });
    return { exit, errors };
  } finally {
    say(io, ['\n', quote.end]);
  }
}

const MOST_ERRORS = 4_000;

async function markdownOf(document: ReportDocument | null, file: string, errors: string): Promise<string> {
  const written = await textOf(file);
  if (written !== null) return written;
  if (document !== null) return diagnosticsMarkdown(document.diagnostics, 'the log of the job');
  const lines = errors.split('\n').filter((line) => line.trim() !== '');
  return ['> [!CAUTION]', ...lines.slice(0, 20).map((line) => `> ${markdownText(line)}`)].join('\n');
}

function failed(errors: string) {
  const message = errors.trim().split('\n').slice(0, 2).join(' ') || 'it ended without a word';
  return { level: 'error', title: 'converge', message, at: null } as const;
}

async function tell({ io, clock, chance }: Machine, files: EnvironmentFiles, outcome: Outcome): Promise<void> {
  const { inputs } = outcome;
  const isTold =
    inputs.comment !== 'off' ||
    inputs.hasLabels ||
    (inputs.command === 'drift' && (inputs.hasIssue || inputs.hasProposal));
  if (inputs.githubToken === null || !isTold) return;
  const apiUrl = (io.env['GITHUB_API_URL'] || 'https://api.github.com').replace(/\/+$/, '');
  const github = openGitHub({
    apiUrl,
    graphqlUrl: io.env['GITHUB_GRAPHQL_URL'] || `${apiUrl.replace(/\/v3$/, '')}/graphql`,
    token: inputs.githubToken,
    clock,
    chance,
    env: io.env,
  });
  try {
    const notes = await tellGitHub(github, outcome);
    if (notes.length === 0) return;
    await files.addSummary(notes.map((note) => `> ${markdownText(note)}`).join('\\\n'));
    say(io, annotationLines(notes.map((message) => ({ level: 'notice', title: 'converge', message, at: null }))));
  } finally {
    await github.close();
  }
}

/** Ends before anything was run. */
async function stop(io: Io, files: EnvironmentFiles, problems: readonly string[], exit: number): Promise<1> {
  say(io, annotationLines(problems.map((message) => ({ level: 'error', title: 'converge', message, at: null }))));
  await files.setOutputs({
    changed: 'false',
    result: exit === EXIT.refused ? 'refused' : 'error',
    summary: problems[0] ?? '',
    'plan-path': '',
    'exit-code': String(exit),
  });
  await files.addSummary(['> [!CAUTION]', ...problems.map((problem) => `> ${markdownText(problem)}`)].join('\n'));
  return 1;
}

function say(io: Io, lines: readonly string[]): void {
  for (const line of lines) io.stdout.write(line);
}
