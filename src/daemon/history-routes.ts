import type { HistoryReader } from '../model/history.ts';
import { driftDocument, runDocument, runsDocument } from './history-json.ts';
import { json, type Answer, type Asked, type Routes } from './route.ts';

const USUAL_RUNS = 50;
const MOST_RUNS = 500;
const USUAL_EPISODES = 200;
const MOST_EPISODES = 1_000;

/** What the server answers of the past. */
export const HISTORY_ROUTES: Routes = {
  '/api/runs': { method: 'GET', access: 'private', answer: ({ history }, asked) => runs(history(), asked) },
  '/api/runs/*': { method: 'GET', access: 'private', answer: ({ history }, asked) => run(history(), asked) },
  '/api/drift': { method: 'GET', access: 'private', answer: ({ history }, asked) => drift(history(), asked) },
};

function runs(history: HistoryReader, { url }: Asked): Answer {
  const query = url.searchParams;
  const wrong = unknownKey(query, ['limit', 'before']);
  if (wrong !== null) return wrong;
  const limit = wholeNumber(query.get('limit') ?? String(USUAL_RUNS), MOST_RUNS);
  if (limit === null) return json(400, { error: `limit: expected a whole number from 1 to ${MOST_RUNS}` });
  const text = query.get('before');
  const before = text === null ? null : wholeNumber(text, Number.MAX_SAFE_INTEGER);
  if (text !== null && before === null)
    return json(400, { error: 'before: expected the number that an answer gave as next' });
  return json(200, runsDocument(history.runs({ limit, before })));
}

function run(history: HistoryReader, { rest }: Asked): Answer {
  const id = wholeNumber(rest, Number.MAX_SAFE_INTEGER);
  if (id === null) return json(400, { error: 'expected the number of a run, as in /api/runs/7' });
  const found = history.run(id);
  return found === null ? json(404, { error: 'no such run is remembered' }) : json(200, runDocument(found));
}

function drift(history: HistoryReader, { url }: Asked): Answer {
  const query = url.searchParams;
  const wrong = unknownKey(query, ['since', 'limit']);
  if (wrong !== null) return wrong;
  const limit = wholeNumber(query.get('limit') ?? String(USUAL_EPISODES), MOST_EPISODES);
  if (limit === null) return json(400, { error: `limit: expected a whole number from 1 to ${MOST_EPISODES}` });
  const text = query.get('since');
  const since = text === null ? 0 : timeOf(text);
  if (since === null) return json(400, { error: 'since: expected a time as 2026-11-20T10:00:00Z' });
  return json(200, driftDocument(history.episodes({ since, limit })));
}

function unknownKey(query: URLSearchParams, known: readonly string[]): Answer | null {
  const all = [...query.keys()];
  const isFine = all.every((key) => known.includes(key)) && new Set(all).size === all.length;
  return isFine ? null : json(400, { error: `expected no other query than ${known.join(' and ')}, each once` });
}

function wholeNumber(text: string, most: number): number | null {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  return value >= 1 && value <= most ? value : null;
}

/** RFC 3339 with its zone, or a date; milliseconds since epoch. */
function timeOf(text: string): number | null {
  if (!/^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d))?$/.test(text)) return null;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : ms;
}
