import { HttpRequestInterceptor } from '@mswjs/interceptors/http';
import { http, HttpResponse, type AnyHandler, type JsonBodyType } from 'msw';
import { defineNetwork, InterceptorSource } from 'msw/experimental';
import { onTestFinished } from 'vitest';

/**
 * Serves every connection of this process from `handlers` while one test runs. undici keeps its own sockets, which
 * msw's usual server does not see, so the interception is at socket level; this entry of msw is experimental, hence
 * the versions are pinned and it is used here only.
 */
export function serve(...handlers: readonly AnyHandler[]): void {
  const network = defineNetwork({
    sources: [new InterceptorSource({ interceptors: [new HttpRequestInterceptor()] })],
    handlers: [...handlers],
    onUnhandledFrame: 'error',
    context: { quiet: true },
  });
  network.enable();
  onTestFinished(() => network.disable());
}

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  /** Parsed; null for none. */
  readonly body: unknown;
}

type Reply = Response | JsonBodyType | ((request: Request) => Response | JsonBodyType);

/** Handlers that remember what they were asked. */
export interface Recorder {
  readonly seen: readonly Seen[];
  /** `METHOD path`, in order. */
  lines(): readonly string[];
  /** Answers with one reply after the other, then with the last one; null is an empty 200. */
  on(method: 'get' | 'post' | 'patch', url: string, ...replies: readonly [Reply, ...Reply[]]): AnyHandler;
}

export function recorder(): Recorder {
  const seen: Seen[] = [];
  return {
    seen,
    lines: () => seen.map(({ method, url }) => `${method} ${new URL(url).pathname}${new URL(url).search}`),
    on(method, url, ...replies) {
      let count = 0;
      return http[method](url, async ({ request }) => {
        const text = await request.clone().text();
        const body: unknown = text === '' ? null : JSON.parse(text);
        seen.push({ method: request.method, url: request.url, headers: request.headers, body });
        const reply = replies[Math.min(count, replies.length - 1)] ?? null;
        count += 1;
        const answer = typeof reply === 'function' ? reply(request) : reply;
        if (answer instanceof Response) return answer.clone();
        return answer === null ? new HttpResponse(null, { status: 200 }) : HttpResponse.json(answer);
      });
    },
  };
}
