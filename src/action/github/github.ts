import { EnvHttpProxyAgent, request } from 'undici';
import type { Chance, Clock } from '../../model/ports.ts';
import { cut } from '../../report/markup.ts';
import { sanitize } from '../../report/sanitize.ts';
import { at } from '../at.ts';
import { GitHubError } from './github-error.ts';
import { limitedFor } from './rate-limit.ts';

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

export interface GitHub {
  /** One request until it is answered well: the data of the answer. Throws {@link GitHubError}. */
  call(
    method: Method,
    path: string,
    options?: { readonly body?: unknown; /** Twice is as once, although it is a POST. */ readonly isRepeatable?: true },
  ): Promise<unknown>;
  /** The data of all pages, `mostPages` at most. */
  list(path: string, mostPages: number): Promise<readonly unknown[]>;
  /** The login that the token writes as. */
  login(): Promise<string>;
  close(): Promise<void>;
}

export interface GitHubOptions {
  readonly apiUrl: string;
  readonly graphqlUrl: string;
  readonly token: string;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const TIMEOUT_MS = 15_000;
const MOST_ATTEMPTS = 4;
/** A job that waits longer costs more than a comment is worth. */
const LONGEST_WAIT_MS = 60_000;
const PER_PAGE = 100;
const LARGEST_ANSWER = 32 * 1024 * 1024;
/** Of the token that a workflow gets when it asks for none. */
const USUAL_LOGIN = 'github-actions[bot]';

/** A client for the few routes of GitHub's API that are used here. The token goes to `apiUrl` and `graphqlUrl` alone. */
export function openGitHub(options: GitHubOptions): GitHub {
  const { clock, chance, env } = options;
  const proxy = (name: string): string | undefined => env[name.toLowerCase()] ?? env[name];
  const dispatcher = new EnvHttpProxyAgent({
    httpProxy: proxy('HTTP_PROXY') ?? '',
    httpsProxy: proxy('HTTPS_PROXY') ?? '',
    noProxy: proxy('NO_PROXY') ?? '',
  });

  const once = async (method: Method, url: string, body: unknown): Promise<Reply> => {
    const answer = await request(url, {
      method,
      dispatcher,
      headers: {
        authorization: `Bearer ${options.token}`,
        accept: 'application/vnd.github+json',
        'x-github-api-version': '2022-11-28',
        'user-agent': 'converge-action',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headersTimeout: TIMEOUT_MS,
      bodyTimeout: TIMEOUT_MS,
      signal: AbortSignal.timeout(2 * TIMEOUT_MS),
    });
    const text = await textOf(answer.body);
    return { status: answer.statusCode, headers: answer.headers, data: dataOf(text) };
  };

  const send = async (method: Method, url: string, body: unknown, isRepeatable: boolean): Promise<Reply> => {
    for (let attempt = 1; ; attempt++) {
      const tried = await once(method, url, body).catch((error: unknown) => failureOf(error));
      if ('status' in tried && tried.status < 300) return tried;
      const limited = 'status' in tried ? limitedFor(tried, clock.now()) : null;
      const isTransient = !('status' in tried) || tried.status >= 500;
      const waitMs = limited ?? (isTransient && isRepeatable ? 2 ** (attempt - 1) * 500 * (1 + chance()) : null);
      if (waitMs === null || waitMs > LONGEST_WAIT_MS || attempt === MOST_ATTEMPTS)
        throw errorOf(tried, { method, url, limited });
      await clock.sleep(waitMs);
    }
  };

  const call: GitHub['call'] = async (method, path, { body, isRepeatable } = {}) =>
    (await send(method, `${options.apiUrl}${path}`, body, method !== 'POST' || isRepeatable === true)).data;

  return {
    call,
    async list(path, mostPages) {
      const found: unknown[] = [];
      for (let page = 1; page <= mostPages; page++) {
        const query = `${path.includes('?') ? '&' : '?'}per_page=${String(PER_PAGE)}&page=${String(page)}`;
        const { data, headers } = await send('GET', `${options.apiUrl}${path}${query}`, undefined, true);
        if (!Array.isArray(data)) throw new GitHubError('GitHub answered with something that is no list', null);
        found.push(...(data as readonly unknown[]));
        if (data.length < PER_PAGE && !/\brel="next"/.test(String(headers['link'] ?? ''))) break;
      }
      return found;
    },
    async login() {
      const query = { query: 'query { viewer { login } }' };
      const answer = await send('POST', options.graphqlUrl, query, true).catch((error: unknown) => {
        if (error instanceof GitHubError) return null;
        throw error;
      });
      const login = at(answer?.data, 'data', 'viewer', 'login');
      return typeof login === 'string' ? login : USUAL_LOGIN;
    },
    close: () => dispatcher.destroy(),
  };
}

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly data: unknown;
}

interface Failure {
  readonly code: string;
}

function failureOf(error: unknown): Failure {
  const { code, name } = error as NodeJS.ErrnoException;
  return { code: code ?? name };
}

async function textOf(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > LARGEST_ANSWER) throw Object.assign(new Error('too large'), { code: 'an answer that does not end' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Null where it is no JSON: what is missing in it is judged where it is read. */
function dataOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function errorOf(
  tried: Reply | Failure,
  about: { readonly method: Method; readonly url: string; readonly limited: number | null },
): GitHubError {
  const { method, limited } = about;
  const what = `${method} ${new URL(about.url).pathname}`;
  if (!('status' in tried)) return new GitHubError(`GitHub was not reached (${what}: ${tried.code})`, null);
  if (limited !== null)
    return new GitHubError(
      `GitHub's rate limit is used up for another ${String(Math.ceil(limited / 1000))} s (${what})`,
      tried.status,
    );
  const message = at(tried.data, 'message');
  const said = typeof message === 'string' ? `: ${cut(sanitize(message))}` : '';
  return new GitHubError(`GitHub answered ${String(tried.status)} to ${what}${said}`, tried.status);
}
