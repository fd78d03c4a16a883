/** Workflow files say `on`, `true` and `yes` for one thing, and YAML readers turn some of them into others. */
export function wordOf(text: string): string {
  const word = text.toLowerCase();
  if (word === 'true' || word === 'yes') return 'on';
  if (word === 'false' || word === 'no') return 'off';
  return word;
}

/** A commit as people say it. */
export function shortCommit(sha: string): string {
  return sha.slice(0, 7);
}
