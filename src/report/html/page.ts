import { createHash } from 'node:crypto';
import type { DocumentMeta } from '../envelope-json.ts';
import { element, markup, type Html } from './html.ts';

/** What a thing in a report is, as a colour and a shape; also of the whole report. */
export type Tone = 'good' | 'add' | 'alter' | 'replace' | 'remove' | 'held' | 'info' | 'quiet';

/** What every report is drawn and moved with: `src/page/report`, as it is. */
export interface PageParts {
  readonly style: string;
  readonly script: string;
}

/** How a report is made, beside what it tells. */
export interface HtmlOptions extends DocumentMeta {
  readonly page: PageParts;
}

export interface Page {
  /** `Plan`, `Drift`: what it is, in front of its title. */
  readonly name: string;
  /** Whose: beside the name of the tool. */
  readonly about: string;
  readonly tone: Tone;
  readonly headline: string;
  /** A sentence each, under the headline. */
  readonly lead: readonly (Html | string)[];
  readonly sections: readonly (Html | null)[];
  /** What the script draws lists from; null: there is nothing that a script would do. */
  readonly data: Html | null;
}

/**
 * A report as one file that asks nothing of anybody: style and script stand in it and are allowed by their digests,
 * everything else is forbidden. Equal pages give equal text.
 */
export function renderPage(page: Page, { page: parts, tool, createdAt }: HtmlOptions): string {
  const policy = [
    "default-src 'none'",
    `script-src ${digestOf(parts.script)}`,
    `style-src ${digestOf(parts.style)}`,
    // Its icon, which is empty.
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
  return markup`<!doctype html>
<html lang="en" data-tone="${page.tone}">
<head>
<meta charset="utf-8" />
<meta http-equiv="Content-Security-Policy" content="${policy}" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="color-scheme" content="light dark" />
<meta name="referrer" content="no-referrer" />
<title>${page.name}: ${page.headline}</title>
<link rel="icon" href="data:," />
${element('style', '', parts.style)}
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header class="top">
<p class="brand"><span class="mark" aria-hidden="true"></span>converge</p>
<p class="about">${page.about}</p>
<p class="made">
${page.name} made at <time datetime="${createdAt}">${momentText(createdAt)}</time> by version ${tool}
</p>
</header>
<main id="content" tabindex="-1">
<section class="hero">
<h1>${glyph(page.tone)}<span>${page.headline}</span></h1>
${page.lead.map((line) => markup`<p class="lead">${line}</p>\n`)}</section>
${page.sections.map((section) => (section === null ? markup`` : markup`${section}\n`))}</main>
${page.data}${page.data === null ? null : element('script', '', parts.script)}
</body>
</html>\n`.toString();
}

/** A shape for each tone: legible without its colour. */
export function glyph(tone: Tone): Html {
  return markup`<span class="glyph" data-tone="${tone}" aria-hidden="true"></span>`;
}

/** A part of a report under a heading of its own. `n` stands beside the title. */
export function section(
  { title, n = null, name }: { readonly title: string; readonly n?: number | null; readonly name: string },
  body: Html,
): Html {
  const number = n === null ? null : markup` <span class="number">${grouped(n)}</span>`;
  return markup`<section class="${name}" aria-labelledby="${name}-title">
<h2 id="${name}-title">${title}${number}</h2>
${body}
</section>`;
}

/** `1,204`. */
export function grouped(n: number): string {
  return String(n).replace(/\B(?=(?:\d{3})+(?!\d))/g, ',');
}

/** `2026-11-21 12:00 UTC` of an RFC 3339 time in UTC; another text as it is. */
export function momentText(time: string): string {
  return time.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::\d\d(?:\.\d+)?)?Z$/, '$1 $2 UTC');
}

function digestOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
