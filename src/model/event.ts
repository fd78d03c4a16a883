import type { Address } from './address.ts';
import type { Plan } from './change.ts';
import type { Outcome } from './outcome.ts';

/** What happens during a run, for progress displays and logs. Carries no value of a variable. */
export type RunEvent =
  | { readonly type: 'observing'; readonly purpose: 'plan' | 'proof' }
  | { readonly type: 'listed'; readonly kind: string; readonly members: number }
  | { readonly type: 'planned'; readonly plan: Plan }
  | { readonly type: 'change-started'; readonly addresses: readonly Address[] }
  /** What it needs is made and not settled. Told once for each thing that waits. */
  | { readonly type: 'change-waiting'; readonly address: Address; readonly because: string }
  | { readonly type: 'change-finished'; readonly outcome: Outcome }
  | { readonly type: 'draining'; readonly signal: string }
  | {
      readonly type: 'request';
      readonly method: string;
      readonly host: string;
      readonly path: string;
      readonly status: number | null;
      readonly ms: number;
      readonly attempt: number;
    };

export type EventSink = (event: RunEvent) => void;
