// A status with something in every part of it.
import type { Address } from '../../src/model/address.ts';
import type { Plan } from '../../src/model/change.ts';
import type { Round, View, WatchStatus } from '../../src/model/watch-status.ts';

export const NOW = Date.UTC(2026, 10, 20, 10, 0, 30);
const at = (text: string): Address => text as Address;

export const PLAN: Plan = {
  target: { apiUrl: 'https://api.example.com/v1', dialect: 'official', teamId: 41, teamSlug: 'acme' },
  scope: { target: [], exclude: [] },
  changes: [
    {
      address: at('site:a/machine:m'),
      kind: 'machine',
      action: 'replace',
      reason: 'differs',
      selector: null,
      takes: [],
      fields: [{ field: 'zone', sensitive: false, unknown: false, forcesReplacement: true, before: 'us', after: 'eu' }],
      comparable: true,
      dependsOn: [],
      where: { file: 'state.yaml', line: 3, column: 5 },
    },
    {
      address: at('site:a/machine:m/setting:KEY'),
      kind: 'setting',
      action: 'update',
      reason: 'differs',
      selector: null,
      takes: [],
      fields: [
        {
          field: 'value',
          sensitive: true,
          unknown: false,
          forcesReplacement: false,
          before: 'shown-before',
          after: 'shown-after',
        },
      ],
      comparable: true,
      dependsOn: [],
      where: { file: 'state.yaml', line: 7, column: 9 },
    },
  ],
  summary: { create: 0, update: 1, replace: 1, delete: 0, 'no-op': 3 },
  refusals: [],
  unmanaged: [at('site:a/machine:m/setting:OLD')],
  unreadable: [],
  diagnostics: [],
  requests: { read: 4, predictedWrites: 3, invalidations: 1 },
};

export const VIEW: View = {
  observedAt: NOW - 12_000,
  plan: PLAN,
  resources: [
    { kind: 'machine', status: 'differs', count: 1 },
    { kind: 'setting', status: 'differs', count: 1 },
    { kind: 'setting', status: 'in-sync', count: 3 },
    { kind: 'setting', status: 'unmanaged', count: 1 },
  ],
  equal: new Set(),
  tree: [
    { address: at('site:a'), kind: 'site', status: null, counts: {}, readAt: NOW - 4_000 },
    {
      address: at('site:a/machine:m'),
      kind: 'machine',
      status: 'differs',
      counts: { differs: 1, 'in-sync': 3, unmanaged: 1 },
      readAt: NOW - 12_000,
    },
  ],
};

export const ROUND: Round = {
  id: 7,
  cause: 'schedule',
  startedAt: NOW - 12_500,
  ms: 812.5,
  result: 'done',
  problem: null,
  diagnostics: [],
  view: VIEW,
  found: [],
  outcomes: [
    {
      address: at('site:a/machine:m/setting:KEY'),
      action: 'update',
      status: 'failed',
      attempts: 1,
      error: { code: 'unavailable', message: 'try again' },
    },
  ],
  held: [{ address: at('site:a/machine:m'), action: 'replace', because: 'holds-data', why: 'it holds data' }],
  requests: { reads: 8, writes: 1 },
};

export const STATUS: WatchStatus = {
  tool: '0.1.0',
  mode: 'apply',
  startedAt: NOW - 3_600_000,
  phase: 'waiting',
  schedule: { expression: '*/5 * * * *', timeZone: 'UTC', nextAt: NOW + 270_000 },
  round: ROUND,
  view: VIEW,
  succeededAt: NOW - 11_500,
  freshUntil: NOW + 600_000,
  movedAt: NOW - 11_500,
  running: false,
  cost: {
    perHour: { poll: 12, spread: 3600, run: 0, full: 307 },
    log: { is: 'followed' },
    listings: { log: 2, push: 0, nobody: 300 },
  },
  lease: null,
};
