import type { Hunk, Proposal, ProposedFile } from '../model/proposal.ts';
import { painter, type Paint } from './paint.ts';
import { sanitize } from './sanitize.ts';
import { count } from './words.ts';

/** The edits of all files as one unified diff, without colours fit for `patch`; empty where nothing is edited. */
export function renderDiff({ files }: Proposal, { color }: { readonly color: boolean }): string {
  const paint = painter(color);
  return files.map((file) => `${diffLines(file, paint).join('\n')}\n`).join('');
}

/** The unified diff of one file. */
export function diffText(file: ProposedFile): string {
  return `${diffLines(file, painter(false)).join('\n')}\n`;
}

function diffLines({ path, hunks }: ProposedFile, paint: Paint): readonly string[] {
  return [
    paint('bold', `--- a/${sanitize(path)}`),
    paint('bold', `+++ b/${sanitize(path)}`),
    ...hunks.flatMap(({ before, after, lines }) => [
      paint('dim', `@@ -${rangeText(before)} +${rangeText(after)} @@`),
      ...lines.map((line) => painted(line, paint)),
    ]),
  ];
}

function rangeText({ start, count: lines }: Hunk['before']): string {
  return lines === 1 ? String(start) : `${String(start)},${String(lines)}`;
}

/** The carriage return of a line that ends so is part of the diff. */
function painted(line: string, paint: Paint): string {
  const end = line.endsWith('\r') ? '\r' : '';
  const text = sanitize(line.slice(0, line.length - end.length));
  const style = line.startsWith('+') ? 'green' : line.startsWith('-') ? 'red' : null;
  return `${style === null ? text : paint(style, text)}${end}`;
}

/** Beside the diff, for people: what is not edited and why, what has to be set, and what became of it. Ends with a newline. */
export function renderProposal(
  { files, refused, toSet }: Proposal,
  { color, written }: { readonly color: boolean; readonly written: boolean },
): string {
  const paint = painter(color);
  const edited = files.flatMap(({ edits }) => edits).length;
  const lines = [
    ...refused.flatMap(({ address, why }) => [
      `${paint('yellow', 'Not edited:')} ${sanitize(address)}`,
      `  ${sanitize(why)}`,
    ]),
    ...(toSet.length === 0
      ? []
      : ['Set these where the tool runs, to what is live now; the values are not in the files:']),
    ...toSet.flatMap(({ name, uses, finalNewline, known }) => [
      `  ${sanitize(name)}${known ? ' (has another value there)' : ''}${finalNewline ? ' (ends with a newline: give it one more, the last one is taken away)' : ''}`,
      ...uses.map((use) => `    ${sanitize(use)}`),
    ]),
    ...(written ? files.map(({ path }) => `Written: ${sanitize(path)}`) : []),
    conclusion(edited, { files: files.length, written, refused: refused.length, toSet: toSet.length }),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function conclusion(
  edited: number,
  rest: { readonly files: number; readonly written: boolean; readonly refused: number; readonly toSet: number },
): string {
  const { files, written, refused, toSet } = rest;
  if (edited === 0 && refused + toSet === 0) return 'Nothing to propose: what the files declare is live as they say.';
  const left = refused === 0 ? '' : `, ${count(refused, 'thing')} not edited`;
  const what = `${count(edited, 'edit')} in ${count(files, 'file')}${left}.`;
  if (edited === 0 || written) return what;
  return `${what} Nothing is written without --write.`;
}
