// Stage 3: every request of many plans, met by every fault; then one plain apply.
import { FAULTS, type OneFault } from '../kit/fault-list.ts';
import { expectConvergence } from '../kit/last-run.ts';
import type { Effect, Sent } from '../kit/network.ts';
import { lastWords } from '../kit/referee.ts';
import type { Document } from '../kit/run.ts';
import { anyScenario, type Scenario } from '../kit/scenario.ts';
import { checkEach, mustHold, openRing, undisturbed, type Stage } from '../kit/stage.ts';

/** Requests of a run that a fault met: never so many more than without it. */
const MOST_MORE = 80;
/** Virtual time: the longest hold that is obeyed is five minutes. */
const LONGEST_MS = 20 * 60_000;

export const faults: Stage = async (options) => {
  const counts = { plans: 0, requests: 0, faults: 0 };
  return checkEach(
    '3 fault matrix',
    anyScenario(),
    { ...options, count: options.count * 20, counts },
    async (scenario) => {
      if (counts.plans >= options.count) return;
      const plain = await undisturbed(scenario);
      if (plain === null || plain.ring.network.log.length > (options.mostRequests ?? Infinity)) return;
      counts.plans += 1;
      const sent = plain.ring.network.log;
      for (const request of sent) {
        counts.requests += 1;
        for (const fault of FAULTS) {
          if (fault.fits?.(request) === false) continue;
          counts.faults += 1;
          await meet({ scenario, document: plain.document, request, fault, usual: sent.length });
        }
      }
    },
  );
};

async function meet(of: {
  readonly scenario: Scenario;
  readonly document: Document;
  readonly request: Sent;
  readonly fault: OneFault;
  readonly usual: number;
}): Promise<void> {
  const { scenario, document, request, fault, usual } = of;
  const ring = openRing(scenario, document, { mayRepeat: true, mayLoseRace: fault.name === '409' });
  const { judge, network, clock } = ring;
  const effect = typeof fault.effect === 'function' ? fault.effect(request) : fault.effect;
  network.rule = ({ run, index, path }) => {
    const again = fault.persists === true && index > request.index && path === request.path;
    return run === 0 && (index === request.index || again) ? effect : null;
  };
  const where = `${request.method} ${request.path} (request ${String(request.index)}) met ${fault.name}`;
  const first = await ring.apply();
  if (fault.survives(request) && first.exit !== 0)
    judge.object(`should have survived, and ended with ${String(first.exit)}: ${lastWords(first)}`);
  if (network.log.length > usual + MOST_MORE)
    judge.object(`I12: ${String(network.log.length)} requests instead of ${String(usual)}`);
  if (first.ms > LONGEST_MS) judge.object(`I12: it took ${String(first.ms)} ms`);
  for (const early of beforeItsTime(network.log, effect))
    judge.object(`I5: ${early.path} was sent although a 429 asked for silence`);
  mustHold(judge, where);
  await clock.sleep(60_000);
  await expectConvergence(ring);
  mustHold(judge, `${where}, then a plain apply`);
}

/** Requests of the same class of hosts, sent while a 429 had asked for silence. */
function beforeItsTime(log: readonly Sent[], effect: Effect): readonly Sent[] {
  if (effect.kind !== 'rate-limited') return [];
  const asked = effect.seconds !== undefined ? effect.seconds * 1000 : (effect.dateInMs ?? 0);
  // An HTTP date has whole seconds only.
  const silence = effect.dateInMs === undefined ? asked : asked - 1000;
  const from = log.findIndex(({ met }) => met === 'rate-limited');
  const met = log[from];
  if (met === undefined || silence <= 0) return [];
  const isManagement = ({ path }: Sent): boolean => path.startsWith('/v1/');
  return log
    .slice(from + 1)
    .filter(
      (sent) =>
        sent.run === met.run &&
        isManagement(sent) === isManagement(met) &&
        sent.at > met.at &&
        sent.at < met.at + silence,
    );
}
