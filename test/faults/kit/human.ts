// Somebody with a dashboard, at work in the same team at the same time.
import type { Clock } from '../../../src/model/ports.ts';
import type { Deployment, Project } from '../../../src/sandbox/platform/state.ts';
import type { Network, Sent } from './network.ts';
import type { Referee } from './referee.ts';
import { CANARY, type Scenario } from './scenario.ts';
import type { Team } from './team.ts';

export interface Human {
  /** Paths of the state that they have touched. */
  readonly touched: ReadonlySet<string>;
  /** What they did, for messages. */
  readonly deeds: readonly string[];
  /** Resolves when they have done all. */
  readonly done: Promise<void>;
}

/** Does `deeds` things at random moments within `withinMs`. */
export function humanAt(
  on: { readonly team: Team; readonly network: Network; readonly clock: Clock; readonly judge: Referee },
  with_: {
    readonly random: () => number;
    readonly deeds: number;
    readonly withinMs: number;
    readonly touched: Set<string>;
    readonly scenario: Scenario;
  },
): Human {
  const { team, network, clock, judge } = on;
  const { random, touched } = with_;
  const { platform, world } = team;
  const deeds: string[] = [];
  /** By run and deployment: what its first reading showed, and what its last. */
  const reads = new Map<string, { readonly planned: Variables; readonly looked: Variables }>();
  const token = platform.identify('sandbox-human');
  if (token === undefined) throw new Error('the sandbox knows its tokens');
  const caller = { token };
  const pick = <T>(items: readonly T[]): T | undefined => items[Math.floor(random() * items.length)];
  const touch = (path: string): void => void touched.add(path);

  /** Where nothing prunes it, in a project that keeps its slug. */
  const mayMake = ({ slug }: Project): boolean =>
    !with_.scenario.prune.includes('deployments') && with_.scenario.live.some((live) => live.slug === slug);

  function act(): void {
    const one = pick([...world.deployments.values()]);
    const project = pick([...world.projects.values()]);
    const name = pick(['A', 'B_2', 'D', 'THEIRS']) ?? 'A';
    const roll = random();
    if (one === undefined || project === undefined) return;
    const at = pathOf(one);
    try {
      if (roll < 0.45) {
        const value = `${CANARY}-by-hand-${String(deeds.length)}`;
        platform.updateEnvironment(caller, one, [{ name, value }]);
        touch(`${at}/env/${name}`);
        deeds.push(`set ${at}/env/${name}`);
      } else if (roll < 0.6) {
        platform.updateEnvironment(caller, one, [{ name, value: null }]);
        touch(`${at}/env/${name}`);
        deeds.push(`removed ${at}/env/${name}`);
      } else if (roll < 0.75) {
        platform.updateDeployment(caller, one, { class: one.class === 's16' ? 's256' : 's16' });
        touch(`${at}/class`);
        deeds.push(`changed ${at}/class`);
      } else if (roll < 0.85) {
        platform.updateProject(caller, project, { name: `By hand ${String(deeds.length)}` });
        touch(`${project.slug}/name`);
        deeds.push(`renamed ${project.slug}`);
      } else if (roll < 0.93 && mayMake(project)) {
        // A preview: nobody declares one, so it resembles nothing.
        const made = platform.createDeployment(caller, project, { type: 'preview', reference: 'by-hand' });
        for (const path of statePaths(made)) touch(path);
        deeds.push(`made ${pathOf(made)}`);
      } else if (one.type !== 'prod') {
        const held = [...one.domains];
        platform.deleteDeployment(caller, one);
        for (const path of statePaths(one)) touch(path);
        judge.allowAgain(`deployment /v1/projects/${String(one.project.id)}/create_deployment ${one.reference}`);
        for (const { domain } of held) judge.allowAgain(`domain ${domain}`);
        deeds.push(`deleted ${at}`);
      }
    } catch {
      // The platform refuses some of it, as it does to us.
    }
  }

  const { after } = network;
  network.after = (sent) => {
    after(sent);
    if (sent.path.endsWith('/list_environment_variables') && sent.committed) {
      const shown = (sent.reply as { readonly environmentVariables: Variables }).environmentVariables;
      const seen = reads.get(keyOf(sent));
      reads.set(keyOf(sent), { planned: seen?.planned ?? shown, looked: shown });
    } else if (sent.path.endsWith('/update_environment_variables') && sent.committed) judgeWrite(sent);
  };

  /** What our own last look showed to be otherwise than the plan saw it must not be written over. */
  function judgeWrite(sent: Sent): void {
    const seen = reads.get(keyOf(sent));
    if (seen === undefined) return;
    for (const { name } of (sent.body as { readonly changes: readonly { readonly name: string }[] }).changes)
      if (seen.planned[name] !== seen.looked[name])
        judge.object(`I6: ${sent.path}: ${name} was changed by hand after the plan, and written over`);
  }

  const done = Promise.all(
    Array.from({ length: with_.deeds }, async () => {
      await clock.sleep(random() * with_.withinMs);
      act();
    }),
  ).then(() => undefined);
  return { touched, deeds, done };
}

type Variables = Readonly<Record<string, string>>;

function keyOf({ run, path }: Sent): string {
  return `${String(run)} ${path.split('/')[1] ?? ''}`;
}

function pathOf({ project, reference }: Deployment): string {
  return `${project.slug}/${reference.replaceAll('/', '%2F')}`;
}

function statePaths(one: Deployment): readonly string[] {
  const at = pathOf(one);
  const fields = ['type', 'isDefault', 'class', 'region', 'expiresAt', 'sendLogsToClient', 'dashboardEditConfirmation'];
  return [
    at,
    ...fields.map((field) => `${at}/${field}`),
    ...[...one.env.keys()].map((name) => `${at}/env/${name}`),
    // It is born with these when it is made again.
    ...[...(one.project.defaultEnv.get(one.type)?.keys() ?? [])].map((name) => `${at}/env/${name}`),
    ...one.domains.map(({ domain }) => `${at}/domain/${domain}`),
    ...Object.keys(one.canonicalUrls).map((to) => `${at}/url/${to}`),
  ];
}
