// Stage 1: any team, any document, any policy: planned, applied, planned again.
import { lastWords } from '../kit/referee.ts';
import type { Ran } from '../kit/run.ts';
import { anyScenario } from '../kit/scenario.ts';
import { checkEach, documentFor, mustHold, openRing, type Stage } from '../kit/stage.ts';
import { stateOf } from '../kit/team.ts';

export const random: Stage = async (options) => {
  const counts = { documents: 0, refused: 0, applied: 0, changes: 0, requests: 0 };
  return checkEach('1 random states', anyScenario(), { ...options, counts }, async (scenario) => {
    const document = documentFor(scenario);
    counts.documents += 1;
    if (document === null) return;
    const ring = openRing(scenario, document, { mayRepeat: false });
    const { judge, network, team } = ring;
    const before = stateOf(team.world);
    const needed = budgetOf(await ring.apply({ maxRequests: 1 }));
    const start = network.log.length;
    const first = await ring.apply();
    const sent = network.log.slice(start);
    const writes = network.log.filter(({ isWrite }) => isWrite);
    if (first.applied?.type !== 'applied') {
      counts.refused += 1;
      if (writes.length > 0) judge.object('I10: refused, and something was written');
      if (!isSameState(before, stateOf(team.world))) judge.object('I10: refused, and something is not as it was');
      if (first.exit === 0) judge.object('I11: refused, and the exit code is 0');
      return mustHold(judge, 'refused');
    }
    counts.applied += 1;
    const { plan, outcomes } = first.applied.report;
    counts.changes += outcomes.length;
    counts.requests += sent.length;
    if (first.exit !== 0) judge.object(`I1: exit ${String(first.exit)}: ${lastWords(first)}`);
    // What a new deployment is born with is not known before it is there (rule 24).
    const surprises = scenario.live.some(({ defaultEnv = {} }) =>
      Object.values(defaultEnv).some((env) => Object.keys(env).length > 0),
    )
      ? outcomes.length
      : 0;
    if (Math.abs(writes.length - plan.requests.predictedWrites) > surprises)
      judge.object(`writes: ${String(plan.requests.predictedWrites)} predicted, ${String(writes.length)} sent`);
    if (sent.length > needed + surprises + waits(first.ms))
      judge.object(`budget: ${String(needed)} predicted, ${String(sent.length)} sent`);

    const from = network.log.length;
    const second = await ring.apply();
    judge.expectConverged(second);
    if (network.log.slice(from).some(({ isWrite }) => isWrite))
      judge.object('I1: converged, and something was written');
    mustHold(judge, 'applied');
  });
};

/** What `--max-requests` would have to be. */
function budgetOf({ applied }: Ran): number {
  const refusal = applied?.type === 'refused' ? applied.refusals.find(({ rule }) => rule === 'budget') : undefined;
  return Number(/\d+$/.exec(refusal?.override ?? '')?.[0] ?? Infinity);
}

/** While a domain is verified its list is read again. */
function waits(ms: number): number {
  return Math.ceil(ms / 100);
}

function isSameState(a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): boolean {
  return a.size === b.size && [...a].every(([path, value]) => b.get(path) === value);
}
