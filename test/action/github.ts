// A stand-in for GitHub's REST and GraphQL APIs, as strict as the real ones about what matters: who asks, with which
// headers, with which body. What it does not know is answered with 404 and remembered as a violation.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

export const TOKEN = 'ghs_runnersOwnToken0123456789';
export const LOGIN = 'github-actions[bot]';

export interface Note {
  id: number;
  user: { login: string };
  body: string;
}

export interface Issue extends Note {
  number: number;
  title: string;
  state: 'open' | 'closed';
  labels: string[];
  pull_request?: object;
}

export interface Pull {
  number: number;
  title: string;
  body: string;
  state: 'open' | 'closed';
  head: string;
  base: string;
}

export interface Commit {
  readonly message: string;
  readonly parents: readonly string[];
  /** Paths with the contents of their files. */
  readonly tree: Readonly<Record<string, string>>;
}

/** An answer instead of the usual one, for the next request that it fits. */
export interface Fault {
  readonly method: string;
  readonly path: RegExp;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly message?: string;
  /** The request has its effect, and the answer is lost. */
  readonly isDone?: true;
}

export interface GitHubStandIn extends AsyncDisposable {
  readonly url: string;
  readonly comments: Note[];
  readonly issues: Issue[];
  /** Of the pull request 7. */
  readonly labels: string[];
  /** Pull requests that were opened over the API, and the branches that they are of. */
  readonly pulls: Pull[];
  readonly branches: Map<string, string>;
  readonly commits: Map<string, Commit>;
  readonly blobs: Map<string, string>;
  /** Where the pull request 7 is by now. */
  head: string;
  /** The merged pull requests of commits. */
  readonly merged: Map<string, number>;
  readonly faults: Fault[];
  /** `METHOD /path?query` of every request. */
  readonly requests: string[];
  /** What a real GitHub would not have taken. */
  readonly violations: string[];
}

const REPO = '/repos/acme/infra';

