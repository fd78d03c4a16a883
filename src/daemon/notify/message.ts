import type { Target } from '../../model/target.ts';
import { sanitize } from '../../report/sanitize.ts';
import type { Notice } from './notices.ts';
import type { Rule } from './notify-schema.ts';

/** What one target is told at once: of one run, and how much of earlier runs was not told in full. */
export interface Message {
  /** The same for every try to send it; receivers drop what they have had. */
  readonly id: string;
  readonly tool: string;
  /** Milliseconds since epoch. */
  readonly at: number;
  readonly run: number;
  readonly mode: string;
  readonly target: Target | null;
  readonly notices: readonly Notice[];
  readonly earlier: Earlier;
}

/** Messages that the rate did not let through, in sum. */
export interface Earlier {
  readonly messages: number;
  readonly things: Readonly<Partial<Record<Rule, number>>>;
}

export const NOTHING_EARLIER: Earlier = { messages: 0, things: {} };

/** More are counted, not listed. */
const MOST_ITEMS = 50;

/** What of a message is left when it is summed up with others. */
export function summedUp({ messages, things }: Earlier, message: Pick<Message, 'notices' | 'earlier'>): Earlier {
  const sums: Partial<Record<Rule, number>> = { ...things };
  const add = (rule: Rule, count: number): void => {
    sums[rule] = (sums[rule] ?? 0) + count;
  };
  for (const { rule, items } of message.notices) add(rule, Math.max(1, items.length));
  for (const [rule, count] of Object.entries(message.earlier.things)) add(rule as Rule, count);
  return { messages: messages + 1 + message.earlier.messages, things: sums };
}

/** The body for a generic receiver. Minor versions add keys. */
export function webhookBody(message: Message): string {
  const { id, tool, at, run, mode, target, notices, earlier } = message;
  return JSON.stringify({
    kind: 'notification',
    formatVersion: '1.0',
    id,
    tool,
    at: new Date(at).toISOString(),
    run,
    mode,
    team:
      target === null ? null : { id: target.teamId, slug: target.teamSlug === null ? null : sanitize(target.teamSlug) },
    events: notices.map(({ rule, message: says, detail, items }) => ({
      rule,
      message: says,
      detail,
      count: Math.max(1, items.length),
      items: items.slice(0, MOST_ITEMS),
      more: Math.max(0, items.length - MOST_ITEMS),
    })),
    earlier,
  });
}
