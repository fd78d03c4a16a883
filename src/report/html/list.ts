import { compareText } from '../envelope-json.ts';
import { cut } from '../markup.ts';
import { sanitize } from '../sanitize.ts';
import { count } from '../words.ts';
import { addressHtml } from './address-html.ts';
import { element, markup, joined, type Html } from './html.ts';
import { grouped, section, type Tone } from './page.ts';

/** What a row can be, with its word and its colour: what a list is filtered by. */
export interface Facet {
  readonly word: string;
  readonly tone: Tone;
}

/** One thing of a list, and what is said of it. */
export interface Row {
  readonly address: string;
  /** A key of the list's facets. */
  readonly facet: string;
  /** `name`, what becomes of it, and whether that is what forces the rest. */
  readonly fields?: readonly { readonly name: string; readonly text: string; readonly forces?: boolean }[];
  /** Why it is here, who it was, what went wrong: phrases. */
  readonly notes?: readonly string[];
  /** What goes with it. */
  readonly takes?: readonly string[];
  /** `file:line`. */
  readonly place?: string | null;
}

export interface ListOptions {
  readonly title: string;
  /** In the singular, with an `s` for its plural. */
  readonly noun: string;
  readonly facets: Readonly<Record<string, Facet>>;
}

/**
 * A list that the page draws as it is opened and searched. What stands in its place without a script is the same where it
 * is short, else how much there is in each container. Null for none.
 */
export function lazyList(rows: readonly Row[], { title, noun, facets }: ListOptions): Html | null {
  if (rows.length === 0) return null;
  const standIn =
    rows.length <= MOST_LISTED
      ? markup`<ul class="rows">\n${rowItems(inOrder(rows), facets)}</ul>`
      : containerTable(rows, { noun, facets });
  return section(
    { title, n: rows.length, name: 'changes' },
    markup`<div id="list">
${standIn}
</div>`,
  );
}

/** How much there is in each container. */
function containerTable(rows: readonly Row[], { noun, facets }: Omit<ListOptions, 'title'>): Html {
  const containers = [...Map.groupBy(rows, ({ address }) => address.split('/')[0] ?? '')].sort(([a], [b]) =>
    compareText(a, b),
  );
  const lines = containers.slice(0, MOST_CONTAINERS).map(([container, members]) => {
    const counts = Object.entries(facets).flatMap(([key, { word }]) => {
      const n = members.filter(({ facet }) => facet === key).length;
      return n === 0 ? [] : [`${grouped(n)} ${word}`];
    });
    return markup`<tr><td>${addressHtml(container)}</td><td>${counts.join(', ')}</td></tr>\n`;
  });
  const left = containers.length - lines.length;
  return markup`<div class="wide"><table>
<thead><tr><th scope="col">in</th><th scope="col">${noun}s</th></tr></thead>
<tbody>
${lines}</tbody></table></div>
<p class="fine">${left > 0 ? `And ${count(left, 'more container')}. ` : ''}Each ${noun} is listed here where scripts may run.</p>`;
}

/** Where the page puts its search, for all lists that follow. */
export const TOOLS: Html = markup`<div class="tools" id="tools" hidden></div>`;

/** What {@link lazyList} draws from, as data that nothing runs. */
export function listData(rows: readonly Row[], { noun, facets }: Omit<ListOptions, 'title'>): Html {
  const keys = Object.keys(facets);
  const data = {
    noun,
    facets: Object.values(facets).map(({ word, tone }) => [word, tone]),
    rows: inOrder(rows).map(({ address, facet, fields = [], notes = [], takes = [], place = null }) => ({
      a: sanitize(address),
      t: keys.indexOf(facet),
      ...(fields.length === 0
        ? {}
        : { d: fields.map(({ name, text, forces }) => [sanitize(name), sanitize(text), ...(forces ? [1] : [])]) }),
      ...(notes.length === 0 ? {} : { y: notes.map((note) => sanitize(cut(note))) }),
      ...(takes.length === 0 ? {} : { x: takes.length }),
      ...(place === null ? {} : { w: sanitize(place) }),
    })),
  };
  return element(
    'script',
    ' type="application/json" id="data"',
    JSON.stringify(data).replace(/[<>&]/g, (char) => `\\u00${(char.codePointAt(0) ?? 0).toString(16)}`),
  );
}

/** Rows that are never folded, whether a script runs or not. */
export function openList(rows: readonly Row[], { facets }: Pick<ListOptions, 'facets'>): Html {
  return markup`<ul class="rows open">
${rowItems(rows, facets)}</ul>`;
}

function rowItems(rows: readonly Row[], facets: ListOptions['facets']): Html {
  const items = rows.map(({ address, facet, fields = [], notes = [], takes = [], place = null }) => {
    const { word, tone } = facets[facet] ?? { word: facet, tone: 'quiet' };
    const only = fields.length === 1 && fields[0]?.name === 'value' && fields[0].text !== '';
    const differences = fields.map(
      ({ name, text, forces }) =>
        markup`<span class="field"${forces ? markup` data-forces` : null}>${only ? null : markup`<code>${name}</code> `}<bdi>${text}</bdi></span>`,
    );
    const said = notes.map((note) => markup`<span class="note"><bdi>${cut(note)}</bdi></span>`);
    return markup`<li class="row" data-tone="${tone}"><span class="verb">${word}</span>${addressHtml(address)}<span class="detail">${[...differences, ...said]}${takesHtml(takes, address)}</span>${place === null ? null : markup`<span class="place"><bdi>${place}</bdi></span>`}</li>\n`;
  });
  return joined(items);
}

function takesHtml(takes: readonly string[], address: string): Html | null {
  if (takes.length === 0) return null;
  const names = [...takes].sort(compareText).slice(0, MOST_TAKEN);
  const left = takes.length - names.length;
  const list = joined(
    names.map((taken) => addressHtml(taken, address)),
    markup`, `,
  );
  return markup`<span class="takes"><b>takes ${grouped(takes.length)}:</b> ${list}${left > 0 ? ` and ${grouped(left)} more` : null}</span>`;
}

/** By address, as reports are. */
export function inOrder<T extends { readonly address: string }>(rows: readonly T[]): readonly T[] {
  return [...rows].sort((a, b) => compareText(a.address, b.address));
}

const MOST_LISTED = 200;
const MOST_CONTAINERS = 500;
const MOST_TAKEN = 100;
