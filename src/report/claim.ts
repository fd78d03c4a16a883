import type { Refusal, Unreadable, Plan } from '../model/change.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Place } from '../model/place.ts';

/** One thing that a report has to say against the document, the live side or a run, for formats that are lists of such. */
export interface Claim {
  /** A diagnostic's code, or `refused/threshold`, `unreadable`, `drift/missing`, `outcome/failed`. */
  readonly rule: string;
  readonly level: 'error' | 'warning' | 'note';
  /** Sentences on one line; may hold strings from outside. */
  readonly message: string;
  readonly where: Place | null;
  readonly also?: Place;
  readonly address: string | null;
  /** With rule and address what makes it the same one in another run; its place does not. */
  readonly about?: string;
  /** Why it is accepted: it is shown as suppressed. */
  readonly accepted?: string;
  /** Further facts, as plain data. */
  readonly facts?: Readonly<Record<string, unknown>>;
}

export function diagnosticClaims(diagnostics: readonly Diagnostic[]): readonly Claim[] {
  return diagnostics.map(({ severity, code, summary, hint, where, also, address }) => ({
    rule: code,
    // A saved plan may hold other words than ours.
    level: severity === 'error' || severity === 'note' ? severity : 'warning',
    message: hint === undefined ? ended(summary) : `${ended(summary)} ${hint}`,
    where: where ?? null,
    ...(also === undefined ? {} : { also }),
    address: address ?? null,
    ...(address === undefined ? { about: `${where?.file ?? ''} ${summary}` } : {}),
  }));
}

/** Each stands on the line of the first change that it is about and that has one. */
export function refusalClaims(refusals: readonly Refusal[], plan: Pick<Plan, 'changes'>): readonly Claim[] {
  const places = new Map<string, Place | null>(plan.changes.map(({ address, where }) => [address, where]));
  return refusals.map(({ rule, addresses, message, override }) => ({
    rule: `refused/${rule}`,
    level: 'error',
    message: `${ended(message)} ${override === null ? 'Nothing on the command line lifts this.' : `To allow it in one run: ${override}`}`,
    where: addresses.map((address) => places.get(address) ?? null).find((place) => place !== null) ?? null,
    address: addresses[0] ?? null,
  }));
}

export function unreadableClaims(unreadable: readonly Unreadable[]): readonly Claim[] {
  return unreadable.map(({ collection, error }) => ({
    rule: 'unreadable',
    level: 'error',
    message: `${collection} could not be read: ${error.code}: ${ended(error.message)}`,
    where: null,
    address: collection,
  }));
}

/** What a plan has to say against anything: not its changes, which are what was asked for. */
export function planClaims(plan: Plan, refusals: readonly Refusal[] = plan.refusals): readonly Claim[] {
  return [
    ...diagnosticClaims(plan.diagnostics),
    ...refusalClaims(refusals, plan),
    ...unreadableClaims(plan.unreadable),
  ];
}

/** With a full stop. */
export function ended(sentence: string): string {
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
