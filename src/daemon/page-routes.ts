import { json, type Answer } from './answer.ts';
import type { EventStream } from './event-stream.ts';
import type { PageShell } from './page-shell.ts';
import type { Routes } from './route.ts';
import type { TreePage } from './tree-json.ts';

/** What the page and those who watch with it are served from. */
export interface PageOptions {
  readonly shell: PageShell;
  readonly tree: () => TreePage;
  readonly events: EventStream;
}

/** The page, the tree it draws and the events it follows. */
export const PAGE_ROUTES: Routes = {
  '/': {
    method: 'GET',
    access: 'private',
    answer: ({ page }) => ({ status: 200, ...shown(page) }),
    // A browser cannot send a bearer with a click. The page holds no data: it asks for the token, and sends it itself.
    refused: ({ page }) => shown(page),
  },
  '/api/tree': {
    method: 'GET',
    access: 'private',
    answer({ page }, { headers: sent }) {
      const { etag, body } = page.tree();
      const isKnown = (sent['if-none-match'] ?? '').split(/\s*,\s*/).includes(etag);
      const headers = { etag, 'cache-control': 'no-cache' };
      if (isKnown) return { status: 304, body: '', headers };
      return { status: 200, type: 'application/json', body, headers };
    },
  },
  '/api/events': {
    method: 'GET',
    access: 'private',
    answer({ page }) {
      if (!page.events.hasRoom())
        return { ...json(503, { error: 'too many follow already' }), headers: { 'retry-after': '30' } };
      return {
        status: 200,
        type: 'text/event-stream; charset=utf-8',
        body: '',
        // Proxies that gather a reply before they pass it on would gather for ever.
        headers: { 'x-accel-buffering': 'no' },
        follow: (response) => page.events.follow(response),
      };
    },
  },
};

function shown({ shell }: PageOptions): Required<Pick<Answer, 'type' | 'body' | 'headers'>> {
  return {
    type: 'text/html; charset=utf-8',
    body: shell.html,
    headers: {
      'content-security-policy': shell.policy,
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    },
  };
}
