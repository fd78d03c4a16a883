import { reveal } from '../../model/secret.ts';
import type { Reference } from './name-references.ts';

/**
 * The values that stand outside as assignments that a POSIX shell reads (`set -a; . ./FILE`), and `gh secret set -f` too.
 * Asked for by name only: it holds every value in clear.
 */
export function valuesFileText(references: readonly Reference[]): string {
  const lines = references.map(({ name, value, finalNewline }) => {
    // Of what a variable gives one final newline is taken away.
    const text = `${reveal(value)}${finalNewline ? '\n' : ''}`;
    return `${name}=${text.includes("'") ? `"${text.replace(/[\\"$`]/g, String.raw`\$&`)}"` : `'${text}'`}\n`;
  });
  return `# Values in clear, from a dump: keep this file out of version control, and delete it when they are set elsewhere.\n${lines.join('')}`;
}
