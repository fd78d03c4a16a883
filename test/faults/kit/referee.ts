// The invariants, judged from the platform's side after every committed request and at the end of every run.
import type { FinalState } from './final-state.ts';
import type { Network, Sent } from './network.ts';
import type { Ran } from './run.ts';
import { CANARY, type Scenario } from './scenario.ts';
import { guardsOf } from './guards.ts';
import { stateOf, TOKEN, type State, type Team } from './team.ts';

export interface Referee {
  /** One sentence each; empty: all is well. */
  readonly violations: readonly string[];
  /** At the end of a run that was not killed. */
  judge(ran: Ran): void;
  /** The team is like this now, and a run had nothing to write. */
  expectConverged(ran: Ran): void;
  /** Somebody else has deleted it (`deployment PATH REFERENCE`, `domain HOST`): it may be made once more. */
  allowAgain(intent: string): void;
  /** What else is wrong, found by the stage itself. */
  object(what: string): void;
}

export interface RefereeOptions {
  readonly scenario: Scenario;
  readonly team: Team;
  readonly network: Network;
  readonly final: FinalState;
  /**
   * Replies were lost or reads were old: the same write may come twice (never a create without a key of its own), and
   * an equal value may be set again.
   */
  readonly mayRepeat: boolean;
  /** Somebody else makes the same projects at the same time: the loser leaves one behind, and says so. */
  readonly mayLoseRace?: boolean;
  /** Others write too: what they touch is not held against us. */
  readonly others?: ReadonlySet<string>;
}

/** Values (and the token) in the forms in which they could leak: as they are, in base64 at any offset, in hex. */
const LEAKS = [
  CANARY,
  ...[0, 1, 2].map((offset) =>
    Buffer.from(`${'x'.repeat(offset)}${CANARY}-`)
      .toString('base64')
      .slice(offset === 0 ? 0 : offset + 1, offset === 0 ? 6 : offset + 6),
  ),
  Buffer.from(CANARY).toString('hex'),
  TOKEN,
];

/** A project is known by its name when it is made; a deployment and a domain by where they are made and as what. */
function intentOf({ path, body }: Sent): string | null {
  const given = (body ?? {}) as Readonly<Record<string, unknown>>;
  if (path.endsWith('/create_project')) return `project ${String(given['projectName'])}`;
  if (path.endsWith('/create_deployment')) return `deployment ${path} ${String(given['reference'])}`;
  if (path.endsWith('/create_custom_domain')) return `domain ${String(given['domain'])}`;
  return null;
}

