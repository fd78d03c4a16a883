import {
  listingOfEach,
  listOf,
  shapeOf,
  type ConvexApi,
  type Finding,
  type Listed,
  type LiveResource,
  type ResourceKind,
} from 'convex-converge';

/** A type alias, not an interface: it must be assignable to the engine's open `Spec`. */
export type LogStreamSpec = {
  readonly type: string;
  readonly url: string;
  readonly format: string;
  /** Null: all of them, also those that the platform will have later. */
  readonly topics: readonly string[] | null;
};

const TOPICS = ['verification', 'console', 'function_execution', 'exception', 'audit_log', 'scheduler_stats'];

/**
 * The webhook log stream of a deployment (Convex deployment API, "Log Streams"). A deployment has one stream of each type at
 * most, so the type is the key. Streams of other types are live, and a document cannot declare them here.
 */
export const logStream: ResourceKind<LogStreamSpec, ConvexApi> = {
  name: 'log-stream',
  collection: 'logStreams',
  parent: 'deployment',
  form: { shape: 'list', description: 'Where the logs of the deployment are sent. `[]` manages the streams and declares none.' },
  prunable: true,
  // A second stream of a type is refused by the platform, so a create whose reply was lost may be sent again.
  keyed: true,
  schema: {
    type: { key: true, json: { type: 'string', enum: ['webhook'], description: 'The type of the stream.' } },
    url: {
      requiredToCreate: true,
      json: { type: 'string', description: 'Where logs are posted to; signed, see the dashboard for the secret.' },
    },
    format: {
      requiredToCreate: true,
      json: { type: 'string', enum: ['json', 'jsonl'], description: 'One array per request, or one object per line.' },
    },
    topics: {
      nullable: true,
      orderFree: true,
      json: {
        type: ['array', 'null'],
        items: { type: 'string', enum: TOPICS },
        description: 'What is sent; null: everything, also what comes later.',
      },
    },
  },
  key: (spec) => spec.type ?? '',
  check: ({ url }) => (url === undefined ? [] : checkUrl(url)),
  settled: ({ facts }) => (facts['status'] === 'failed' ? 'the platform says that the stream has failed' : true),
  list(api, { parents, signal }) {
    if (parents === 'team') throw new Error('log streams are listed per deployment');
    return listingOfEach(parents, (deployment) => listStreams(api, deployment, signal));
  },
  write: {
    how: 'singly',
    async create(api, { parent, spec, signal }) {
      const deployment = within(parent);
      const { type = '', url, format, topics = null } = spec;
      const id = await api.deployment(deployment, {
        method: 'POST',
        path: '/create_log_stream',
        body: { logStreamType: type, url, format, ...(topics === null ? {} : { topics }) },
        // The reply also holds the secret that signs the logs: nobody here has a use for it.
        decode: (body) => shapeOf(body, 'the created stream').text('id'),
        signal,
      });
      return { id, parentId: deployment.id, spec: { ...spec, topics }, facts: { status: 'pending' } };
    },
    async update(api, { live, parent, fields, signal }) {
      const path = `/update_log_stream/${encodeURIComponent(live.id)}`;
      const body = { logStreamType: live.key, ...fields };
      await api.deployment(within(parent), { method: 'POST', path, body, signal });
    },
    async delete(api, { live, parent, signal }) {
      const path = `/delete_log_stream/${encodeURIComponent(live.id)}`;
      await api.deployment(within(parent), { method: 'POST', path, signal });
    },
  },
};

function listStreams(
  api: ConvexApi,
  deployment: LiveResource,
  signal: AbortSignal,
): Promise<readonly Listed<LogStreamSpec>[]> {
  return api.deployment(deployment, {
    method: 'GET',
    path: '/list_log_streams',
    decode: (body) => listOf(body, 'streams').map((item, index) => streamOf(deployment, item, `streams[${index}]`)),
    signal,
  });
}

function streamOf(deployment: LiveResource, item: unknown, at: string): Listed<LogStreamSpec> {
  const one = shapeOf(item, at);
  const type = one.text('logStreamType');
  return {
    id: one.text('id'),
    parentId: deployment.id,
    spec: type === 'webhook' ? { type, url: one.text('url'), format: one.text('format'), topics: topicsOf(item, at) } : { type },
    facts: { status: one.object('status').text('type') },
  };
}

function topicsOf(item: unknown, at: string): readonly string[] | null {
  const topics = (item as { readonly topics?: unknown }).topics ?? null;
  return topics === null ? null : listOf(topics, `${at}.topics`).map(String).sort();
}

function checkUrl(url: string): readonly Finding[] {
  if (URL.parse(url)?.protocol === 'https:') return [];
  const summary = `${JSON.stringify(url)} is no https URL`;
  return [{ severity: 'error', code: 'CVG304', summary, hint: 'Logs hold what your functions print.', field: 'url' }];
}

function within(parent: LiveResource | null): LiveResource {
  if (parent === null) throw new Error('a log stream stands in a deployment');
  return parent;
}
