import { pushFor } from '../providers/registry.ts';
import type { Effects, Settings } from './contract.ts';
import { PUSH_SECRETS, readPushSecrets } from './push-secrets.ts';
import type { SteadyOptions } from './steady.ts';
import type { Unusable } from './watch-request.ts';

/** What the platform may send, where a file of secrets says that it does. */
export async function openPush(
  { dialect }: Settings,
  effects: Effects,
): Promise<{ readonly push: SteadyOptions['push'] } | Unusable> {
  const unusable = (why: string): Unusable => ({ type: 'unusable', option: PUSH_SECRETS, why });
  try {
    if ((await readPushSecrets(effects)) === null) return { push: null };
  } catch (error) {
    return unusable(error instanceof Error ? error.message : String(error));
  }
  const of = pushFor(dialect);
  if (of === null) return unusable(`the dialect ${dialect} sends nothing`);
  return { push: { of, secrets: async () => (await readPushSecrets(effects)) ?? [] } };
}
