// Bugs that somebody could make, each one line of the product made wrong; the battery must notice every one.
import type { StageName } from '../stages/all.ts';

export interface Bug {
  readonly name: string;
  /** Below `src/`. */
  readonly file: string;
  /** Must be there exactly once. */
  readonly find: string;
  readonly replace: string;
  /** Where it must be caught, and with how many cases at most. */
  readonly stage: StageName;
  readonly count: number;
}

/** The source with the bug in it. Throws where the line is not there: the bug would test nothing. */
export function plant(
  { name, file, find, replace }: Pick<Bug, 'name' | 'file' | 'find' | 'replace'>,
  source: string,
): string {
  const parts = source.split(find);
  if (parts.length !== 2)
    throw new Error(`the line of the bug "${name}" is ${String(parts.length - 1)} times in src/${file}`);
  return parts.join(replace);
}

const bug = (
  name: string,
  file: string,
  [find, replace]: readonly [string, string],
  [stage, count]: readonly [StageName, number],
): Bug => ({ name, file, find, replace, stage, count });

export const BUGS: readonly Bug[] = [
  bug(
    'an unknown outcome is a failure, nothing is read again',
    'reconcile/write.ts',
    ['return settled(asked, { ...write, cause: error }, sent);', 'throw error;'],
    ['faults', 3],
  ),
  bug(
    'an unknown write is sent again without a look',
    'reconcile/write.ts',
    ['return settled(asked, { ...write, cause: error }, sent);', 'return write.send();'],
    ['faults', 3],
  ),
  bug(
    'a create without a key of its own is sent again',
    'reconcile/perform-singly.ts',
    ['repeatable: kind.keyed === true,', 'repeatable: true,'],
    ['together', 60],
  ),
  bug(
    'what is seen once not to have happened is given up',
    'reconcile/write.ts',
    ['const MOST_SENDS = 3;', 'const MOST_SENDS = 1;'],
    ['faults', 3],
  ),
  bug(
    'an update has happened when the thing is there',
    'reconcile/settle.ts',
    [
      "if (compareSpec(asked.kind, fields, now.spec).differences.length === 0) return { type: 'happened', found: now };",
      "return { type: 'happened', found: now };",
    ],
    ['faults', 6],
  ),
  bug(
    'a batch has happened when it can be read',
    'reconcile/settle.ts',
    ['if (set.length + remove.length === 0)', 'if (set.length + remove.length >= 0)'],
    ['faults', 3],
  ),
  bug(
    'a create is taken for the first thing of the kind',
    'reconcile/settle.ts',
    [
      'fresh.filter((member) => kind.key(member.spec) === key || isBornOf(kind, spec, member.spec));',
      'fresh.slice(0, 1);',
    ],
    ['faults', 6],
  ),
  bug(
    'pre-images of variables are not looked at',
    'reconcile/perform-batch.ts',
    ['else if (!isInNew && hasMoved(kind, { wanted, planned, now }))', 'else if (isInNew && !isInNew)'],
    ['together', 60],
  ),
  bug(
    'what a new deployment is born with counts as moved',
    'reconcile/perform-batch.ts',
    ['else if (!isInNew && hasMoved(', 'else if (hasMoved('],
    ['random', 200],
  ),
  bug(
    'variables that are as desired are written again',
    'reconcile/perform-batch.ts',
    ["if (isDone(kind, wanted, now)) fates.set(address, { status: 'succeeded', attempts: 0 });\n    else if", 'if'],
    ['random', 200],
  ),
  bug(
    'a deletion does not look whether it is still the same',
    'reconcile/perform-singly.ts',
    [
      'if (!isNotFound(error) || !(await hasGone(task, work, target))) throw error;',
      'if (!isNotFound(error)) throw error;',
    ],
    ['faults', 12],
  ),
  bug(
    'what failed is said to have succeeded',
    'reconcile/fate.ts',
    [
      "return { status: 'failed', attempts, error: summarizeError(error) };",
      "return { status: 'succeeded', attempts };",
    ],
    ['faults', 2],
  ),
  bug(
    'contents do not wait for their container',
    'reconcile/schedule.ts',
    ['new Set(node.needs.filter((need) => known.has(need)))', 'new Set<string>()'],
    ['random', 20],
  ),
  bug(
    'a collection that cannot be read is an empty one',
    'reconcile/observe.ts',
    [
      'const error = failed.get(container?.id ?? null) ?? whole;',
      'const error = undefined as PlatformError | undefined;',
    ],
    ['faults', 4],
  ),
  bug(
    'names are compared, values are not',
    'diff/compare.ts',
    ['else if (unknown || !sameValue(before ?? null, after, schema.orderFree === true))', 'else if (unknown)'],
    ['random', 50],
  ),
  bug(
    'everything undeclared is pruned',
    'diff/changes.ts',
    ['if (collection.prune && kind.prunable === true && deletable)', 'if (kind.prunable === true && deletable)'],
    ['random', 50],
  ),
  bug('nothing is protected', 'diff/plan.ts', ['...protectionRefusals(input, drafts),', ''], ['random', 200]),
  bug('there is no threshold', 'diff/plan.ts', ['...thresholdRefusals(input, drafts),', ''], ['random', 400]),
  bug('consent is not asked for', 'diff/plan.ts', ['...consentRefusals(input, drafts),', ''], ['random', 300]),
  bug(
    'the default is taken before it is given up',
    'diff/claims.ts',
    [
      '        moved.add(draft.address);\n        waits(draft.address, holder.address);',
      '        moved.add(draft.address);',
    ],
    ['random', 400],
  ),
  bug(
    'a hostname is taken before the project of its holder has gone',
    'diff/claims.ts',
    ['mayContain(other.kind, kind, input) &&', 'other.kind.name === kind.parent &&'],
    ['random', 2_000],
  ),
  bug(
    'an interrupted creation is begun anew',
    'diff/look-alikes.ts',
    [
      'const unfinished = siblings.find((live) => isUnfinished(kind, spec, live));',
      'const unfinished = siblings.find(() => false);',
    ],
    ['crash', 20],
  ),
  bug(
    '--max-requests forgets the looks',
    'diff/guards.ts',
    ['return reads + looks + writes + proof;', 'return reads + writes + proof;'],
    ['random', 100],
  ),
  bug(
    'the proof proves everything',
    'compose/apply.ts',
    ['remaining.length === 0 && plan.unreadable.length === 0 && isMatched;', 'true || isMatched;'],
    ['faults', 40],
  ),
  bug(
    'Retry-After in milliseconds',
    'providers/http/retry-after.ts',
    ['Number(text) * 1000', 'Number(text)'],
    ['faults', 2],
  ),
  bug(
    'Retry-After is obeyed for ever',
    'providers/http/retry-after.ts',
    ['Math.min(LONGEST_HOLD_MS, Math.max(0, ms))', 'Math.max(0, ms)'],
    ['faults', 2],
  ),
  bug(
    'a list ends with its first page',
    'providers/http/pages.ts',
    ['if (!page.hasMore) return [...items.values()];', 'return [...items.values()];'],
    ['random', 200],
  ),
  bug(
    'a cursor that comes again is followed',
    'providers/http/pages.ts',
    ['if (cursors.has(cursor))', "if (cursor === 'never')"],
    ['faults', 2],
  ),
  bug(
    'a redirect is as good as success',
    'providers/http/exchange.ts',
    ['if (reply.status >= 300 && reply.status < 400) throw redirected(reply, what, writes);', ''],
    ['faults', 6],
  ),
  bug(
    'a write that timed out was not executed',
    'providers/http/transport-error.ts',
    ["const executed = isWrite && isSent ? 'unknown' : 'no';", "const executed = 'no';"],
    ['faults', 3],
  ),
  bug(
    'a 5xx is sent again, whatever it was',
    'providers/http/reply-error.ts',
    ['(status >= 500 && code !== REJECTED) || status === 408 || status < 400', 'false'],
    ['faults', 3],
  ),
  bug(
    '"not found" of what was just made is believed',
    'providers/http/reply-error.ts',
    ["(meaning === 'not-found' && request.isFresh) ||", ''],
    ['together', 20],
  ),
  bug(
    'messages of the platform are not scrubbed',
    'providers/http/exchange.ts',
    ['scrubber.scrub(message.secretsOf, said.message)', 'said.message'],
    ['faults', 3],
  ),
  bug(
    'a header is logged',
    'providers/http/exchange.ts',
    ['path: pathname, status', "path: `${pathname} ${String(message.headers['authorization'])}`, status"],
    ['random', 5],
  ),
  bug(
    'a deployment is made without its reference',
    'providers/convex/deployment/official.ts',
    ['      reference: spec.reference,\n', ''],
    ['random', 100],
  ),
];
