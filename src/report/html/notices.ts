import type { PausedChanges, Plan, Refusal, Unreadable, Unsettled } from '../../model/change.ts';
import { sortDiagnostics, type Diagnostic } from '../../model/diagnostic.ts';
import { formatPlace } from '../../model/place.ts';
import { compareText, refusalsJson, sorted, unreadableJson } from '../envelope-json.ts';
import { cut } from '../markup.ts';
import { count } from '../words.ts';
import { addressHtml } from './address-html.ts';
import { markup, type Html } from './html.ts';
import { glyph, grouped, momentText, section, type Tone } from './page.ts';

/** What refuses, each with what would lift it for one run. `consequence` says what that means. */
export function refusalsHtml(refusals: readonly Refusal[], consequence: string): Html | null {
  if (refusals.length === 0) return null;
  const items = refusalsJson(refusals).map(({ rule, message, override, addresses }) => {
    const unnamed = addresses.filter((address) => !message.includes(address));
    const lift =
      override === null
        ? markup`Nothing on the command line lifts this.`
        : markup`To allow it in one run: <code>${override}</code>`;
    return markup`<li class="notice" data-tone="remove">
<p><b>${rule}</b> ${cut(message)}</p>
${listOf(unnamed, MOST_NAMED)}
<p class="fine">${lift}</p>
</li>\n`;
  });
  return section(
    { title: `Refused: ${consequence}`, name: 'refused' },
    markup`<ul class="notices">
${items}</ul>`,
  );
}

/** The pauses in force, and what they hold. */
export function pausedHtml(paused: readonly PausedChanges[] = []): Html | null {
  if (paused.length === 0) return null;
  const items = [...paused]
    .sort((a, b) => compareText(a.address, b.address))
    .map(
      ({ address, owner, reason, expires, held }) =>
        markup`<li class="notice" data-tone="held">
<p>${addressHtml(address)} until <time datetime="${expires}">${momentText(expires)}</time></p>
<p class="fine">${owner}: ${cut(reason)}. It holds ${count(held.length, 'change')}.</p>
${listOf(held, MOST_NAMED)}
</li>\n`,
    );
  return section(
    { title: 'Paused: nobody changes this until it expires', name: 'paused' },
    markup`<ul class="notices">
${items}</ul>`,
  );
}

/** Law A: unreadable is not absent. */
export function unreadableHtml(unreadable: readonly Unreadable[], consequence: string): Html | null {
  if (unreadable.length === 0) return null;
  const items = unreadableJson(unreadable).map(
    ({ collection, error }) =>
      markup`<li class="notice" data-tone="remove">
<p><code>${cut(collection)}</code></p>
<p class="fine"><b>${error.code}</b> ${cut(error.message)}</p>
</li>\n`,
  );
  return section(
    { title: `Could not be read; ${consequence}`, n: unreadable.length, name: 'unreadable' },
    markup`<ul class="notices">
${items}</ul>`,
  );
}

/** Errors, warnings and notes. `frame`: lines of the file around one of them. */
export function diagnosticsHtml(
  diagnostics: readonly Diagnostic[],
  by: 'place' | 'content',
  frame: (diagnostic: Diagnostic) => string | null = () => null,
): readonly (Html | null)[] {
  const all = sortDiagnostics(diagnostics, by);
  return (['error', 'warning', 'note'] as const).map((severity) => {
    const members = all.filter((one) => one.severity === severity);
    if (members.length === 0) return null;
    const items = members.slice(0, MOST_DIAGNOSTICS).map((one) => diagnosticHtml(one, frame(one)));
    const left = members.length - items.length;
    return section(
      { title: WORDS[severity], n: members.length, name: `${severity}s` },
      markup`<ul class="notices">
${items}</ul>
${left > 0 ? markup`<p class="fine">And ${grouped(left)} more.</p>` : null}`,
    );
  });
}

const WORDS = { error: 'Errors', warning: 'Warnings', note: 'Notes' } as const;
const TONES: Readonly<Record<Diagnostic['severity'], Tone>> = { error: 'remove', warning: 'alter', note: 'quiet' };

