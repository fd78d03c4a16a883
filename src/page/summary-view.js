import { el, glyph, part, say } from './dom.js';
import { counted, span, visible } from './format.js';
import { headline, STANDINGS, wordFor, WORDS } from './standing.js';

/**
 * @import { Pulse, Standing, StatusDocument, Tally } from './documents.d.ts'
 */

/**
 * What the top of the page says of everything.
 * @typedef {object} Summary
 * @property {StatusDocument | null} status
 * @property {Pulse | null} pulse
 * @property {boolean} connected
 * @property {Tally} total
 * @property {number} now By the daemon's clock.
 */

/** @param {Summary} summary */
export function showSummary(summary) {
  const { status, pulse } = summary;
  const { standing, word } = headline(summary);
  document.documentElement.setAttribute('data-standing', standing);
  say(part('headline-word'), word);
  part('headline-glyph').setAttribute('data-standing', standing);
  say(part('age'), ageOf(summary));
  const reason = part('reason');
  const why = pulse?.ready === false && summary.connected ? pulse.reason : null;
  reason.hidden = why === null;
  say(reason, why === null ? '' : visible(why));
  const team = status?.target?.teamSlug ?? (status?.target?.teamId === undefined ? '' : `team ${status.target.teamId}`);
  say(part('team'), visible(team ?? ''));
  say(part('about'), status === null ? '' : aboutOf(status));
  document.title = `${word}${team === '' ? '' : ` · ${visible(team ?? '')}`} · Converge`;
  showIcon(standing);
}

/** @param {Summary} summary */
function ageOf({ status, pulse, connected, now }) {
  if (pulse === null || status === null) return 'Nothing has been heard of the daemon yet.';
  if (connected && status.replica?.role === 'follower')
    return `${visible(status.replica.leader ?? 'No replica')} leads; this one would take its place.`;
  if (pulse.observedAt === null) return 'Nothing was observed yet.';
  const age = span((now - Date.parse(pulse.observedAt)) / 1000);
  if (!connected)
    return `It was ${pulse.sync === 'in-sync' ? 'in sync' : pulse.sync} when last heard of, by a reading ${age} old.`;
  const { nextAt } = status.schedule;
  const due = nextAt === null ? null : (Date.parse(nextAt) - now) / 1000;
  if (isRunning(pulse.phase)) return `Observed ${age} ago, looking again now.`;
  return `Observed ${age} ago${due === null || due < 0 ? '' : `, next look in ${span(due)}`}.`;
}

/** @param {StatusDocument} status */
function aboutOf({ target, mode, tool }) {
  const host = target?.apiUrl === undefined ? null : (URL.parse(target.apiUrl)?.host ?? null);
  const does = mode === 'apply' ? 'heals' : mode === 'observe' ? 'observes' : mode;
  return [host, does, `version ${tool}`]
    .filter((one) => one !== null)
    .map(visible)
    .join(' · ');
}

/** @param {string} phase */
export function isRunning(phase) {
  return phase === 'reconciling' || phase === 'dirty' || phase === 'settling';
}

/**
 * How many of each, which is also what the tree can be narrowed to.
 * @param {Tally} total
 * @param {Standing | null} only
 * @param {boolean} isOld
 */
export function showChips(total, only, isOld) {
  const host = part('chips');
  const wanted = STANDINGS.filter((one) => (total[one] ?? 0) > 0 || one === only);
  /** @type {Map<string | null, HTMLElement>} */
  const before = new Map([...host.querySelectorAll('button')].map((chip) => [chip.getAttribute('data-only'), chip]));
  for (const [one, chip] of before) if (!wanted.some((standing) => standing === one)) chip.remove();
  for (const standing of wanted) {
    const count = total[standing] ?? 0;
    let chip = before.get(standing);
    if (chip === undefined) {
      chip = el(
        'button',
        { type: 'button', class: 'chip', 'data-only': standing, 'data-standing': standing },
        glyph(standing),
        el('b'),
        el('span'),
      );
    }
    const [, number, word] = /** @type {HTMLElement[]} */ ([...chip.children]);
    if (number === undefined || word === undefined) continue;
    say(number, count.toLocaleString('en'));
    say(word, isOld ? `was ${WORDS[standing]}` : wordFor(standing, count));
    chip.setAttribute('aria-pressed', String(standing === only));
    host.append(chip);
  }
  host.setAttribute(
    'aria-label',
    `Show only, of ${counted(
      Object.values(total).reduce((sum, one) => sum + one, 0),
      'thing',
      'things',
    )}`,
  );
}

/** The tab's own icon, in the color of the whole. @param {Standing} standing */
function showIcon(standing) {
  const icon = part('icon');
  if (icon.getAttribute('data-standing') === standing) return;
  icon.setAttribute('data-standing', standing);
  const color = getComputedStyle(document.documentElement).getPropertyValue(`--${standing}`).trim();
  const drawn = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7" fill="${color}"/></svg>`;
  icon.setAttribute('href', `data:image/svg+xml,${encodeURIComponent(drawn)}`);
}