export async function openGitHubStandIn(head: string): Promise<GitHubStandIn> {
  const server = createServer((request, response) => void answer(request, response));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/api/v3`;
  let ids = 1000;
  const trees = new Map<string, Commit['tree']>();
  const shaOf = (what: unknown): string => createHash('sha1').update(JSON.stringify(what)).digest('hex');
  const github: GitHubStandIn = {
    url,
    comments: [],
    issues: [],
    labels: [],
    pulls: [],
    branches: new Map(),
    commits: new Map(),
    blobs: new Map(),
    head,
    merged: new Map(),
    faults: [],
    requests: [],
    violations: [],
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', headers } = request;
    const asked = new URL(request.url ?? '/', 'http://x');
    github.requests.push(`${method} ${asked.pathname}${asked.search}`);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    const violate = (why: string): void => void github.violations.push(`${method} ${asked.pathname}: ${why}`);
    if (headers['accept'] !== 'application/vnd.github+json') violate(`accept ${String(headers['accept'])}`);
    if (headers['x-github-api-version'] !== '2022-11-28') violate('no version of the API');
    if ((headers['user-agent'] ?? '') === '') violate('no user agent');
    if ((text === '') !== (method === 'GET' || method === 'DELETE'))
      violate('a body where none belongs, or none where one does');
    if (text !== '' && headers['content-type'] !== 'application/json') violate('content-type');
    const body = text === '' ? {} : (JSON.parse(text) as Readonly<Record<string, unknown>>);
    const send = (status: number, data: unknown, further: Readonly<Record<string, string>> = {}): void => {
      response.writeHead(status, { 'content-type': 'application/json', ...further });
      response.end(status === 204 ? '' : JSON.stringify(data));
    };
    if (headers['authorization'] !== `Bearer ${TOKEN}`) return send(401, { message: 'Bad credentials' });
    const index = github.faults.findIndex((fault) => fault.method === method && fault.path.test(asked.pathname));
    const [fault] = index === -1 ? [] : github.faults.splice(index, 1);
    if (fault !== undefined) {
      if (fault.isDone === true) serve(method, asked, body, { send: () => undefined, violate });
      return send(fault.status, { message: fault.message ?? 'no' }, fault.headers);
    }
    serve(method, asked, body, { send, violate });
  }

  function serve(
    method: string,
    asked: URL,
    body: Readonly<Record<string, unknown>>,
    {
      send,
      violate,
    }: {
      readonly send: (status: number, data: unknown, headers?: Readonly<Record<string, string>>) => void;
      readonly violate: (why: string) => void;
    },
  ): void {
    const path = asked.pathname.replace(/^\/api(?:\/v3)?/, '');
    const [, id = ''] = /(\d+)$/.exec(path) ?? [];
    const text = (name: string): string => {
      const value = body[name];
      if (typeof value !== 'string' || value === '') violate(`${name} is no text`);
      if (String(value).length > 65_536) violate(`${name} is too long`);
      return String(value);
    };
    const keys = (...allowed: readonly string[]): void => {
      for (const key of Object.keys(body)) if (!allowed.includes(key)) violate(`unknown field ${key}`);
    };
    const page = (all: readonly unknown[]): void => {
      const size = Number(asked.searchParams.get('per_page') ?? 30);
      const at = Number(asked.searchParams.get('page') ?? 1);
      if (size < 1 || size > 100 || at < 1) violate('a page that does not exist');
      const next = at * size < all.length ? { link: `<${asked.href}&page=${String(at + 1)}>; rel="next"` } : undefined;
      send(200, all.slice((at - 1) * size, at * size), next);
    };
    switch (
      `${method} ${path
        .replace(/[0-9a-f]{40}/, 'SHA')
        .replace(/\/git\/(refs?)\/heads\/.+$/, '/git/$1/heads/BRANCH')
        .replace(/\d+$/, 'N')
        .replace(/\/issues\/\d+\//, '/issues/N/')
        .replace(/\/labels\/.+$/, '/labels/NAME')}`
    ) {
      case 'POST /graphql':
        if (asked.pathname !== '/api/graphql') violate('graphql stands beside v3');
        if (!/viewer\s*\{\s*login\s*\}/.test(text('query'))) violate('unknown query');
        return send(200, { data: { viewer: { login: LOGIN } } });
      case `GET ${REPO}/pulls`: {
        const { searchParams } = asked;
        const head = searchParams.get('head');
        return page(
          github.pulls.filter(
            (pull) =>
              pull.state === searchParams.get('state') &&
              `acme:${pull.head}` === head &&
              pull.base === searchParams.get('base'),
          ),
        );
      }
      case `POST ${REPO}/pulls`: {
        keys('title', 'body', 'head', 'base');
        if (!github.branches.has(text('head'))) violate('a pull request of no branch');
        const [title, words, head, base] = [text('title'), text('body'), text('head'), text('base')];
        github.pulls.push({ number: 500 + github.pulls.length, title, body: words, state: 'open', head, base });
        return send(201, github.pulls.at(-1));
      }
      case `PATCH ${REPO}/pulls/N`: {
        keys('title', 'body', 'state');
        const pull = github.pulls.find((one) => one.number === Number(id));
        if (pull === undefined) return send(404, { message: 'Not Found' });
        if ('title' in body) pull.title = text('title');
        if ('body' in body) pull.body = text('body');
        if (body['state'] === 'open' || body['state'] === 'closed') pull.state = body['state'];
        return send(200, pull);
      }
      case `GET ${REPO}/git/ref/heads/BRANCH`: {
        const sha = github.branches.get(path.split('/heads/')[1] ?? '');
        return sha === undefined ? send(404, { message: 'Not Found' }) : send(200, { object: { sha } });
      }
      case `GET ${REPO}/git/commits/SHA`: {
        const commit = github.commits.get(path.split('/').at(-1) ?? '');
        // The commit that the workflow is run for is always there.
        const { message, parents, tree } = commit ?? { message: 'Before', parents: [], tree: {} };
        trees.set(shaOf(tree), tree);
        return send(200, { message, tree: { sha: shaOf(tree) }, parents: parents.map((sha) => ({ sha })) });
      }
      case `POST ${REPO}/git/blobs`: {
        keys('content', 'encoding');
        const sha = shaOf(['blob', text('content')]);
        github.blobs.set(sha, Buffer.from(text('content'), 'base64').toString('utf8'));
        return send(201, { sha });
      }
      case `POST ${REPO}/git/trees`: {
        keys('base_tree', 'tree');
        const below = trees.get(text('base_tree'));
        if (below === undefined) return send(404, { message: 'Not Found' });
        const entries = body['tree'] as readonly { path: string; mode: string; type: string; sha: string }[];
        for (const entry of entries)
          if (!github.blobs.has(entry.sha) || entry.type !== 'blob' || !/^100(?:644|755)$/.test(entry.mode))
            violate('an entry of a tree that is none');
        const own = entries.map((entry) => [entry.path, github.blobs.get(entry.sha) ?? ''] as const);
        const tree = { ...below, ...Object.fromEntries(own) };
        trees.set(shaOf(tree), tree);
        return send(201, { sha: shaOf(tree) });
      }
      case `POST ${REPO}/git/commits`: {
        keys('message', 'tree', 'parents');
        const tree = trees.get(text('tree'));
        if (tree === undefined) return send(422, { message: 'Tree SHA does not exist' });
        const commit = { message: text('message'), parents: body['parents'] as readonly string[], tree };
        const sha = shaOf([commit, ids++]);
        github.commits.set(sha, commit);
        return send(201, { sha });
      }
      case `POST ${REPO}/git/refs`: {
        keys('ref', 'sha');
        const branch = text('ref').replace(/^refs\/heads\//, '');
        if (github.branches.has(branch)) return send(422, { message: 'Reference already exists' });
        github.branches.set(branch, text('sha'));
        return send(201, {});
      }
      case `PATCH ${REPO}/git/refs/heads/BRANCH`: {
        keys('sha', 'force');
        github.branches.set(path.split('/heads/')[1] ?? '', text('sha'));
        return send(200, {});
      }
      case `DELETE ${REPO}/git/refs/heads/BRANCH`:
        return github.branches.delete(path.split('/heads/')[1] ?? '')
          ? send(204, null)
          : send(422, { message: 'gone' });
      case `GET ${REPO}/pulls/N`:
        return send(200, { number: Number(id), head: { sha: github.head } });
      case `GET ${REPO}/commits/SHA/pulls`: {
        const sha = path.split('/')[5] ?? '';
        const number = github.merged.get(sha);
        return page(number === undefined ? [] : [{ number, merge_commit_sha: sha, merged_at: '2026-11-21T12:00:00Z' }]);
      }
      case `GET ${REPO}/issues/N/comments`:
        return page(github.comments);
      case `POST ${REPO}/issues/N/comments`: {
        keys('body');
        github.comments.push({ id: ids++, user: { login: LOGIN }, body: text('body') });
        return send(201, github.comments.at(-1));
      }
      case `PATCH ${REPO}/issues/comments/N`: {
        keys('body');
        const comment = github.comments.find((one) => one.id === Number(id));
        if (comment === undefined) return send(404, { message: 'Not Found' });
        comment.body = text('body');
        return send(200, comment);
      }
      case `DELETE ${REPO}/issues/comments/N`: {
        const at = github.comments.findIndex((one) => one.id === Number(id));
        if (at === -1) return send(404, { message: 'Not Found' });
        github.comments.splice(at, 1);
        return send(204, null);
      }
      case `GET ${REPO}/issues/N/labels`:
        return page(github.labels.map((name) => ({ name })));
      case `POST ${REPO}/issues/N/labels`: {
        keys('labels');
        for (const name of body['labels'] as readonly string[])
          if (!github.labels.includes(name)) github.labels.push(name);
        return send(200, github.labels);
      }
      case `DELETE ${REPO}/issues/N/labels/NAME`: {
        const name = decodeURIComponent(path.split('/').at(-1) ?? '');
        if (!github.labels.includes(name)) return send(404, { message: 'Label does not exist' });
        github.labels.splice(github.labels.indexOf(name), 1);
        return send(200, []);
      }
      case `GET ${REPO}/issues`: {
        const { searchParams } = asked;
        const state = searchParams.get('state') ?? 'open';
        const label = searchParams.get('labels');
        return page(
          github.issues
            .filter((issue) => state === 'all' || issue.state === state)
            .filter((issue) => label === null || issue.labels.includes(label))
            .toReversed(),
        );
      }
      case `POST ${REPO}/issues`: {
        keys('title', 'body', 'labels');
        const number = github.issues.length + 100;
        const labels = [...((body['labels'] ?? []) as readonly string[])];
        github.issues.push({
          id: ids++,
          number,
          user: { login: LOGIN },
          title: text('title'),
          body: text('body'),
          state: 'open',
          labels,
        });
        return send(201, github.issues.at(-1));
      }
      case `PATCH ${REPO}/issues/N`: {
        keys('title', 'body', 'state', 'state_reason');
        const issue = github.issues.find((one) => one.number === Number(id));
        if (issue === undefined) return send(404, { message: 'Not Found' });
        if ('title' in body) issue.title = text('title');
        if ('body' in body) issue.body = text('body');
        if (body['state'] === 'open' || body['state'] === 'closed') issue.state = body['state'];
        return send(200, issue);
      }
      default:
        violate('no such route');
        return send(404, { message: 'Not Found' });
    }
  }
  return github;
}
