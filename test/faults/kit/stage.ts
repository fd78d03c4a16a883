// A stage: generated cases, each judged; what it finds is shrunk by fast-check and printed with its seed.
import fc from 'fast-check';
import { virtualClock } from '../../providers/virtual-clock.ts';
import { finalState } from './final-state.ts';
import { openNetwork, type Network } from './network.ts';
import { referee, type Referee } from './referee.ts';
import { applyOnce, loadDocument, type Document, type Ran, type RunOptions } from './run.ts';
import { documentOf, type Scenario } from './scenario.ts';
import { holdersOf, openTeam, type Team } from './team.ts';

export interface StageOptions {
  readonly seed: number;
  /** Generated cases. */
  readonly count: number;
  /** Plans of more requests are passed over, where each is disturbed at every one. */
  readonly mostRequests?: number;
  /** The first failure is enough; it is not made smaller. */
  readonly quick?: boolean;
}

/** What a stage did, and what it found. */
export interface StageResult {
  readonly name: string;
  /** How much of what, in order: `plans`, `crashes`, … */
  readonly counts: Readonly<Record<string, number>>;
  /** Empty: it holds. Else what was found, with the smallest case that shows it. */
  readonly failure: string | null;
}

export type Stage = (options: StageOptions) => Promise<StageResult>;

/** A team, its network and its judge, new for each attempt. */
export interface Ring {
  readonly document: Document;
  readonly scenario: Scenario;
  readonly team: Team;
  readonly network: Network;
  readonly judge: Referee;
  readonly clock: RunOptions['clock'];
  /** An apply, as a process of its own; judged unless it was killed. */
  apply(options?: Partial<RunOptions> & { readonly document?: Document }): Promise<Ran>;
}

export interface RingOptions {
  readonly mayRepeat: boolean;
  readonly mayLoseRace?: boolean;
  readonly latency?: () => number;
  readonly others?: ReadonlySet<string>;
}

export function openRing(scenario: Scenario, document: Document, options: RingOptions): Ring {
  const clock = virtualClock();
  const team = openTeam(scenario, clock);
  const network = openNetwork({
    resolve: team.resolve,
    clock,
    ...(options.latency === undefined ? {} : { latency: options.latency }),
  });
  const judge = referee({
    scenario,
    team,
    network,
    final: finalState(scenario),
    mayRepeat: options.mayRepeat,
    mayLoseRace: options.mayLoseRace === true,
    ...(options.others === undefined ? {} : { others: options.others }),
  });
  let runs = 0;
  return {
    document,
    scenario,
    team,
    network,
    judge,
    clock,
    async apply({ document: other = document, ...more } = {}) {
      const confirm = scenario.consents ? holdersOf(team) : null;
      const ran = await applyOnce(other, { run: runs++, network, clock, confirm, ...more });
      judge.judge(ran);
      return ran;
    },
  };
}

/** The document of a scenario, or null where it has errors and nothing can be applied. */
export function documentFor(scenario: Scenario): Document | null {
  return loadDocument(documentOf(scenario));
}

/** Applies without faults: the scenario is worth disturbing when it is carried out and writes something. */
export async function undisturbed(
  scenario: Scenario,
): Promise<{ readonly document: Document; readonly ran: Ran; readonly ring: Ring } | null> {
  const document = documentFor(scenario);
  if (document === null) return null;
  const ring = openRing(scenario, document, { mayRepeat: false });
  const ran = await ring.apply();
  if (ran.applied?.type !== 'applied' || ran.applied.report.outcomes.length === 0) return null;
  return { document, ran, ring };
}

export async function checkEach<T>(
  name: string,
  arbitrary: fc.Arbitrary<T>,
  { seed, count, counts, quick = false }: StageOptions & { readonly counts: Readonly<Record<string, number>> },
  check: (drawn: T) => Promise<void>,
): Promise<StageResult> {
  const details = await fc.check(
    fc.asyncProperty(arbitrary, (drawn) => check(drawn)),
    { seed, numRuns: count, endOnFailure: quick },
  );
  if (!details.failed) return { name, counts, failure: null };
  const error = details.errorInstance;
  const found = [
    error instanceof Error ? error.message : String(error),
    `after ${String(details.numRuns)} cases, shrunk ${String(details.numShrinks)} times; again with --seed ${String(details.seed)}`,
    JSON.stringify(details.counterexample),
  ];
  return { name, counts, failure: found.join('\n') };
}

/** Throws what the judge has found. */
export function mustHold(judge: Referee, where: string): void {
  if (judge.violations.length > 0) throw new Error(`${where}\n${judge.violations.slice(0, 5).join('\n')}`);
}
