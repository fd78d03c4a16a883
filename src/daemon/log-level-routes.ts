import { LEVELS, type Level } from './log-level.ts';
import { json, type Answer, type Asked, type Routes } from './route.ts';
import type { ServerOptions } from './server.ts';

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };
const USUAL_MS = 600_000;
const MOST_MS = 24 * 3_600_000;

/** `POST /api/log-level` with `{"level": "debug", "for": "10m"}`. */
export const LOG_LEVEL_ROUTES: Routes = {
  '/api/log-level': { method: 'POST', access: 'bearer', takes: 1024, answer: setLevel },
};

function setLevel({ setLogLevel }: ServerOptions, { body }: Asked): Answer {
  const asked = objectOf(body);
  if (asked === null) return json(400, { error: 'expected JSON as {"level": "debug", "for": "10m"}' });
  const unknown = Object.keys(asked).find((key) => key !== 'level' && key !== 'for');
  if (unknown !== undefined) return json(400, { error: 'expected no other keys than level and for' });
  const level = LEVELS.find((one) => one === asked['level']);
  if (level === undefined) return json(400, { error: `level: expected one of ${LEVELS.join(', ')}` });
  const forMs = asked['for'] === undefined ? USUAL_MS : msOf(asked['for']);
  if (forMs === null) return json(400, { error: 'for: expected a duration as 30s, 10m or 2h, 24h at most' });
  setLogLevel(level, forMs);
  return json(200, { level: level satisfies Level, forSeconds: forMs / 1000 });
}

function objectOf(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const parsed: unknown = JSON.parse(text);
    const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
    return isObject ? (parsed as Readonly<Record<string, unknown>>) : null;
  } catch {
    return null;
  }
}

function msOf(given: unknown): number | null {
  const [, count, unit] = /^(\d{1,5})([smh])$/.exec(typeof given === 'string' ? given : '') ?? [];
  const ms = Number(count) * (UNIT_MS[unit ?? ''] ?? 0);
  return ms >= 1_000 && ms <= MOST_MS ? ms : null;
}
