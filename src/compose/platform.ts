import type { EventSink } from '../model/event.ts';
import type { ResourceKind } from '../model/kind.ts';
import type { AnyKind } from '../model/kinds.ts';
import type { Chance, Clock, MayWrite } from '../model/ports.ts';
import type { Provider } from '../model/provider.ts';
import type { Spec } from '../model/resource.ts';
import { kindsFor } from '../providers/registry.ts';
import type { Effects, Settings } from './contract.ts';

/** What a provider may use of the machine, and whom it tells. */
export interface PlatformMachine {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute. */
  readonly cwd: string;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly onEvent: EventSink;
  /** To be asked immediately before each write; absent: always. */
  readonly mayWrite?: MayWrite | undefined;
}

/** A platform of the caller's own: its kinds are known before anything is opened, for the document is checked by them. */
export interface OwnPlatform {
  /** Parents before children; the same that the provider has. */
  readonly kinds: readonly ResourceKind<Spec, never>[];
  /** A provider that is closed when the run ends. Sends nothing. What it rejects with ends the run. */
  open(machine: PlatformMachine): Provider | Promise<Provider>;
}

/** The kinds that a document of these settings is made of, parents before children. */
export function kindsIn({
  dialect,
  kinds,
  platform,
}: Pick<Settings, 'dialect' | 'kinds' | 'platform'>): readonly AnyKind[] {
  return platform === undefined ? kindsFor(dialect, kinds) : platform.kinds;
}

export async function openOwnPlatform(platform: OwnPlatform, effects: Effects): Promise<Provider> {
  const { env, cwd, clock, chance, onEvent, mayWrite } = effects;
  return platform.open({ env, cwd, clock, chance, onEvent, mayWrite });
}
