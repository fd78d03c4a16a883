import { cut, markdownCode, markdownText } from '../report/markup.ts';
import type { ActionCommand } from './inputs.ts';
import { markerText } from './marker.ts';
import type { WorkflowEvent } from './workflow-event.ts';
import { shortCommit } from './words.ts';

/** What a comment or a summary is about. */
export interface About {
  readonly command: ActionCommand;
  readonly name: string | null;
  readonly files: readonly string[];
  readonly event: WorkflowEvent;
  /** Why less was done than asked for; null: nothing to say. */
  readonly note: string | null;
}

/** The comment of a pull request: the marker, what is outdated, the report, and what it tells of. */
export function commentBody(
  markdown: string,
  about: About,
  comment: {
    readonly key: string;
    readonly commit: string;
    readonly replaces: string | null;
    readonly head: string | null;
  },
): string {
  const { key, commit, replaces, head } = comment;
  const outdated =
    head !== null && head !== commit
      ? [
          `> [!WARNING]\n> **Outdated:** this tells of commit ${shortCommit(commit)}, and the pull request is at ${shortCommit(head)} by now.`,
        ]
      : [];
  const before =
    replaces !== null && replaces !== commit
      ? [`takes the place of what was said of ${shortCommit(replaces)}, which is outdated`]
      : [];
  const run = about.event.run === null ? [] : [`[run](${about.event.run.url})`];
  const footer = [`${titleOf(about)}, commit ${shortCommit(commit)}`, ...run, ...before].join(' · ');
  return [
    markerText({ of: 'comment', key, commit }),
    ...outdated,
    ...noteOf(about),
    markdown.trimEnd(),
    `<sub>${footer}</sub>`,
  ].join('\n\n');
}

/** The same for the summary of the job, which nobody has to find again. */
export function summaryBody(markdown: string, about: About): string {
  return [...noteOf(about), markdown.trimEnd(), `<sub>${titleOf(about)}</sub>`].join('\n\n');
}

function noteOf({ note }: About): readonly string[] {
  return note === null ? [] : [`> [!NOTE]\n> ${markdownText(note)}`];
}

function titleOf({ command, name, files }: About): string {
  const set = name === null ? (files.length === 0 ? [] : files.slice(0, 3)) : [name];
  const more = name === null && files.length > 3 ? ` and ${String(files.length - 3)} more` : '';
  return `converge ${command}${set.length === 0 ? '' : ` of ${set.map((one) => markdownCode(cut(one))).join(', ')}${more}`}`;
}
