// One `apply` as a process of its own: the real documents, provider, planner and executor, on a network that may fail.
import { applyExit, EXIT } from '../../../src/cli/exit-codes.ts';
import { applyOn } from '../../../src/compose/apply.ts';
import type { Applied, Effects, Settings } from '../../../src/compose/contract.ts';
import type { Loaded } from '../../../src/compose/load.ts';
import { expand } from '../../../src/document/expand.ts';
import { stateLoader } from '../../../src/document/load.ts';
import { hasErrors } from '../../../src/model/diagnostic.ts';
import type { RunEvent } from '../../../src/model/event.ts';
import type { Clock } from '../../../src/model/ports.ts';
import type { Provider } from '../../../src/model/provider.ts';
import type { DesiredState } from '../../../src/model/resource.ts';
import { Secret } from '../../../src/model/secret.ts';
import type { ConvexApi } from '../../../src/providers/convex/api.ts';
import { NO_PROXIES } from '../../../src/providers/http/proxies.ts';
import { kindsFor, openProvider } from '../../../src/providers/registry.ts';
import { applyDocument, refusedDocument } from '../../../src/report/apply-json.ts';
import { renderApply, renderRefused } from '../../../src/report/apply-text.ts';
import { renderDiagnostics } from '../../../src/report/diagnostic-text.ts';
import { eventLine } from '../../../src/report/event-line.ts';
import { planDocument } from '../../../src/report/plan-json.ts';
import { renderPlan } from '../../../src/report/plan-text.ts';
import { Crash, type Network } from './network.ts';
import { TOKEN } from './team.ts';

const load = stateLoader(kindsFor('official'));

export type Document = Loaded & { readonly desired: DesiredState };

/** The document as it is loaded from disk; null where it has errors. */
export function loadDocument(text: string): Document | null {
  const bytes = new TextEncoder().encode(text);
  const loaded = load([{ path: 'convex.state.yaml', bytes }]);
  if (loaded.state === null) return null;
  const expanded = expand(loaded.state, kindsFor('official'), null);
  if (expanded.desired === null || hasErrors(expanded.diagnostics)) return null;
  return {
    desired: expanded.desired,
    diagnostics: [...loaded.diagnostics, ...expanded.diagnostics],
    texts: loaded.texts,
    bytes: new Map([['convex.state.yaml', bytes]]),
    state: null,
    resolution: null,
    sourceFiles: [],
    windows: { at: () => [] },
  };
}

export interface Ran {
  /** Null after a crash. */
  readonly applied: Applied | null;
  /** What the process ends with; null after a crash. */
  readonly exit: number | null;
  /** Everything that it printed, reported or logged. */
  readonly output: string;
  readonly events: readonly RunEvent[];
  /** Virtual milliseconds that it took. */
  readonly ms: number;
}

export interface RunOptions {
  readonly run: number;
  readonly network: Network;
  readonly clock: Clock;
  /** What holds data and may go, by address; null: nothing may. */
  readonly confirm: readonly string[] | null;
  readonly concurrency?: number;
  readonly drain?: AbortSignal;
  readonly abort?: AbortSignal;
  readonly maxRequests?: number;
  /** Between the plan and the first write. */
  readonly approve?: () => void | Promise<void>;
}

/** The real provider on this network. */
export function openConvexOn(
  network: Network,
  of: {
    readonly clock: Clock;
    readonly run: number;
    readonly concurrency?: number;
    readonly onEvent?: (event: RunEvent) => void;
  },
): Provider<ConvexApi> {
  return openProvider({
    ...settings,
    concurrency: of.concurrency ?? settings.concurrency,
    token: new Secret(TOKEN),
    ca: null,
    proxies: NO_PROXIES,
    clock: of.clock,
    chance: () => 0.5,
    onEvent: of.onEvent ?? (() => undefined),
    version: '0',
    openClient: network.connect(of.run),
  });
}

const never = new AbortController().signal;
const settings: Settings = {
  files: ['convex.state.yaml'],
  apiUrl: 'https://api.convex.dev/v1',
  dialect: 'official',
  tokenFile: null,
  allowHosts: [],
  caFile: null,
  allowPaths: [],
  allowEnv: null,
  allowExec: false,
  rate: 1_000_000,
  concurrency: 8,
  maxRequests: null,
  timeoutMs: 30_000,
  scope: { target: [], exclude: [] },
  warningsAsErrors: false,
  suppress: [],
  allowUnresolved: false,
};

export async function applyOnce(document: Document, options: RunOptions): Promise<Ran> {
  const { network, clock, confirm, concurrency = 8, drain = never, abort = never } = options;
  const events: RunEvent[] = [];
  const onEvent = (event: RunEvent): void => void events.push(event);
  const effects: Effects = { env: {}, cwd: '/', clock, chance: () => 0.5, onEvent, version: '0' };
  const provider = openConvexOn(network, { clock, run: options.run, concurrency, onEvent });
  const from = clock.monotonic();
  const ended = (applied: Applied | null, exit: number | null, output: string): Ran => ({
    applied,
    exit,
    output: [output, ...events.flatMap((event) => [JSON.stringify(event), eventLine(event) ?? ''])].join('\n'),
    events,
    ms: clock.monotonic() - from,
  });
  try {
    const applied = await applyOn(provider, document, {
      settings: { ...settings, concurrency, maxRequests: options.maxRequests ?? null },
      effects,
      request: {
        consent: {
          allowDelete: confirm === null ? [] : ['project', 'deployment'],
          confirm: confirm ?? [],
          maxDeletePercent: null,
        },
        saved: null,
        waitMs: 60_000,
        approve: async () => {
          await options.approve?.();
          return { approved: true, confirmed: [] };
        },
        drain,
        abort,
        interruptedBy: () => (drain.aborted ? 'SIGTERM' : null),
      },
    });
    return ended(applied, exitOf(applied), printed(applied));
  } catch (error) {
    if (error instanceof Crash) return ended(null, null, '');
    throw error;
  } finally {
    await provider.close();
  }
}

function exitOf(applied: Applied): number {
  switch (applied.type) {
    case 'invalid':
      return EXIT.error;
    case 'refused':
      return EXIT.refused;
    case 'stale':
      return EXIT.stale;
    case 'interrupted':
      return EXIT.SIGTERM;
    case 'applied':
      return applyExit(applied.report);
    default:
      return applied satisfies never;
  }
}

const screen = { color: false, width: 100 };
const meta = { tool: '0', createdAt: '2026-11-20T00:00:00Z' };

function printed(applied: Applied): string {
  const plan = 'plan' in applied ? applied.plan : applied.type === 'applied' ? applied.report.plan : null;
  const planned =
    plan === null ? '' : renderPlan(plan, { ...screen, command: 'apply' }) + JSON.stringify(planDocument(plan, meta));
  switch (applied.type) {
    case 'invalid':
      return renderDiagnostics(applied.diagnostics, applied.texts, { ...screen });
    case 'refused':
      return planned + renderRefused(applied, screen) + JSON.stringify(refusedDocument(applied, meta));
    case 'stale':
    case 'interrupted':
      return planned;
    case 'applied':
      return planned + renderApply(applied.report, screen) + JSON.stringify(applyDocument(applied.report, meta));
    default:
      return applied satisfies never;
  }
}
