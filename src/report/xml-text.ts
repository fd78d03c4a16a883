import { sanitize } from './sanitize.ts';

/**
 * A string from outside as text of XML 1.0, safe between tags and in quoted attributes: what XML forbids, what acts on a terminal
 * and lone surrogates are visible escapes, and nothing ends a section or opens a tag. One line.
 */
export function xmlText(text: string): string {
  return sanitize(text)
    .replace(FORBIDDEN, (char) => String.raw`\u${char.charCodeAt(0).toString(16)}`)
    .replace(/[&<>"']/g, (char) => `&#${String(char.charCodeAt(0))};`);
}

/** Not characters in XML; {@link sanitize} has dealt with all others that are none. */
const FORBIDDEN = /[\uFFFE\uFFFF]/g;

/** One element. Its attributes are given raw, its content is XML already; '' makes it empty. */
export function element(name: string, attributes: Readonly<Record<string, string | number>>, content = ''): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${xmlText(String(value))}"`);
  const open = `<${name}${written.join('')}`;
  return content === '' ? `${open}/>` : `${open}>${content}</${name}>`;
}
