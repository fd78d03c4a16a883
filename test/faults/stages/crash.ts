// Stage 2: the process dies at every request of many plans, at five moments each, or is told to stop; then one plain
// apply.
import { expectConvergence } from '../kit/last-run.ts';
import { CRASH_POINTS, type CrashPoint, type Sent } from '../kit/network.ts';
import type { Document } from '../kit/run.ts';
import { lastWords } from '../kit/referee.ts';
import { anyScenario, type Scenario } from '../kit/scenario.ts';
import { checkEach, mustHold, openRing, undisturbed, type Stage } from '../kit/stage.ts';

export const crash: Stage = async (options) => {
  const counts = { plans: 0, requests: 0, crashes: 0, 'late arrivals': 0, 'races lost': 0, signals: 0 };
  return checkEach(
    '2 crash matrix',
    anyScenario({ small: true }),
    { ...options, count: options.count * 20, counts },
    async (scenario) => {
      if (counts.plans >= options.count) return;
      const plain = await undisturbed(scenario);
      if (plain === null) return;
      counts.plans += 1;
      for (const request of plain.ring.network.log) {
        counts.requests += 1;
        for (const at of CRASH_POINTS) {
          // A read that arrives late is nobody's concern.
          if (at === 'late' && !request.isWrite) continue;
          counts.crashes += 1;
          if (at === 'late') counts['late arrivals'] += 1;
          if (await die({ scenario, document: plain.document, request, at })) counts['races lost'] += 1;
        }
        for (const signal of SIGNALS) {
          counts.signals += 1;
          await stop({ scenario, document: plain.document, request, signal });
        }
      }
    },
  );
};

/** Whether the run after lost a race against what arrived late. */
async function die(of: {
  readonly scenario: Scenario;
  readonly document: Document;
  readonly request: Sent;
  readonly at: CrashPoint;
}): Promise<boolean> {
  const { scenario, document, request, at } = of;
  const isLate = at === 'late';
  // What a lost race leaves behind is undeclared, and where projects are pruned it needs consent to go.
  const ring = openRing(isLate ? { ...scenario, consents: true } : scenario, document, {
    mayRepeat: true,
    mayLoseRace: isLate,
  });
  const { judge, network, clock } = ring;
  network.rule = ({ run, index }) => (run === 0 && index === request.index ? { kind: 'crash', at } : null);
  const where = `killed ${at} ${request.method} ${request.path} (request ${String(request.index)})`;
  const first = await ring.apply();
  if (first.applied !== null) judge.object('it was to be killed, and was not');
  let lost = false;
  if (isLate) {
    const second = await ring.apply({ approve: () => network.deliverLate() });
    network.deliverLate();
    lost =
      second.applied?.type === 'applied' &&
      second.applied.report.outcomes.some(({ error }) => error?.code === 'lost-race');
    await clock.sleep(60_000);
  }
  mustHold(judge, where);
  await expectConvergence(ring);
  mustHold(judge, `${where}, then a plain apply`);
  return lost;
}

/** One signal; or two, and the request in flight is given up before or after the platform has done it. */
const SIGNALS = ['drain', 'abort, not done', 'abort, done'] as const;

async function stop(of: {
  readonly scenario: Scenario;
  readonly document: Document;
  readonly request: Sent;
  readonly signal: (typeof SIGNALS)[number];
}): Promise<void> {
  const { scenario, document, request, signal } = of;
  const ring = openRing(scenario, document, { mayRepeat: true });
  const { judge, network } = ring;
  const drain = new AbortController();
  const abort = new AbortController();
  network.rule = ({ run, index }) => {
    if (run !== 0 || index !== request.index) return null;
    drain.abort('drain');
    if (signal === 'drain') return null;
    abort.abort('abort');
    return { kind: 'reset', when: signal === 'abort, done' ? 'after' : 'before' };
  };
  const where = `${signal} at ${request.method} ${request.path} (request ${String(request.index)})`;
  const ran = await ring.apply({ drain: drain.signal, abort: abort.signal });
  if (ran.exit !== 143) judge.object(`H: it ended with ${String(ran.exit)}: ${lastWords(ran)}`);
  const after = network.log.filter(({ index }) => index > request.index + 8);
  if (signal !== 'drain' && after.length > 0)
    judge.object(`H: given up, and ${String(after.length)} further requests were sent`);
  if (ran.applied?.type === 'applied' && ran.applied.report.interrupted !== 'SIGTERM')
    judge.object('H: the report does not say that it was interrupted');
  mustHold(judge, where);
  await expectConvergence(ring);
  mustHold(judge, `${where}, then a plain apply`);
}
