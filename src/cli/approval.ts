import type { Approval } from '../compose/contract.ts';
import type { Address } from '../model/address.ts';
import type { Plan } from '../model/change.ts';
import type { Ask } from './prompt.ts';

export interface ApprovalOptions {
  /** A "yes" is needed: no `--auto-approve`, and no saved plan that stands for it. */
  readonly needsYes: boolean;
  /** Null: nobody can answer. */
  readonly ask: Ask | null;
}

/**
 * The last word before the first write: "yes" to the plan, and the typed address of everything that holds data and is
 * deleted or replaced (rule 9). Where nobody can answer it names the flags that would.
 */
export async function approvePlan(
  plan: Plan,
  unconfirmed: readonly Address[],
  options: ApprovalOptions,
): Promise<Approval> {
  if (plan.changes.length === 0) return { approved: true, confirmed: [] };
  const { ask } = options;
  const needsYes = options.needsYes;
  if (ask === null) {
    const flags = [...(needsYes ? ['--auto-approve'] : []), ...unconfirmed.map((address) => `--confirm ${address}`)];
    if (flags.length === 0) return { approved: true, confirmed: [] };
    return refused(`there is no terminal to ask on; add ${flags.join(' ')}`, flags.join(' '));
  }

  if (needsYes && (await ask(`Apply ${counted(plan.changes.length, 'change')}? Only "yes" goes on: `)) !== 'yes') {
    return refused('the answer was not "yes"', '--auto-approve');
  }
  const confirmed: Address[] = [];
  for (const address of unconfirmed) {
    const takes = plan.changes.find((change) => change.address === address)?.takes.length ?? 0;
    const and = takes === 0 ? '' : ` and the ${counted(takes, 'thing')} in it`;
    const answer = await ask(`This deletes data: ${address}${and}.\nType the address to agree: `);
    if (answer !== address) return refused(`the address of ${address} was not typed`, `--confirm ${address}`);
    confirmed.push(address);
  }
  return { approved: true, confirmed };
}

function refused(because: string, override: string): Approval {
  return { approved: false, confirmed: [], because, override };
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