export function referee(options: RefereeOptions): Referee {
  const { scenario, team, network, final, mayRepeat, mayLoseRace = false, others = new Set<string>() } = options;
  const violations: string[] = [];
  const initial = stateOf(team.world);
  const object = (what: string): void => void violations.push(what);
  const isReplaced = (path: string): boolean => final.replaced.some((at) => path === at || path.startsWith(`${at}/`));
  /** What nobody asked to change. */
  const foreign = [...initial].filter(([path, value]) => final.state.get(path) === value && !isReplaced(path));
  /** A name that we gave and the platform took in part is on its way. */
  const known = new Set([...initial.keys(), ...final.state.keys()].map(thingOf));
  const creates = new Map<string, number>();
  const deletes = new Map<string, number>();
  const guards = guardsOf(scenario, team);
  let envBefore: ReadonlyMap<string, string> = new Map();

  network.before = (sent) => {
    if (!sent.path.endsWith('/update_environment_variables')) return;
    envBefore = new Map(deploymentAt(team, sent.path)?.env);
  };
  network.after = (sent) => {
    if (!sent.isWrite || !sent.committed) return;
    if (others.size === 0) for (const broken of guards()) object(`I10: ${broken} (${sent.path})`);
    const now = stateOf(team.world);
    for (const [path, value] of foreign)
      if (now.get(path) !== value && !others.has(path) && !isDefaultOnItsWay(path, now))
        object(`I2: ${sent.path} changed ${path}, which nobody asked for`);
    for (const path of now.keys()) {
      if (initial.has(path) || final.state.has(path) || others.has(path)) continue;
      if (!known.has(thingOf(path)) && !isStray(team, path))
        object(`I2: ${sent.path} made ${path}, which nobody asked for`);
    }
    const intent = intentOf(sent);
    if (intent !== null) {
      const count = (creates.get(intent) ?? 0) + 1;
      creates.set(intent, count);
      const strays = mayLoseRace && intent.startsWith('project ') ? 1 : 0;
      if (count > 1 + strays + (deletes.get(intent) ?? 0)) object(`I3: ${intent} was made ${String(count)} times`);
    }
    if (sent.path.endsWith('/delete_custom_domain')) {
      const name = `domain ${(sent.body as { readonly domain: string }).domain}`;
      deletes.set(name, (deletes.get(name) ?? 0) + 1);
    }
    if (sent.path.endsWith('/update_environment_variables')) judgeBatch(sent);
  };

  /** I7: only names that somebody asked for, and only real differences. */
  function judgeBatch({ path, body }: Sent): void {
    const deployment = deploymentAt(team, path);
    if (deployment === undefined) return;
    const at = `${deployment.project.slug}/${deployment.reference.replaceAll('/', '%2F')}`;
    for (const { name, value } of (body as { readonly changes: readonly { name: string; value: string | null }[] })
      .changes) {
      const wanted = final.state.get(`${at}/env/${name}`) ?? null;
      if (final.state.has(at) && wanted !== value) object(`I7: ${at} ${name} was written otherwise than asked`);
      if (!mayRepeat && (envBefore.get(name) ?? null) === value)
        object(`I7: ${at} ${name} was written and was so already`);
    }
  }

  return {
    violations,
    object,
    allowAgain(intent) {
      deletes.set(intent, (deletes.get(intent) ?? 0) + 1);
    },
    judge(ran) {
      const { applied, exit, output } = ran;
      for (const leak of LEAKS) if (output.includes(leak)) object(`I4: a value is in the output (as ${leak})`);
      if (applied === null || exit === null) return;
      if (
        applied.type === 'applied' &&
        !mayLoseRace &&
        applied.report.outcomes.some(({ error }) => error?.code === 'lost-race')
      )
        object('I3: a race was lost, and there was none');
      if (applied.type === 'applied' && isStill(network, ran)) {
        const open = new Set(applied.report.proof?.remaining);
        for (const { address, status } of applied.report.outcomes)
          if (status === 'succeeded' && open.has(address) && others.size === 0)
            object(`I11: ${address} is said to have succeeded, and is not done`);
      }
      if (applied.type === 'applied') {
        const open = applied.report.outcomes.some(({ status }) => status === 'pending');
        const gone = applied.report.outcomes.some(({ status }) => status === 'cancelled');
        if (exit === 0 && !open && !gone) expectState('I11: exit 0, and');
        if (applied.report.proof?.converged === true && !open && !gone) expectState('I11: the proof is whole, and');
      }
      if (
        applied.type === 'applied' &&
        applied.report.outcomes.length !== executed(applied.report.plan.changes.length, applied)
      )
        object('a change has no outcome');
    },
    expectConverged(ran) {
      if (ran.exit !== 0) object(`I1: the last run ended with ${String(ran.exit)}: ${lastWords(ran)}`);
      if (ran.applied?.type === 'applied') {
        if (ran.applied.report.plan.changes.length > 0)
          object(`I1: still planned: ${ran.applied.report.plan.changes.map(({ address }) => address).join(', ')}`);
      } else object(`I1: the last run was ${ran.applied?.type ?? 'killed'}`);
      expectState('I1: in the end');
    },
  };

  function expectState(when: string): void {
    const now = stateOf(team.world);
    const wrong = [...new Set([...now.keys(), ...final.state.keys()])].filter(
      (path) =>
        now.get(path) !== final.state.get(path) && !others.has(path) && !isStray(team, path) && !isForgotten(path, now),
    );
    if (wrong.length > 0)
      object(
        `${when} not as declared: ${wrong.map((path) => `${path} is ${String(now.get(path))}, not ${String(final.state.get(path))}`).join('; ')}`,
      );
  }

  function isForgotten(path: string, now: State): boolean {
    return mayRepeat && final.forgettable.has(path) && final.forgettable.get(path) === now.get(path);
  }

  /** While the default moves, the old one has given it up already. */
  function isDefaultOnItsWay(path: string, now: State): boolean {
    return path.endsWith('/isDefault') && now.get(path) === false;
  }
}

/** Nothing was wrong with what the proof read, and it read the platform as it was. */
function isStill(network: Network, { events }: Ran): boolean {
  const proof = events.findLastIndex((event) => event.type === 'observing' && event.purpose === 'proof');
  const reads = events.slice(proof).filter(({ type }) => type === 'request').length;
  return network.replica === null && network.log.slice(-reads).every(({ met }) => met === null);
}

/** The project or deployment that a path is about. */
function thingOf(path: string): string {
  const end = path.indexOf('/', path.indexOf('/') + 1);
  return end === -1 ? path : path.slice(0, end);
}

function executed(
  planned: number,
  { report }: { readonly report: { readonly notApplied: readonly unknown[] } },
): number {
  return planned - report.notApplied.length;
}

/** A project that came out under another slug than its name says. */
function isStray(team: Team, path: string): boolean {
  const [slug = ''] = path.split('/');
  return [...team.world.projects.values()].some(
    (project) => project.slug === slug && project.name !== slug && project.slug.startsWith(slugOf(project.name)),
  );
}

function slugOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}

function deploymentAt(team: Team, path: string) {
  return team.world.deployments.get(path.split('/')[1]?.split('.')[0] ?? '');
}

export function lastWords({ applied }: Ran): string {
  switch (applied?.type) {
    case undefined:
      return 'killed';
    case 'invalid':
      return applied.diagnostics.map(({ code, summary }) => `${code} ${summary}`).join('; ');
    case 'refused':
      return applied.refusals.map(({ rule, message }) => `${rule}: ${message}`).join('; ');
    case 'applied':
      return [
        ...applied.report.outcomes
          .filter(({ status }) => status !== 'succeeded')
          .map(
            ({ address, status, error, because }) =>
              `${address} ${status} ${error?.code ?? ''} ${error?.message ?? ''} ${because ?? ''}`,
          ),
        ...(applied.report.proof?.remaining ?? ['no proof']),
      ].join('; ');
    default:
      return applied?.type ?? '';
  }
}
