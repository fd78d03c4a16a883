import type { Address } from '../model/address.ts';
import type { Action, Reason } from '../model/change.ts';
import type { AnyKind } from '../model/kinds.ts';
import type { DesiredResource, LiveResource } from '../model/resource.ts';
import type { Difference } from './compare.ts';

/** A change on its way into the plan, with both sides at hand. */
export interface Draft {
  readonly address: Address;
  readonly kind: AnyKind;
  readonly action: Action;
  readonly reason: Reason;
  readonly desired: DesiredResource | null;
  readonly live: LiveResource | null;
  readonly differences: readonly Difference[];
  readonly comparable: boolean;
  /** The selector that prunes it. */
  readonly selector?: string;
}

/** True when the live one will be gone, if only for a moment. */
export function removesLive(draft: Draft): boolean {
  return draft.action === 'delete' || draft.action === 'replace';
}

/** True when a live one comes into being. */
export function bringsLive(draft: Draft): boolean {
  return draft.action === 'create' || draft.action === 'replace';
}
