import type { Drift, DriftItem } from '../../model/drift.ts';
import type { DriftPast } from '../../model/drift-past.ts';
import type { Episode } from '../../model/history.ts';
import { markup, type Html } from './html.ts';
import { momentText, section } from './page.ts';
import { bars } from './plots/bars.ts';
import { lanes, type Moment } from './plots/lanes.ts';
import { OTHERS, stackedColumns } from './plots/stacked-columns.ts';
import { instantText } from '../../model/instant.ts';

/** Who moved a thing, as a name; those who cannot be named are one. */
export function actorOf({ by }: Pick<DriftItem, 'by'>): string {
  if (by === undefined) return 'unattributed';
  const { actor, id, name } = by;
  if (actor === 'converge') return 'converge itself';
  if (actor === 'system') return 'the platform';
  const numbered = id === undefined ? actor : `${actor} ${id}`;
  return name === undefined ? numbered : `${name} (${numbered})`;
}

/** When who changed what; with a history also how much differed over time, and for how long things have. */
export function driftPlots(drift: Drift, past: DriftPast | null): readonly (Html | null)[] {
  return [timeline(drift, past), ...(past === null ? [] : [overTime(drift, past), ages(drift)])];
}

const HEALED = 'made equal by converge';
const GONE = 'equal again by others';
const SEEN = 'first seen by the daemon';

function timeline({ items, readAt }: Drift, past: DriftPast | null): Html | null {
  const moved = items.flatMap((item): readonly Moment[] => {
    const at = Date.parse(item.by?.at ?? '');
    if (Number.isNaN(at)) return [];
    return [
      {
        lane: actorOf(item),
        at,
        tone: TONES[item.moved],
        what: `${item.moved} ${item.address} at ${item.by?.at ?? ''}`,
      },
    ];
  });
  const recorded = (past?.episodes ?? []).flatMap(recordedMoments);
  const all = [...moved, ...recorded];
  const first = Math.min(...all.map(({ at }) => at), past?.from ?? readAt);
  if (all.length === 0 || first >= readAt) return null;
  const actors = [...new Set(moved.map(({ lane }) => lane))].toSorted();
  const known = [SEEN, GONE, HEALED].filter((lane) => recorded.some((moment) => moment.lane === lane));
  const order = [...actors.slice(0, MOST_LANES), ...known];
  const more = actors.length - MOST_LANES;
  const plot = lanes(all, { from: first, to: readAt, order, name: 'timeline', title: 'When who changed what' });
  return section(
    { title: 'When who changed what', name: 'when' },
    markup`${plot}
<p class="fine">${more > 0 ? `Without ${more} who moved other things. ` : ''}${
      past === null
        ? 'From the audit logs.'
        : 'From the audit logs, and from the history of the daemon, which sees a change when it looks.'
    } Times are UTC.</p>`,
  );
}

function recordedMoments({ address, seenAt, goneAt, healedBy }: Episode): readonly Moment[] {
  const seen: Moment = { lane: SEEN, at: seenAt, tone: 'quiet', what: `${address} at ${instantText(seenAt)}` };
  if (goneAt === null) return [seen];
  const isOurs = healedBy === 'converge';
  const what = `${address} at ${instantText(goneAt)}`;
  return [seen, { lane: isOurs ? HEALED : GONE, at: goneAt, tone: isOurs ? 'good' : 'info', what }];
}

function overTime({ readAt }: Drift, { episodes, from, isCut }: DriftPast): Html | null {
  if (episodes.length === 0 || from >= readAt) return null;
  const title = 'How much differed';
  const { plot, series } = stackedColumns(
    episodes.map(({ address, seenAt, goneAt }) => ({ series: containerOf(address), from: seenAt, to: goneAt })),
    { from, to: readAt, name: 'over-time', title },
  );
  const legend = series.map(
    (one, index) =>
      markup`<span class="share"><span class="swatch series-${index + 1}" aria-hidden="true"></span><bdi>${one === OTHERS ? 'all others' : readable(one)}</bdi></span>`,
  );
  return section(
    { title, name: 'differed' },
    markup`<p class="shares">${legend}</p>
${plot}
<p class="fine">Things that differed at any time within a column, since <time datetime="${instantText(from)}">${momentText(instantText(from))}</time>${isCut ? '; older ones are left out, there are too many' : ''}. As the daemon saw it.</p>`,
  );
}

/** `project:a%2Fb` as `a/b`. */
function readable(container: string): string {
  const key = container.slice(container.indexOf(':') + 1);
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

function ages({ items, readAt }: Drift): Html | null {
  const known = items.filter(({ since }) => since !== undefined);
  if (known.length === 0) return null;
  const ageOf = ({ since }: DriftItem): number => readAt - Date.parse(since ?? '');
  const rows = AGES.map(({ word, above, upTo }) => ({
    word,
    n: known.filter((item) => ageOf(item) >= above && ageOf(item) < upTo).length,
  }));
  const unknown = items.length - known.length;
  return section(
    { title: 'How long it has differed', name: 'age' },
    markup`${bars([...rows, ...(unknown > 0 ? [{ word: 'not known', n: unknown }] : [])], { name: 'ages', title: 'How long it has differed' })}
<p class="fine">At the most: since it was last seen as declared.</p>`,
  );
}

function containerOf(address: string): string {
  return address.split('/')[0] ?? address;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const AGES = [
  { word: 'under 1 h', above: Number.NEGATIVE_INFINITY, upTo: HOUR },
  { word: '1 h to 1 d', above: HOUR, upTo: DAY },
  { word: '1 d to 7 d', above: DAY, upTo: 7 * DAY },
  { word: '7 d to 30 d', above: 7 * DAY, upTo: 30 * DAY },
  { word: 'over 30 d', above: 30 * DAY, upTo: Number.POSITIVE_INFINITY },
] as const;
const TONES = { changed: 'alter', missing: 'remove', unexpected: 'info' } as const;
const MOST_LANES = 12;
