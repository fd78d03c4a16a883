import { openParser } from './event-parser.js';

/**
 * @import { Reply } from './api.js'
 * @import { Pulse } from './documents.d.ts'
 */

/** The daemon gives a sign of life every ten seconds. Without two of them the line is dead, whatever TCP believes. */
export const SILENT_MS = 25_000;
const POLL_MS = 5_000;
/** How often it is asked by polling before the stream is tried again. */
const POLLS = 6;
const LONGEST_WAIT_MS = 15_000;

/**
 * Keeps a line to the daemon for as long as the page is open: a stream, or asking again and again where no stream comes
 * through, or trying again where nothing does. Never gives up.
 * @param {object} options
 * @param {ReturnType<typeof import('./api.js').openApi>} options.api
 * @param {() => void} options.onHeard Something came.
 * @param {() => Promise<Reply>} options.onResync Whatever was missed is to be read anew.
 * @param {(pulse: Pulse & { readonly tree?: string }) => void} options.onPulse
 * @param {() => void} options.onRun
 * @param {(link: 'live' | 'polling' | 'lost') => void} options.onLink
 * @param {(refusal: Reply & { type: 'locked' }) => Promise<void>} options.onLocked Resolves when there is another token to try.
 */
export async function keepConnection({ api, onHeard, onResync, onPulse, onRun, onLink, onLocked }) {
  let failures = 0;
  for (;;) {
    const reply = await followOnce();
    if (reply.type === 'locked') {
      await onLocked(reply);
      continue;
    }
    // The stream is there and full, or something between here and there does not let it through.
    if (reply.type === 'absent' || (reply.type === 'failed' && failures % 2 === 1)) {
      if (await poll()) {
        failures = 0;
        continue;
      }
    }
    failures += 1;
    onLink('lost');
    await wait(Math.min(1000 * 2 ** Math.min(failures - 1, 4), LONGEST_WAIT_MS));
  }

  /** @returns {Promise<Reply>} */
  async function followOnce() {
    const ending = new AbortController();
    let dog = setTimeout(() => ending.abort(), SILENT_MS);
    const parse = openParser((event, data) => {
      if (event === 'status') onPulse(JSON.parse(data));
      if (event === 'run') onRun();
    });
    const reply = await api.follow('/api/events', {
      signal: ending.signal,
      onOpen() {
        failures = 0;
        onHeard();
        onLink('live');
        void onResync();
      },
      onText(text) {
        clearTimeout(dog);
        dog = setTimeout(() => ending.abort(), SILENT_MS);
        onHeard();
        parse(text);
      },
    });
    clearTimeout(dog);
    return reply;
  }

  /** @returns {Promise<boolean>} It was answered. */
  async function poll() {
    for (let count = 0; count < POLLS; count++) {
      const reply = await onResync();
      if (reply.type === 'locked') {
        await onLocked(reply);
        return true;
      }
      if (reply.type !== 'ok') return count > 0;
      onHeard();
      onLink('polling');
      await wait(POLL_MS);
    }
    return true;
  }
}

/** Coming back to the page, or to the network, ends the waiting. @param {number} ms @returns {Promise<void>} */
function wait(ms) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      window.removeEventListener('online', done);
      document.removeEventListener('visibilitychange', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    window.addEventListener('online', done);
    document.addEventListener('visibilitychange', done);
  });
}
