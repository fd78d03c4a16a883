import type { Address } from '../../model/address.ts';
import type { Episode, Origin, Recorded } from '../../model/history.ts';
import type { Round } from '../../model/watch-status.ts';
import { sanitize } from '../../report/sanitize.ts';
import type { Rule } from './notify-schema.ts';

/** One thing of a message. No value of a variable. */
export interface NoticeItem {
  readonly address: Address;
  readonly kind: string;
  readonly action: string;
  /** What more there is to say, one constant word or sentence of ours. */
  readonly note: string;
  readonly fields: readonly string[];
}

/** What one run gives reason to tell under one rule. */
export interface Notice {
  readonly rule: Rule;
  /** One of a few constant sentences, without its full stop. */
  readonly message: string;
  /** A sentence of the document's check or of the platform, made safe; null for most. */
  readonly detail: string | null;
  readonly items: readonly NoticeItem[];
}

/** What was told and still holds: it is told again only when it has ended, or is another. */
export interface Told {
  readonly drift: ReadonlySet<Address>;
  /** By address: what failed with. */
  readonly failed: ReadonlyMap<Address, string>;
  /** By address: why it is held. */
  readonly held: ReadonlyMap<Address, string>;
  readonly problem: 'invalid' | 'unreachable' | null;
  readonly failures: number;
}

export const NOTHING_TOLD: Told = { drift: new Set(), failed: new Map(), held: new Map(), problem: null, failures: 0 };

/** One failed run is the weather; the second in a row is told. */
const FAILURES_TOLD = 2;
const MOST_DETAIL = 300;

type Seen = Pick<Recorded, 'opened' | 'closed'> & { readonly origin: Origin };

/** What a run gives reason to tell, and what is told after it. Pure. */
export function noticesOf(
  told: Told,
  round: Round,
  seen: Seen,
): { readonly told: Told; readonly notices: readonly Notice[] } {
  const loop = loopNotices(told, round);
  const differing = new Set<Address>((round.view?.plan.changes ?? []).map(({ address }) => address));
  const isRead = round.view !== null;
  const stays = (address: Address): boolean => !isRead || differing.has(address);
  const opened = seen.opened.filter(({ address }) => !told.drift.has(address));
  const closedNow = new Set<Address>(seen.closed.map(({ address }) => address));
  const moved = opened.filter(({ origin }) => origin !== 'document');
  const healed = seen.closed.filter(({ origin, healedBy }) => origin !== 'document' && healedBy === 'converge');
  const gone = seen.closed.filter(({ origin, healedBy }) => origin !== 'document' && healedBy === 'elsewhere');
  const applied = seen.closed.filter(({ origin, healedBy }) => origin === 'document' && healedBy === 'converge');
  const failed = failuresOf(round).filter(({ address, note }) => told.failed.get(address) !== note);
  const held = round.held.filter(({ address, because }) => told.held.get(address) !== because);
  const heldItems = (is: (because: string) => boolean): readonly NoticeItem[] =>
    held
      .filter(({ because }) => is(because))
      .map(({ address, action, because }) => ({ address, kind: kindOf(address), action, note: because, fields: [] }));
  return {
    notices: [
      ...loop.notices,
      notice(
        'drift',
        'the live side differs from the document',
        moved.map((one) => item(one, closedNow.has(one.address) ? 'healed at once' : one.reason)),
      ),
      notice(
        'healed',
        'drift was healed',
        healed.map((one) => item(one, one.reason)),
      ),
      notice(
        'healed',
        'drift is gone, and not by converge',
        gone.map((one) => item(one, one.reason)),
      ),
      notice(
        'applied',
        'changes of the document were made',
        applied.map((one) => item(one, one.reason)),
      ),
      notice('failed', 'changes failed, and are tried again', failed),
      notice(
        'stalled',
        'changes failed too often, and are not tried again',
        heldItems((because) => because === 'stalled'),
      ),
      notice(
        'held',
        'changes are held back',
        heldItems((because) => because === 'refused' || because === 'holds-data'),
      ),
    ].flatMap((one) => one ?? []),
    told: {
      ...loop.told,
      drift: new Set([...told.drift, ...opened.map(({ address }) => address)].filter(stays)),
      failed: new Map(
        [...told.failed, ...failed.map(({ address, note }) => [address, note] as const)].filter(([address]) =>
          stays(address),
        ),
      ),
      held: new Map(
        isRead || round.held.length > 0
          ? round.held.map(({ address, because }) => [address, because] as const)
          : told.held,
      ),
    },
  };
}

function loopNotices(
  told: Told,
  { result, problem }: Pick<Round, 'result' | 'problem'>,
): { readonly told: Pick<Told, 'problem' | 'failures'>; readonly notices: readonly Notice[] } {
  const detail = problem === null ? null : cut(sanitize(problem));
  switch (result) {
    case 'interrupted':
      return { told: { problem: told.problem, failures: told.failures }, notices: [] };
    case 'done': {
      const message = 'everything can be read again';
      const notices: readonly Notice[] =
        told.problem === null ? [] : [{ rule: 'recovered', message, detail: null, items: [] }];
      return { told: { problem: null, failures: 0 }, notices };
    }
    case 'invalid': {
      const message = 'the document is invalid, and nothing is applied';
      const isNew = told.problem !== 'invalid';
      return {
        told: { problem: 'invalid', failures: 0 },
        notices: isNew ? [{ rule: 'invalid', message, detail, items: [] }] : [],
      };
    }
    case 'failed': {
      const failures = told.failures + 1;
      if (failures < FAILURES_TOLD || told.problem === 'unreachable')
        return { told: { problem: told.problem, failures }, notices: [] };
      const message = 'the platform cannot be read, or not all of it';
      return {
        told: { problem: 'unreachable', failures },
        notices: [{ rule: 'unreachable', message, detail, items: [] }],
      };
    }
    default:
      return result satisfies never;
  }
}

/** The part of a notice that a target with these rules and addresses is told; null: none of it. */
export function partFor(
  { rule, items, ...said }: Notice,
  { rules, isFor }: { readonly rules: ReadonlySet<Rule>; readonly isFor: (address: string) => boolean },
  others: readonly Notice[],
): Notice | null {
  if (!rules.has(rule)) return null;
  if (items.length === 0) return { rule, items, ...said };
  // What was seen and healed in one run is told once.
  const healedToo = new Set(
    rule === 'drift' && rules.has('healed')
      ? others.filter((other) => other.rule === 'healed').flatMap((other) => other.items.map(({ address }) => address))
      : [],
  );
  const mine = items.filter(({ address }) => isFor(address) && !healedToo.has(address));
  return mine.length === 0 ? null : { rule, items: mine, ...said };
}

function failuresOf({ outcomes }: Pick<Round, 'outcomes'>): readonly NoticeItem[] {
  return outcomes
    .filter(({ status }) => status === 'failed' || status === 'uncertain')
    .map(({ address, action, status, error }) => ({
      address,
      kind: kindOf(address),
      action,
      note: error?.code ?? status,
      fields: [],
    }));
}

function item({ address, kind, action, fields }: Episode, note: string): NoticeItem {
  return { address, kind, action, note, fields };
}

function notice(rule: Rule, message: string, items: readonly NoticeItem[]): Notice | null {
  return items.length === 0 ? null : { rule, message, detail: null, items };
}

function kindOf(address: Address): string {
  const last = address.slice(address.lastIndexOf('/') + 1);
  return last.slice(0, last.indexOf(':'));
}

function cut(text: string): string {
  return text.length <= MOST_DETAIL ? text : `${text.slice(0, MOST_DETAIL)}…`;
}
