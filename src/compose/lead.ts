import { randomBytes } from 'node:crypto';
import { clusterOf } from '../daemon/lease/cluster.ts';
import { openElector, type Elector } from '../daemon/lease/elector.ts';
import { openLeaseClient } from '../daemon/lease/lease-client.ts';
import type { LeaseName } from '../daemon/lease/lease-record.ts';
import { leaseNote, type LeaseNote } from '../daemon/lease/lease-note.ts';
import { leaseTimes } from '../daemon/lease/lease-times.ts';
import { UNSEEN } from '../daemon/lease/standing.ts';
import type { MayWrite } from '../model/ports.ts';
import type { LeaseStanding } from '../model/watch-status.ts';
import type { Watching } from '../reconcile/run-watch.ts';
import type { Effects } from './contract.ts';
import { onAbort } from './on-abort.ts';
import type { Unusable } from './watch-request.ts';

/** `--lease` and `--lease-duration`. */
export interface LeaseRequest {
  /** `NAMESPACE/NAME`, or `NAME` in the pod's own namespace. */
  readonly name: string;
  readonly durationMs: number;
}

/** The daemon as one replica of several, of which the holder of a Lease acts. */
export interface Lead {
  readonly mayWrite: MayWrite;
  readonly standing: () => LeaseStanding;
  /** Runs the loop that `begin` starts for as long as this replica leads, and again each time it does. Called once. */
  readonly watching: (begin: () => Watching) => Watching;
  /** Pauses that people have asked for: they go with the Lease, and are gone with it. */
  readonly pauses: LeaseNote;
  readonly close: () => Promise<void>;
}

export interface LeadOptions {
  readonly effects: Effects;
  /** Of a write, milliseconds. */
  readonly timeoutMs: number;
  readonly onStanding: (standing: LeaseStanding) => void;
}

/** The annotation that pauses are kept in. */
const PAUSES = 'convex-converge/pauses';

/** A label and a subdomain, as names of Kubernetes are made. */
const NAMESPACE = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;
const NAME = /^(?=.{1,253}$)[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;

export async function openLead(
  request: LeaseRequest,
  { effects, timeoutMs, onStanding }: LeadOptions,
): Promise<Lead | Unusable> {
  const times = leaseTimes(request.durationMs, timeoutMs);
  if ('wrong' in times) return { type: 'unusable', option: '--lease-duration', why: times.wrong };
  const cluster = clusterOf(effects.env);
  if ('wrong' in cluster) return { type: 'unusable', option: '--lease', why: cluster.wrong };
  const lease = await leaseNamed(request.name, cluster.namespace);
  if ('wrong' in lease) return { type: 'unusable', option: '--lease', why: lease.wrong };

  const identity = identityOf(effects.env);
  const api = openLeaseClient(cluster, lease, effects.version);
  let elector: Elector | null = null;
  const standing = (): LeaseStanding => {
    const { isLeader, ...rest } = elector?.standing() ?? UNSEEN;
    return { lease: `${lease.namespace}/${lease.name}`, identity, role: isLeader ? 'leader' : 'follower', ...rest };
  };
  return {
    mayWrite: () => (elector === null ? 'the lease is not held' : elector.mayWrite()),
    standing,
    watching(begin) {
      let current: Watching | null = null;
      let end: 'drained' | 'aborted' = 'drained';
      const opened = openElector({
        api,
        lease,
        identity,
        times,
        clock: effects.clock,
        chance: effects.chance,
        noteName: PAUSES,
        onChange: () => onStanding(standing()),
        async term({ drain, abort }) {
          const watching = begin();
          current = watching;
          const undo = [onAbort(drain, watching.stop), onAbort(abort, watching.abort)];
          try {
            return (end = await watching.ended);
          } finally {
            current = null;
            for (const undone of undo) undone();
          }
        },
      });
      elector = opened;
      onStanding(standing());
      return {
        trigger: (by) => current?.trigger(by),
        stop() {
          // What a term before came to is settled; only the last one is asked after.
          if (current === null) end = 'drained';
          opened.stop();
        },
        abort: () => current?.abort(),
        ended: opened.ended.then(() => end),
      };
    },
    pauses: leaseNote(() => elector),
    close: () => api.close(),
  };
}

async function leaseNamed(
  text: string,
  ownNamespace: () => Promise<string>,
): Promise<LeaseName | { readonly wrong: string }> {
  const [first = '', second, ...more] = text.split('/');
  if (more.length > 0 || !NAME.test(second ?? first) || (second !== undefined && !NAMESPACE.test(first)))
    return { wrong: 'expected NAMESPACE/NAME or NAME, in lower-case letters, digits and dashes' };
  if (second !== undefined) return { namespace: first, name: second };
  try {
    const namespace = await ownNamespace();
    if (NAMESPACE.test(namespace)) return { namespace, name: first };
    return { wrong: 'what the pod is told as its namespace is none; write NAMESPACE/NAME' };
  } catch (error) {
    return { wrong: `${error instanceof Error ? error.message : String(error)}; write NAMESPACE/NAME` };
  }
}

/** The pod's name for people, and chance: a container that starts again in its pod is not the one before. */
function identityOf(env: Effects['env']): string {
  const given = env['POD_NAME'] ?? env['HOSTNAME'] ?? '';
  const name = NAME.test(given) ? given : 'converge';
  return `${name}_${randomBytes(5).toString('hex')}`;
}

/** Who follows does not act: what is asked of it is refused, with the name of who would. Null: this one acts. */
export function elsewhere(standing: LeaseStanding | null): string | null {
  if (standing === null || standing.role === 'leader') return null;
  const { holder, lease } = standing;
  return `another replica leads: ${holder ?? 'none at the moment'} (Lease ${lease}); ask it`;
}
