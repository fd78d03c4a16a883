// Stage 4: reads that are behind, things not known yet after they were made, two applies at once, and a human in between.
import fc from 'fast-check';
import { humanAt } from '../kit/human.ts';
import { expectConvergence } from '../kit/last-run.ts';
import { randomOf } from '../kit/random.ts';
import { lastWords, type Referee } from '../kit/referee.ts';
import { lagReads } from '../kit/replicas.ts';
import type { Document, Ran } from '../kit/run.ts';
import { anyScenario, type Scenario } from '../kit/scenario.ts';
import { checkEach, mustHold, openRing, undisturbed, type Stage } from '../kit/stage.ts';

/** Reads are behind by less than an unknown outcome is read again for, and than "not found" is asked again for. */
const MOST_LAG_MS = 8_000;

interface Case {
  readonly scenario: Scenario;
  readonly document: Document;
  readonly seed: number;
}

export const together: Stage = async (options) => {
  const counts = {
    plans: 0,
    behind: 0,
    'not known yet': 0,
    'two at once': 0,
    'with a human': 0,
    deeds: 0,
    'races lost': 0,
  };
  // What somebody adds by hand must not be over the threshold when it is pruned.
  const scenarios = anyScenario().map((scenario) => ({ ...scenario, maxDeletePercent: 100 }));
  const drawn = fc.record({ scenario: scenarios, seed: fc.nat() });
  return checkEach(
    '4 stale and together',
    drawn,
    { ...options, count: options.count * 20, counts },
    async ({ scenario, seed }) => {
      if (counts.plans >= options.count) return;
      const plain = await undisturbed(scenario);
      if (plain === null) return;
      counts.plans += 1;
      // What a lost race leaves behind is undeclared, and where projects are pruned it needs consent to go.
      const one = { scenario: { ...scenario, consents: true }, document: plain.document, seed };
      counts.behind += 1;
      await readBehind(one);
      counts['not known yet'] += 1;
      await notKnownYet(one);
      counts['two at once'] += 1;
      if (await twoAtOnce(one)) counts['races lost'] += 1;
      counts['with a human'] += 1;
      counts.deeds += await withHuman(one);
    },
  );
};

/** Every read from a replica that is behind, and every second reply to a write lost on top. */
async function readBehind({ scenario, document, seed }: Case): Promise<void> {
  const random = randomOf(seed);
  const ring = openRing(scenario, document, { mayRepeat: true, latency: () => 20 + random() * 180 });
  const { judge, network, clock } = ring;
  const catchUp = lagReads(ring, { mostMs: MOST_LAG_MS, random });
  network.rule = ({ isWrite }) => (isWrite && random() < 0.5 ? { kind: 'reset', when: 'after' } : null);
  const ran = await ring.apply();
  if (ran.exit !== 0 && ran.exit !== 5) judge.object(`it ended with ${String(ran.exit)}: ${lastWords(ran)}`);
  network.rule = () => null;
  catchUp();
  mustHold(judge, 'reads that are behind');
  await clock.sleep(60_000);
  await expectConvergence(ring);
  mustHold(judge, 'reads that are behind, then a plain apply');
}

/** What was made a moment ago is "not found" for some reads: waited for, and nobody notices. */
async function notKnownYet({ scenario, document, seed }: Case): Promise<void> {
  const random = randomOf(seed);
  const ring = openRing(scenario, document, { mayRepeat: false });
  const { judge, network } = ring;
  network.rule = ({ path }) =>
    /\/create_(?:project|deployment)$/.test(path) ? { kind: 'lag', reads: 1 + Math.floor(random() * 5) } : null;
  const ran = await ring.apply();
  if (ran.exit !== 0) judge.object(`it ended with ${String(ran.exit)}: ${lastWords(ran)}`);
  await expectConvergence(ring);
  mustHold(judge, 'things that are not known yet');
}

/** Two applies of one document, begun within a second. True when a race was lost. */
async function twoAtOnce({ scenario, document, seed }: Case): Promise<boolean> {
  const random = randomOf(seed);
  const ring = openRing(scenario, document, { mayRepeat: true, mayLoseRace: true, latency: () => 20 + random() * 180 });
  const { judge, clock } = ring;
  const late = clock.sleep(random() * 1000).then(() => ring.apply());
  const both = await Promise.all([ring.apply(), late]);
  for (const ran of both) judgeExit(judge, ran);
  const strays = both.flatMap(({ applied }) =>
    applied?.type === 'applied' ? applied.report.outcomes.filter(({ error }) => error?.code === 'lost-race') : [],
  );
  for (const { error } of strays)
    if (!/with id \d+|id \d+/.test(error?.message ?? '')) judge.object(`a stray has no name: ${error?.message ?? ''}`);
  mustHold(judge, 'two at once');
  await clock.sleep(60_000);
  await expectConvergence(ring);
  mustHold(judge, 'two at once, then a plain apply');
  return strays.length > 0;
}

async function withHuman({ scenario, document, seed }: Case): Promise<number> {
  const random = randomOf(seed);
  const touched = new Set<string>();
  const ring = openRing(scenario, document, { mayRepeat: true, others: touched, latency: () => 20 + random() * 80 });
  const { judge, clock } = ring;
  const human = humanAt(ring, { random, deeds: 6, withinMs: 6_000, touched, scenario });
  // The prompt waits for an answer, while they go on.
  const ran = await ring.apply({ approve: () => clock.sleep(5_000) });
  judgeExit(judge, ran);
  await human.done;
  mustHold(judge, `with a human who ${human.deeds.join(', ')}`);
  await clock.sleep(60_000);
  await expectConvergence(ring);
  mustHold(judge, `with a human who ${human.deeds.join(', ')}, then a plain apply`);
  return human.deeds.length;
}

/** Done; done in part; or not begun, because what was read contradicts itself while others write. */
function judgeExit(judge: Referee, ran: Ran): void {
  if (![0, 1, 3, 5].includes(ran.exit ?? -1)) judge.object(`it ended with ${String(ran.exit)}: ${lastWords(ran)}`);
}
