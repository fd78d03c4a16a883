import { RESULTS, type Result } from '../verdict.ts';
import { at } from '../at.ts';
import type { GitHub } from './github.ts';

/** The label of a result; `name` tells the document sets of one repository apart. */
export function labelOf(result: Result, name: string | null): string {
  return name === null ? `converge:${result}` : `converge/${name}:${result}`;
}

/** Gives a pull request the label of a result, and takes those of other results from it. Other labels stay. */
export async function setLabel(
  github: GitHub,
  issue: { readonly repository: string; readonly number: number },
  label: { readonly result: Result; readonly name: string | null },
): Promise<void> {
  const path = `/repos/${issue.repository}/issues/${String(issue.number)}/labels`;
  const wanted = labelOf(label.result, label.name);
  const ours = new Set(RESULTS.map((result) => labelOf(result, label.name)));
  const names = (await github.list(path, 5)).map((found) => at(found, 'name'));
  for (const name of names)
    if (typeof name === 'string' && ours.has(name) && name !== wanted)
      await github.call('DELETE', `${path}/${encodeURIComponent(name)}`);
  if (!names.includes(wanted)) await github.call('POST', path, { body: { labels: [wanted] }, isRepeatable: true });
}
