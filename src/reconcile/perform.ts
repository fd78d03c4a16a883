import type { Step } from '../diff/graph.ts';
import type { ResourceKind } from '../model/kind.ts';
import type { Spec } from '../model/resource.ts';
import { fateOf, gone, type Fates } from './fate.ts';
import { isNotFound, vanished } from './look.ts';
import { performBatch } from './perform-batch.ts';
import { performCreate, performDelete, performUpdate } from './perform-singly.ts';
import type { Asked, Workspace } from './workspace.ts';

/**
 * Performs one step: looks at what it stands on, writes, and settles what nobody answered for. Failures are values;
 * only a bug throws.
 */
export async function perform<Api>(
  step: Step,
  kind: ResourceKind<Spec, Api>,
  workspace: Workspace<Api>,
): Promise<Fates> {
  const { addresses } = step;
  const asked: Asked<Api> = {
    kind,
    api: workspace.api,
    parent: step.parent === null ? null : (workspace.live.get(step.parent) ?? null),
    isSelected:
      addresses.length > 0 && addresses.every((address) => (workspace.changes.get(address)?.selector ?? null) !== null),
    clock: workspace.clock,
    signal: workspace.abort,
  };
  if (kind.write.how === 'together') return performBatch(step, kind.write, { ...workspace, asked });
  const [address] = addresses;
  if (address === undefined) return new Map();
  let attempts = 0;
  const task = { step, address, how: kind.write, sent: () => void attempts++ };
  try {
    switch (step.operation) {
      case 'create':
        await performCreate(task, { ...workspace, asked });
        break;
      case 'update':
        await performUpdate(task, { ...workspace, asked });
        break;
      case 'delete':
        await performDelete(task, { ...workspace, asked });
        break;
      case 'batch':
        throw new Error(`${kind.name} is not written together`);
      default:
        step.operation satisfies never;
    }
    return new Map([[address, { status: 'succeeded', attempts }]]);
  } catch (error) {
    const what = isNotFound(error) ? await vanished(step, workspace) : null;
    return new Map([[address, fateOf(what === null ? error : gone(what, asked.isSelected), attempts)]]);
  }
}
