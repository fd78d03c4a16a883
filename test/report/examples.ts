import type { Address } from '../../src/model/address.ts';
import type { Change, FieldChange, Plan } from '../../src/model/change.ts';
import type { Drift } from '../../src/model/drift.ts';
import type { PlanDigests } from '../../src/model/saved-plan.ts';
import type { ApplyReport } from '../../src/model/outcome.ts';

export const at = (address: string): Address => address as Address;

export const META = { tool: '0.1.0', createdAt: '2026-01-02T03:04:05.000Z' };

export const TARGET = { apiUrl: 'https://api.convex.dev/v1', dialect: 'official', teamId: 41, teamSlug: 'acme' };

export function field(name: string, rest: Partial<FieldChange> = {}): FieldChange {
  return { field: name, sensitive: false, unknown: false, forcesReplacement: false, ...rest };
}

export function change(address: string, rest: Partial<Change> = {}): Change {
  const kind = address.slice(address.lastIndexOf('/') + 1).split(':')[0] ?? '';
  return {
    address: at(address),
    kind,
    action: 'create',
    reason: 'absent',
    selector: null,
    takes: [],
    fields: [],
    comparable: true,
    dependsOn: [],
    where: null,
    ...rest,
  };
}

export function place(line: number, column = 9, file = 'convex.state.yaml') {
  return { file, line, column };
}

export function plan(rest: Partial<Plan> = {}): Plan {
  const summary = { create: 0, update: 0, replace: 0, delete: 0, 'no-op': 0, ...rest.summary };
  for (const { action } of rest.summary === undefined ? (rest.changes ?? []) : []) summary[action] += 1;
  return {
    target: TARGET,
    scope: { target: [], exclude: [] },
    changes: [],
    refusals: [],
    unmanaged: [],
    unreadable: [],
    diagnostics: [],
    requests: { read: 3, predictedWrites: 0, invalidations: 0 },
    ...rest,
    summary,
  };
}

export const CONVERGED = plan({ summary: { create: 0, update: 0, replace: 0, delete: 0, 'no-op': 7 } });

const PRODUCTION = 'project:shop/deployment:production';

