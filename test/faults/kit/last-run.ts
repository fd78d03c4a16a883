// The plain apply after whatever went wrong, and what it must lead to.
import type { Document, Ran } from './run.ts';
import { documentFor, type Ring } from './stage.ts';

/**
 * Faults have stopped: one plain apply converges, and where it had something to do another one shows that nothing is
 * left. Only what a creation left behind under a key of the platform's choice is refused first, by name, and then
 * finished as the message says.
 */
export async function expectConvergence(ring: Ring): Promise<void> {
  const { judge, network } = ring;
  const finishing = documentToFinish(ring);
  if (finishing !== null) {
    const from = network.log.length;
    const refused = await ring.apply();
    const codes = refused.applied?.type === 'invalid' ? refused.applied.diagnostics.map(({ code }) => code) : [];
    if (!codes.includes('CVG505')) judge.object('I3: what an interrupted creation left is not refused by name');
    if (network.log.slice(from).some(({ isWrite }) => isWrite)) judge.object('I10: refused, and something was written');
  }
  const again = await ring.apply(finishing === null ? {} : { document: finishing });
  judge.expectConverged(await settled(ring, again));
}

async function settled(ring: Ring, ran: Ran): Promise<Ran> {
  if (ran.applied?.type !== 'applied' || ran.applied.report.outcomes.length === 0) return ran;
  if (ran.exit !== 0) ring.judge.object(`I1: the plain apply ended with ${String(ran.exit)}`);
  const from = ring.network.log.length;
  const last = await ring.apply();
  if (ring.network.log.slice(from).some(({ isWrite }) => isWrite))
    ring.judge.object('I1: converged, and something was written');
  return last;
}

/** With `renamedFrom` where a project is still called as the platform called it. Null: nothing of that kind is there. */
function documentToFinish({ scenario, team }: Ring): Document | null {
  const projects = [...team.world.projects.values()];
  const left = new Map(
    scenario.wanted.flatMap(({ slug }) => {
      const stray = projects.find((project) => project.name === slug && project.slug !== slug);
      const isTheirs = scenario.live.some((one) => one.slug === stray?.slug);
      const isThere = projects.some((project) => project.slug === slug);
      return stray === undefined || isTheirs || isThere ? [] : [[slug, stray.slug] as const];
    }),
  );
  if (left.size === 0) return null;
  const wanted = scenario.wanted.map((project) => {
    const renamedFrom = left.get(project.slug);
    return renamedFrom === undefined ? project : { ...project, renamedFrom };
  });
  return documentFor({ ...scenario, wanted });
}