function diagnosticHtml(
  { severity, code, summary, hint, where, also, address }: Diagnostic,
  frame: string | null,
): Html {
  const place = where === undefined ? (address ?? null) : formatPlace(where);
  const lines = frame === null ? [] : frame.split('\n');
  const placed =
    place === null
      ? null
      : markup`<p class="fine"><code>${place}</code>${also === undefined ? null : markup` and <code>${formatPlace(also)}</code>`}</p>\n`;
  return markup`<li class="notice" data-tone="${TONES[severity]}">
<p>${glyph(TONES[severity])}<code>${code}</code> ${summary}</p>
${placed}${lines.length === 0 ? null : markup`<pre tabindex="0">${lines.map((line) => markup`${line}\n`)}</pre>\n`}${hint === undefined ? null : markup`<p class="hint">${hint}</p>\n`}</li>\n`;
}

/** Rule 5: what is live and not declared stays. */
export function unmanagedHtml(unmanaged: readonly string[]): Html | null {
  if (unmanaged.length === 0) return null;
  const shown = sorted(unmanaged).slice(0, MOST_UNMANAGED);
  const left = unmanaged.length - shown.length;
  const items = shown.map((address) => markup`<li>${addressHtml(address)}</li>\n`);
  return section(
    { title: 'Live and not declared', n: unmanaged.length, name: 'unmanaged' },
    markup`<details${unmanaged.length <= MOST_NAMED ? markup` open` : null}><summary>They stay: nothing here is changed</summary>
<ul class="plain">
${items}</ul>${left > 0 ? markup`<p class="fine">And ${grouped(left)} more.</p>` : null}</details>`,
  );
}

/** As declared, and not finished on the platform. */
export function unsettledHtml(unsettled: readonly Unsettled[] = []): Html | null {
  if (unsettled.length === 0) return null;
  const items = [...unsettled]
    .sort((a, b) => compareText(a.address, b.address))
    .map(
      ({ address, because }) =>
        markup`<li class="notice" data-tone="info">
<p>${addressHtml(address)}</p>
<p class="fine">${cut(because)}</p>
</li>\n`,
    );
  return section(
    { title: 'As declared, and not finished on the platform', n: unsettled.length, name: 'unsettled' },
    markup`<ul class="notices">
${items}</ul>`,
  );
}

/** The records that people have to make elsewhere, each once. */
export function recordsHtml({ changes, unsettled = [] }: Pick<Plan, 'changes' | 'unsettled'>): Html | null {
  const all = [...changes, ...unsettled]
    .sort((a, b) => compareText(a.address, b.address))
    .flatMap(({ records = [] }) => records);
  const records = [...new Map(all.map((one) => [JSON.stringify([one.type, one.name, one.value]), one])).values()];
  if (records.length === 0) return null;
  const lines = records.map(
    ({ type, name, value, why }) =>
      markup`<tr><td><code>${type}</code></td><td><code>${cut(name)}</code></td><td>${value === null ? 'known after apply' : markup`<code>${cut(value)}</code>`}</td><td>${cut(why)}</td></tr>\n`,
  );
  return section(
    { title: 'Records to set up where the names are kept', name: 'records' },
    markup`<div class="wide" tabindex="0" role="group" aria-labelledby="records-title">
<table>
<thead>
<tr>
<th scope="col">type</th>
<th scope="col">name</th>
<th scope="col">value</th>
<th scope="col">why</th>
</tr>
</thead>
<tbody>
${lines}</tbody>
</table>
</div>`,
  );
}

function listOf(addresses: readonly string[], most: number): Html | null {
  if (addresses.length === 0) return null;
  const shown = addresses.slice(0, most).map((address) => markup`<li>${addressHtml(address)}</li>`);
  const left = addresses.length - shown.length;
  return markup`<ul class="plain">
${shown}${left > 0 ? markup`<li>and ${grouped(left)} more</li>` : null}
</ul>`;
}

const MOST_NAMED = 20;
const MOST_UNMANAGED = 5_000;
const MOST_DIAGNOSTICS = 2_000;