/** Something of everything. */
export const LARGE = plan({
  changes: [
    change('project:blog', { fields: [field('name', { after: 'The Blog' })], where: place(40, 5) }),
    change('project:blog/deployment:main', {
      fields: [field('type', { after: 'prod' }), field('default', { after: true }), field('class', { after: 's256' })],
      dependsOn: [at('project:blog')],
      where: place(43),
    }),
    change('project:blog/deployment:main/env-var:LOG_LEVEL', {
      fields: [field('value', { sensitive: true })],
      dependsOn: [at('project:blog/deployment:main')],
      where: place(47, 11),
    }),
    change('project:shop', {
      action: 'update',
      reason: 'differs',
      fields: [field('name', { before: 'shop', after: 'Acme Shop' })],
      where: place(12, 5),
    }),
    change('project:shop/deployment:eu', {
      action: 'replace',
      reason: 'differs',
      fields: [
        field('region', { before: 'aws-us-east-1', after: 'aws-eu-west-1', forcesReplacement: true }),
        field('expiresAt', { before: '2026-05-01T00:00:00Z', after: null }),
      ],
      takes: [at('project:shop/deployment:eu/env-var:MODEL'), at('project:shop/deployment:eu/env-var:STRIPE_KEY')],
      where: place(30),
    }),
    change('project:shop/deployment:eu/env-var:MODEL', {
      reason: 'recreated',
      fields: [field('value', { sensitive: true })],
      dependsOn: [at('project:shop/deployment:eu')],
      where: place(33, 11),
    }),
    change('project:shop/deployment:old', {
      action: 'delete',
      reason: 'undeclared',
      takes: ['AUTH_DOMAIN', 'AUTH_SECRET', 'DATABASE_URL', 'FEATURE_X', 'LOG_LEVEL', 'STRIPE_KEY'].map((name) =>
        at(`project:shop/deployment:old/env-var:${name}`),
      ),
    }),
    change(`${PRODUCTION}/env-var:FEATURE_X`, {
      action: 'update',
      reason: 'differs',
      fields: [field('value', { sensitive: true, before: 'off', after: 'on' })],
      where: place(20, 11),
    }),
    change(`${PRODUCTION}/env-var:OLD_FLAG`, {
      action: 'delete',
      reason: 'declared-absent',
      where: place(21, 11),
    }),
    change(`${PRODUCTION}/env-var:SENTRY_DSN`, {
      action: 'update',
      reason: 'differs',
      selector: 'project:shop/eachDeployment#1',
      comparable: false,
      fields: [field('value', { sensitive: true })],
      where: place(22, 11),
    }),
    change(`${PRODUCTION}/env-var:STRIPE_KEY`, { fields: [field('value', { sensitive: true })], where: place(19, 11) }),
    change(`${PRODUCTION}/env-var:STRIPE_WEBHOOK_SECRET`, {
      fields: [field('value', { sensitive: true, unknown: true })],
      where: place(23, 11),
    }),
  ],
  summary: { create: 6, update: 3, replace: 1, delete: 2, 'no-op': 31 },
  refusals: [
    {
      rule: 'consent',
      addresses: [at('project:shop/deployment:eu'), at('project:shop/deployment:old')],
      message: 'deployments hold data, and deleting or replacing them was not allowed',
      override: '--allow-delete deployment --confirm project:shop/deployment:eu --confirm project:shop/deployment:old',
    },
    {
      rule: 'default',
      addresses: [at('project:blog/deployment:main')],
      message: 'project:blog/deployment:first is the default today and is not declared',
      override: null,
    },
  ],
  unmanaged: [
    at(`${PRODUCTION}/env-var:STRIPE_OLD`),
    at(`${PRODUCTION}/env-var:STRIPE_OLDER`),
    at('project:playground'),
  ],
  unreadable: [
    {
      collection: 'project:shop/deployment:staging/env',
      error: { code: 'forbidden', message: 'the token may not read this deployment' },
    },
  ],
  diagnostics: [
    {
      severity: 'warning',
      code: 'CVG505',
      summary: 'project:blog/deployment:main is created beside @happy-otter-123, which looks the same',
      hint: 'give the live one the reference "main" in the dashboard to adopt it',
      where: place(43),
    },
    { severity: 'note', code: 'CVG503', summary: 'renamedFrom: "webshop" is done and can go', where: place(13, 5) },
  ],
  ignored: [
    {
      address: '**/env-var:SUPPORT_*',
      fields: ['value'],
      reason: 'support debugs',
      expires: '2026-02-01T00:00:00Z',
      things: [at(`${PRODUCTION}/env-var:SUPPORT_A`), at(`${PRODUCTION}/env-var:SUPPORT_B`)],
      differing: [at(`${PRODUCTION}/env-var:SUPPORT_B`)],
      where: place(6, 7),
    },
    {
      address: 'project:sandbox',
      fields: [],
      reason: 'a playground until the fair',
      expires: '2026-03-01T00:00:00Z',
      things: [at('project:sandbox')],
      differing: [],
      where: place(10, 7),
    },
  ],
  cost: {
    requests: 39,
    seconds: 2,
    rate: 20,
    containers: [
      { address: at('project:blog'), writes: 2, invalidations: 0 },
      { address: at('project:blog/deployment:main'), writes: 2, invalidations: 1 },
      { address: at(PRODUCTION), writes: 1, invalidations: 1 },
    ],
  },
  coverage: [
    { kind: 'project', declared: 2, live: 1, unmanaged: 1 },
    { kind: 'env-var', declared: 9, live: 6, unmanaged: 2 },
  ],
  requests: { read: 12, predictedWrites: 9, invalidations: 3 },
});

export const DIGESTS: PlanDigests = {
  key: { from: 'embedded', hex: '00'.repeat(32) },
  files: { 'convex.state.yaml': 'aa', ['__proto__']: 'bb' },
  state: 'cc',
  before: { 'project:shop': 'dd' },
  unresolved: ['project:shop/deployment:production/env-var:STRIPE_WEBHOOK_SECRET'],
};

/** Some of everything that can become of a change. */
export const PARTLY: ApplyReport = {
  plan: LARGE,
  outcomes: [
    {
      address: at('project:blog'),
      action: 'create',
      status: 'failed',
      attempts: 3,
      error: { code: 'quota', message: 'the team has as many projects as its plan allows' },
    },
    {
      address: at('project:blog/deployment:main'),
      action: 'create',
      status: 'blocked',
      attempts: 0,
      because: 'project:blog failed',
    },
    { address: at('project:shop'), action: 'update', status: 'succeeded', attempts: 1 },
    { address: at(`${PRODUCTION}/env-var:FEATURE_X`), action: 'update', status: 'succeeded', attempts: 1 },
    {
      address: at(`${PRODUCTION}/env-var:OLD_FLAG`),
      action: 'delete',
      status: 'uncertain',
      attempts: 1,
      error: { code: 'timeout', message: 'no whole reply within 30 s' },
    },
    {
      address: at(`${PRODUCTION}/env-var:STRIPE_KEY`),
      action: 'create',
      status: 'cancelled',
      attempts: 0,
      because: 'interrupted',
    },
  ],
  proof: { converged: false, remaining: [at('project:blog'), at('project:blog/deployment:main')], pending: [] },
  notApplied: [at(`${PRODUCTION}/env-var:NEW_ONE`)],
  requests: { reads: 24, writes: 6, throttled: 2, waitedMs: 1234 },
  interrupted: 'SIGTERM',
};

