import { markdownText } from './markup.ts';

/**
 * What GitHub takes in a comment, in characters, less what a bearer may put around it (a marker, where it comes from);
 * GitLab takes more.
 */
export const LONGEST_MARKDOWN: number = 65_536 - 4_096;

/** Markdown that never becomes too long for a comment: what does not fit is counted, nothing is cut in its middle. */
export interface MarkdownWriter {
  /** Short, and what nobody may miss. */
  add(block: string): void;
  /** Lines under a lead, as many as fit; nothing where there are none. `title`: folded under it. */
  put(lead: string, lines: readonly string[], title?: string | null): void;
  /** Ends with a newline. */
  text(): string;
}

/** `elsewhere`: where the whole of it is; null: nowhere. */
export function openMarkdown(elsewhere: string | null): MarkdownWriter {
  const see = elsewhere === null ? '' : `, see ${markdownText(elsewhere)}`;
  const noteOf = (more: number): string => `**… and ${String(more)} more${see}.**`;
  const reserve = 2 * (noteOf(1_000_000).length + 8);
  const blocks: string[] = [];
  let length = 0;
  let leftOut = 0;
  const add = (block: string): void => {
    blocks.push(block);
    length += block.length + 2;
  };
  return {
    add,
    put(lead, lines, title = null) {
      if (lines.length === 0) return;
      const open = title === null ? lead : `<details><summary>${title}</summary>\n\n${lead}`;
      const close = title === null ? '' : '\n\n</details>';
      let room = LONGEST_MARKDOWN - length - open.length - close.length - reserve - 4;
      const shown: string[] = [];
      for (const line of lines) {
        room -= line.length + 1;
        if (room < 0) break;
        shown.push(line);
      }
      if (shown.length === 0) {
        leftOut += lines.length;
        return;
      }
      const more = lines.length - shown.length;
      add([open, ...shown].join('\n') + (more === 0 ? '' : `\n\n${noteOf(more)}`) + close);
    },
    text: () => `${[...blocks, ...(leftOut === 0 ? [] : [noteOf(leftOut)])].join('\n\n')}\n`,
  };
}
