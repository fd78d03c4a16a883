// What a browser would make of a report, as far as these tests need it: its tags, its data, its text.
const TAG = /<(\/?)([a-zA-Z!][^\s>/]*)((?:\s+[\w:-]+(?:="[^"]*")?)*)\s*\/?>/g;

/** Whatever a report must not hold, wherever it came from. */
export function dangersIn(text: string): readonly string[] {
  const markup = withoutContents(text);
  const found: string[] = [];
  for (const [tag, , name = '', attributes = ''] of markup.matchAll(TAG)) {
    if (!ELEMENTS.has(name.toLowerCase())) found.push(`element ${tag}`);
    for (const [, attribute = '', value = ''] of attributes.matchAll(/\s([\w:-]+)(?:="([^"]*)")?/g))
      if (/^on|^style$|^src/i.test(attribute) || (attribute === 'href' && !['#content', 'data:,'].includes(value)))
        found.push(`attribute ${tag}`);
  }
  if (/[<>]/.test(markup.replace(TAG, '')))
    found.push(`a bracket: ${markup.replace(TAG, '').match(/.{0,20}[<>].{0,20}/)?.[0]}`);
  // eslint-disable-next-line no-control-regex -- it is what is looked for
  const raw = /[\u0000-\u0008\u000b-\u001f\u007f\u200e\u200f\u2028-\u202e\u2066-\u2069]|\p{Cs}/u.exec(text);
  if (raw !== null) found.push(`raw U+${raw[0].codePointAt(0)?.toString(16)}`);
  for (const [, data = ''] of text.matchAll(DATA)) if (/[<>&]/.test(data)) found.push('markup in the data');
  return found;
}

/** Names of the elements, in order. */
export function elementsIn(text: string): readonly string[] {
  return [...withoutContents(text).matchAll(TAG)].map(([, , name = '']) => name);
}

/** What the script of the page reads. */
export function dataOf(text: string): unknown {
  return JSON.parse([...text.matchAll(DATA)][0]?.[1] ?? 'null');
}

/** The text that a person sees where no script runs. */
export function seenWithoutScripts(text: string): string {
  return withoutContents(text)
    .replace(/<head>[^]*<\/head>/, '')
    .replace(TAG, '')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
}

const DATA = /<script type="application\/json" id="data">([^]*?)<\/script>/g;

/** Style, script and data are not markup; that they end where they should is seen by what is left. */
function withoutContents(text: string): string {
  return text.replace(/(<(style|script)[^>]*>)[^]*?(<\/\2>)/g, '$1$3');
}

const ELEMENTS: ReadonlySet<string> = new Set(
  `!doctype html head meta title link style body a header p span main section h1 h2 h3 ul ol li div table thead tbody tr th td
   details summary code bdi b time svg rect script pre g text line path circle polygon title desc figure`.split(/\s+/),
);