export const APPLIED: ApplyReport = {
  plan: CONVERGED,
  outcomes: [{ address: at('project:shop'), action: 'update', status: 'succeeded', attempts: 1 }],
  proof: { converged: true, remaining: [], pending: [] },
  notApplied: [],
  requests: { reads: 6, writes: 1, throttled: 0, waitedMs: 0 },
  interrupted: null,
};

/** Every movement and every actor. */
export const LARGE_DRIFT: Drift = {
  target: TARGET,
  scope: { target: ['project:shop'], exclude: ['**/env-var:OWN_*'] },
  readAt: 0,
  items: [
    {
      address: at('project:docs'),
      kind: 'project',
      moved: 'missing',
      fields: [],
      severity: 'high',
      where: null,
      by: { actor: 'member', id: 8, via: 'dashboard', at: '2026-01-01T09:00:00Z', ip: '192.0.2.7' },
    },
    {
      address: at('project:docs/deployment:production'),
      kind: 'deployment',
      moved: 'missing',
      fields: [],
      severity: 'high',
      where: place(12),
      unattributed: 'it went with project:docs, which nobody can be named for',
    },
    {
      address: at(PRODUCTION),
      kind: 'deployment',
      moved: 'changed',
      fields: ['class', 'sendLogsToClient'],
      severity: 'medium',
      where: place(13),
      by: { actor: 'token', id: 77, via: 'CLI', at: '2026-01-01T10:00:00Z' },
    },
    {
      address: at(`${PRODUCTION}/domain:api.acme.com`),
      kind: 'domain',
      moved: 'missing',
      fields: [],
      severity: 'high',
      where: place(14),
      by: { actor: 'integration', id: 'client-1', via: 'API', at: '2026-01-01T11:00:00Z' },
    },
    {
      address: at(`${PRODUCTION}/env-var:LOG_LEVEL`),
      kind: 'env-var',
      moved: 'changed',
      fields: ['value'],
      severity: 'medium',
      where: place(15),
      by: { actor: 'member', id: 7, name: 'Ada', via: 'dashboard', at: '2026-01-01T12:00:00Z' },
    },
    {
      address: at(`${PRODUCTION}/env-var:NEW`),
      kind: 'env-var',
      moved: 'unexpected',
      fields: [],
      severity: 'low',
      where: place(16),
      by: { actor: 'converge', id: 902, at: '2026-01-01T13:00:00Z' },
    },
    {
      address: at('project:shop/deployment:staging'),
      kind: 'deployment',
      moved: 'missing',
      fields: [],
      severity: 'high',
      where: place(17),
      by: { actor: 'system', at: '2026-01-01T14:00:00Z' },
    },
  ],
  asDeclared: [at(`${PRODUCTION}/env-var:STRIPE_KEY`), at('project:shop')],
  coverage: [
    { kind: 'project', declared: 2, live: 1, unmanaged: 0 },
    { kind: 'env-var', declared: 3, live: 3, unmanaged: 2 },
  ],
  ignored: [
    {
      address: '**/env-var:SUPPORT_*',
      fields: ['value'],
      reason: 'support debugs',
      expires: '2026-02-01T00:00:00Z',
      things: [at(`${PRODUCTION}/env-var:SUPPORT_A`), at(`${PRODUCTION}/env-var:SUPPORT_B`)],
      differing: [at(`${PRODUCTION}/env-var:SUPPORT_B`)],
      where: place(6, 7),
    },
  ],
  unmanaged: [at(`${PRODUCTION}/env-var:STRIPE_OLD`), at(`${PRODUCTION}/env-var:OTHER`)],
  unreadable: [{ collection: `${PRODUCTION}/canonicalUrls`, error: { code: 'forbidden', message: 'No permission.' } }],
  diagnostics: [{ severity: 'warning', code: 'CVG502', summary: 'the team cannot be checked' }],
  requests: { read: 6, logs: 2 },
};
