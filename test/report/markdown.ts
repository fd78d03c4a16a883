import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';

/** As GitHub renders it, but for its own filters: raw HTML passes. */
export function html(markdown: string): string {
  return micromark(markdown, { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] });
}

/** What a reader sees, and what looks for mentions and the like reads: without what stands in code. */
function prose(rendered: string): string {
  return rendered
    .replace(/<code>[^<]*<\/code>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&');
}

const TAGS = /^<\/?(?:p|h3|table|thead|tbody|tr|th|td|code|strong|br|ul|li|details|summary|blockquote|em|hr)\b[^<>]*>$/;

/** What of it is more than text; empty: nothing. */
export function dangersIn(markdown: string): readonly string[] {
  const rendered = html(markdown);
  const tags = [...rendered.matchAll(/<[^>]*>/g)].map(([tag]) => tag);
  const text = prose(rendered);
  return [
    ...tags.filter((tag) => !TAGS.test(tag) || /\bon\w+=|href|src|style=/i.test(tag)),
    ...[/@[\p{L}\p{N}_/-]/u, /#[\p{L}\p{N}]/u, /\bGH-\d|\bwww\.|:\/\//, /:[a-z0-9_+-]+:/i].flatMap(
      (active) => text.match(active) ?? [],
    ),
  ];
}
