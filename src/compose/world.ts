import type { WindowStanding } from '../model/change-window.ts';
import type { Consent } from '../model/consent.ts';
import { makePlan, type Made } from '../diff/plan.ts';
import { instantiate } from '../document/instantiate.ts';
import type { Scope } from '../model/change.ts';
import { hasErrors, sortDiagnostics, type Diagnostic } from '../model/diagnostic.ts';
import { PlatformError } from '../model/error.ts';
import { kindsOf } from '../model/kinds.ts';
import type { Observation } from '../model/observation.ts';
import type { Provider } from '../model/provider.ts';
import type { Target } from '../model/target.ts';
import type { DesiredState } from '../model/resource.ts';
import { Secret } from '../model/secret.ts';
import { observe } from '../reconcile/observe.ts';
import { askPolicies } from './ask-policies.ts';
import type { Effects, Settings } from './contract.ts';
import { judge } from './judge.ts';
import type { Loaded } from './load.ts';

/** Both sides and the plan between them. */
export interface World {
  readonly provider: Provider;
  /** With what selectors asked for. */
  readonly desired: DesiredState;
  readonly observation: Observation;
  readonly made: Made;
  /** As of the plan; empty where the document has none. */
  readonly windows: readonly WindowStanding[];
  readonly loaded: Loaded;
}

export interface LookOptions {
  readonly consent: Consent;
  readonly scope: Scope;
  readonly signal: AbortSignal;
  readonly loaded: Loaded;
  readonly desired: DesiredState;
  readonly parityKey?: Uint8Array;
}

/** Identifies the team, reads what the document manages, and plans. Errors of any of it are the second form. */
export async function lookAround(
  provider: Provider,
  settings: Settings,
  { effects, ...options }: LookOptions & { readonly effects: Effects },
): Promise<World | { readonly diagnostics: readonly Diagnostic[] }> {
  const { desired: asked, loaded, signal } = options;
  try {
    const before = provider.usage().reads;
    const identified = await provider.identify(signal, { team: asked.team, keys: keysAtTop(asked) });
    const mismatch = teamMismatch(asked, identified);
    if (mismatch !== null) return { diagnostics: [mismatch] };
    keepSecrets(provider, asked);
    effects.onEvent({ type: 'observing', purpose: 'plan' });
    const unclear: Diagnostic[] = [];
    const { desired, observation } = await observe(provider, asked, {
      signal,
      at: effects.clock.now(),
      onEvent: effects.onEvent,
      instantiate(inventory, whole) {
        const instantiated = instantiate(asked, inventory, { kinds: kindsOf(provider.kinds), whole });
        unclear.push(...instantiated.diagnostics);
        keepSecrets(provider, instantiated.desired);
        return instantiated.desired;
      },
    });
    const target = {
      ...identified,
      teamId: provider.teamId?.() ?? identified.teamId,
      teamSlug: provider.teamSlug() ?? identified.teamSlug,
    };
    const team = teamMismatch(desired, target) ?? teamUnchecked(desired, target);
    const now = effects.clock.now();
    const windows = loaded.windows.at(now);
    const made = makePlan({
      desired,
      observation,
      kinds: kindsOf(provider.kinds),
      target,
      scope: options.scope,
      consent: options.consent,
      now,
      windows,
      reads: provider.usage().reads - before,
      rate: settings.rate,
      maxRequests: settings.maxRequests,
      ...(options.parityKey === undefined ? {} : { parityKey: options.parityKey }),
    });
    const found = [
      ...loaded.diagnostics,
      ...(team === null ? [] : [team]),
      ...unclear,
      ...modeNotes(desired),
      ...made.plan.diagnostics,
    ];
    const diagnostics = sortDiagnostics(judge(found, settings), 'content');
    if (hasErrors(diagnostics)) return { diagnostics: sortDiagnostics(diagnostics) };
    const judged = await askPolicies({ ...made.plan, diagnostics }, settings, { effects, signal });
    if (!('plan' in judged)) return judged;
    return { provider, desired, observation, loaded, windows, made: { ...made, plan: judged.plan } };
  } catch (error) {
    if (error instanceof PlatformError && !signal.aborted)
      return { diagnostics: [...loaded.diagnostics, platformDiagnostic(error)] };
    throw error;
  }
}

/** People are not bound by a mode, and should know of one that keeps the daemon from doing as they do. */
function modeNotes({ modes }: DesiredState): readonly Diagnostic[] {
  return modes.flatMap(({ within, mode, where }): Diagnostic | [] => {
    if (mode === 'apply') return [];
    const what = within ?? 'the whole team';
    const does = mode === 'observe' ? 'only reports' : 'leaves out';
    const summary = `the daemon ${does} ${what} (\`mode: ${mode}\`); plan and apply do not`;
    return { severity: 'note', code: 'CVG521', summary, where, ...(within === null ? {} : { address: within }) };
  });
}

function keysAtTop({ resources }: DesiredState): readonly string[] {
  return resources.filter(({ parent, absent }) => parent === null && !absent).map(({ key }) => key);
}

function keepSecrets(provider: Provider, { resources }: DesiredState): void {
  for (const [container, members] of Map.groupBy(resources, ({ parent }) => parent)) {
    const secrets = members.flatMap(({ spec }) => Object.values(spec).filter((value) => value instanceof Secret));
    if (container !== null && secrets.length > 0) provider.keepSecret?.(container, secrets);
  }
}

export function platformDiagnostic(error: PlatformError): Diagnostic {
  const code =
    error.code === 'wrong-team'
      ? 'CVG501'
      : error.code === 'unauthenticated' || error.code === 'forbidden'
        ? 'CVG602'
        : error.code === 'host-not-allowed'
          ? 'CVG603'
          : 'CVG601';
  return { severity: 'error', code, summary: error.message };
}

/** Rule 26: another team than the document's is an error before any plan is printed. */
function teamMismatch({ team, teamWhere }: DesiredState, target: Target): Diagnostic | null {
  const actual = typeof team === 'number' ? target.teamId : target.teamSlug;
  if (actual === null || actual === team) return null;
  return {
    severity: 'error',
    code: 'CVG501',
    summary: `the state document is for team ${JSON.stringify(team)}, and the token is for team ${JSON.stringify(actual)}`,
    hint: 'Use the token of the team that the document names, or the document of this team.',
    where: teamWhere,
  };
}

function teamUnchecked({ team, teamWhere }: DesiredState, target: Target): Diagnostic | null {
  if (typeof team === 'number' || target.teamSlug !== null) return null;
  return {
    severity: 'warning',
    code: 'CVG502',
    summary: `the token is for team id ${target.teamId}; whether that is ${JSON.stringify(team)} cannot be checked, because no project of it was read`,
    hint: `Write \`team: ${target.teamId}\` to have it checked always.`,
    where: teamWhere,
  };
}
