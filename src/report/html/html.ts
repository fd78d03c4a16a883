import { htmlText } from '../markup.ts';

/** Text that is HTML: made by {@link markup} alone, so that whatever came from outside has become text on the way. */
export class Html {
  readonly #text: string;

  constructor(made: typeof MAKER, text: string) {
    if (made !== MAKER) throw new TypeError('HTML is made by markup`…`');
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

type Part = Html | string | number | null | readonly Html[];

const MAKER: unique symbol = Symbol('html');

/** A template whose holes are text, but for HTML of ours. Attributes have to stand in double quotes. Null: nothing. */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const text = strings.map((string, index) => (index === 0 ? '' : written(parts[index - 1] ?? null)) + string).join('');
  return new Html(MAKER, text);
}

export const NOTHING: Html = markup``;

/** The style, the script or the data of a page, as the element's whole content. Throws where it would end its element. */
export function element(tag: 'style' | 'script', attributes: string, text: string): Html {
  if (/<\/(?:script|style)|<!--/i.test(text)) throw new Error(`a ${tag} would end its own element`);
  return new Html(MAKER, `<${tag}${attributes}>${text}</${tag}>`);
}

export function joined(parts: readonly Html[], separator: Html = NOTHING): Html {
  return new Html(MAKER, parts.map(String).join(separator.toString()));
}

function written(part: Part): string {
  if (part === null) return '';
  if (part instanceof Html) return part.toString();
  return typeof part === 'string'
    ? htmlText(part)
    : typeof part === 'number'
      ? String(part)
      : part.map(String).join('');
}
