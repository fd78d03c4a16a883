// Reads from replicas that are behind: each read sees the platform as it was a while ago, each another while.
import type { Clock } from '../../../src/model/ports.ts';
import type { Network } from './network.ts';
import type { Team } from './team.ts';

/** Serves reads up to `mostMs` old from now on; the result ends that. */
export function lagReads(
  { team, network, clock }: { readonly team: Team; readonly network: Network; readonly clock: Clock },
  { mostMs, random }: { readonly mostMs: number; readonly random: () => number },
): () => void {
  const versions: { readonly until: number; readonly resolve: ReturnType<Team['snapshot']> }[] = [];
  const before = network.before;
  network.before = (sent) => {
    if (sent.isWrite) versions.push({ until: clock.monotonic(), resolve: team.snapshot() });
    before(sent);
  };
  network.replica = (head) => {
    const at = clock.monotonic() - random() * mostMs;
    const version = versions.find(({ until }) => until > at);
    return (version?.resolve ?? team.resolve)(head);
  };
  return () => {
    network.before = before;
    network.replica = null;
  };
}
