import type { Address } from '../../model/address.ts';
import type { Difference, RunInput } from '../../model/history.ts';

/** What is known of a difference that lasts. */
export interface OpenEpisode {
  readonly difference: Difference;
  /** A run that changed it, and did not see what came of that. */
  readonly triedIn: number | null;
}

export interface Ending {
  readonly address: Address;
  readonly healedBy: 'converge' | 'elsewhere';
  readonly healedIn: number | null;
}

/** What a run does to the episodes that are open. */
export interface EpisodeSteps {
  readonly began: readonly Difference[];
  /** What differs in another way than before. */
  readonly moved: readonly Difference[];
  /** Changed by this run, and not seen since. */
  readonly tried: readonly Address[];
  readonly ended: readonly Ending[];
}

/**
 * Compares what a run found and left with the episodes that are open. An episode ends only where that was seen: in what
 * could not be read it goes on.
 */
export function episodeSteps(
  open: ReadonlyMap<Address, OpenEpisode>,
  { id, found, reading, outcomes }: Pick<RunInput, 'id' | 'found' | 'reading' | 'outcomes'>,
): EpisodeSteps {
  const latest = new Map<Address, Difference>();
  for (const difference of [...found, ...(reading?.differing ?? [])]) latest.set(difference.address, difference);
  const began = [...latest.values()].filter(({ address }) => !open.has(address));
  const moved = [...latest.values()].filter((difference) => {
    const before = open.get(difference.address)?.difference;
    return before !== undefined && !isSame(before, difference);
  });
  const written = new Set<Address>(
    outcomes
      .filter(({ status }) => status === 'succeeded' || status === 'pending' || status === 'uncertain')
      .map(({ address }) => address),
  );
  const remains = new Set<Address>((reading?.differing ?? []).map(({ address }) => address));
  const ended: Ending[] = [];
  const tried: Address[] = [];
  for (const address of new Set([...open.keys(), ...latest.keys()])) {
    const isGone = reading !== null && !remains.has(address) && (reading.whole || reading.equal?.has(address) === true);
    const triedIn = written.has(address) ? id : (open.get(address)?.triedIn ?? null);
    if (isGone) ended.push({ address, healedBy: triedIn === null ? 'elsewhere' : 'converge', healedIn: triedIn });
    else if (written.has(address)) tried.push(address);
  }
  return { began, moved, tried, ended };
}

function isSame(a: Difference, b: Difference): boolean {
  return a.action === b.action && a.reason === b.reason && a.fields.join('\n') === b.fields.join('\n');
}
