/**
 * @typedef {{ type: 'ok', body: any, etag: string | null } | { type: 'same' } | { type: 'absent' } | { type: 'locked', why: string, mayTry: boolean } | { type: 'failed', why: string }} Reply `mayTry`: false where no token would do, because none is set.
 */

/** Asks the daemon. The token lives in this closure and nowhere else, and goes nowhere but into a header. */
export function openApi() {
  /** @type {string | null} */
  let token = null;

  /** @param {Readonly<Record<string, string>>} more */
  const headers = (more = {}) => (token === null ? more : { ...more, authorization: `Bearer ${token}` });

  /** @param {Response} response @returns {Promise<string>} */
  const whyOf = async (response) => {
    const text = await response.text().catch(() => '');
    try {
      return String(JSON.parse(text).error ?? `the daemon answered ${response.status}`);
    } catch {
      return `the daemon answered ${response.status}`;
    }
  };

  /** @param {Response} response @returns {Promise<Reply | null>} Null: it is an answer. */
  const refusalOf = async (response) => {
    if (response.status === 304) return { type: 'same' };
    if (response.ok) return null;
    const why = await whyOf(response);
    if (response.status === 401 || response.status === 403)
      return { type: 'locked', why, mayTry: response.status === 401 };
    if (response.status === 404 || response.status === 501) return { type: 'absent' };
    return { type: 'failed', why };
  };

  return {
    /** @param {string | null} given */
    use(given) {
      token = given;
    },
    hasToken: () => token !== null,

    /** @param {string} path @param {{ readonly etag?: string | null }} options @returns {Promise<Reply>} */
    async get(path, { etag = null } = {}) {
      try {
        const response = await fetch(path, {
          headers: headers(etag === null ? {} : { 'if-none-match': etag }),
          cache: 'no-store',
          credentials: 'omit',
          redirect: 'error',
          signal: AbortSignal.timeout(20_000),
        });
        const refusal = await refusalOf(response);
        if (refusal !== null) return refusal;
        return { type: 'ok', body: await response.json(), etag: response.headers.get('etag') };
      } catch {
        return { type: 'failed', why: 'the daemon cannot be reached' };
      }
    },

    /** @param {string} path @returns {Promise<Reply>} */
    async post(path) {
      try {
        const response = await fetch(path, {
          method: 'POST',
          headers: headers(),
          cache: 'no-store',
          credentials: 'omit',
          redirect: 'error',
          signal: AbortSignal.timeout(20_000),
        });
        return (await refusalOf(response)) ?? { type: 'ok', body: null, etag: null };
      } catch {
        return { type: 'failed', why: 'the daemon cannot be reached' };
      }
    },

    /**
     * Follows a stream until it ends. `EventSource` can send no header, so this is a fetch that is read as it comes.
     * @param {string} path
     * @param {{ readonly signal: AbortSignal, readonly onOpen: () => void, readonly onText: (text: string) => void }} options
     * @returns {Promise<Reply>} `ok`: it was open, and has ended.
     */
    async follow(path, { signal, onOpen, onText }) {
      try {
        const response = await fetch(path, {
          headers: headers({ accept: 'text/event-stream' }),
          cache: 'no-store',
          credentials: 'omit',
          redirect: 'error',
          signal,
        });
        const refusal = await refusalOf(response);
        if (refusal !== null) return refusal;
        if (!(response.headers.get('content-type') ?? '').startsWith('text/event-stream') || response.body === null)
          return { type: 'absent' };
        onOpen();
        const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
        for (;;) {
          const { done, value } = await reader.read();
          if (done) return { type: 'ok', body: null, etag: null };
          onText(value);
        }
      } catch {
        return { type: 'failed', why: 'the daemon cannot be reached' };
      }
    },
  };
}
