import type { Refusal } from '../model/change.ts';
import { keyField } from '../model/kinds.ts';
import { bringsLive, type Draft } from './draft.ts';
import { followUpFields } from './follow-up.ts';

/**
 * Rule 33: what the platform's API has no request for is refused by name. Differences in fixed fields are never a
 * reason to make a thing again, and a create that cannot carry a field is not begun where no update could follow.
 */
export function unsupportedRefusals(drafts: Iterable<Draft>): readonly Refusal[] {
  return [...drafts].flatMap((draft): readonly Refusal[] => {
    const fields = cannotBeMade(draft);
    if (fields.length === 0) return [];
    return [{ rule: 'unsupported', addresses: [draft.address], message: messageOf(draft, fields), override: null }];
  });
}

function messageOf(draft: Draft, fields: readonly string[]): string {
  const { kind, address } = draft;
  const api = kind.unserved?.by ?? 'the platform';
  const names = fields.map((field) => `\`${field}\``).join(', ');
  const [it, line] = fields.length === 1 ? ['it', 'the line'] : ['them', 'the lines'];
  if (!bringsLive(draft))
    return `${api} cannot change ${names} of ${address}. Change ${it} elsewhere, or write what is live.`;
  if (fields.includes(keyField(kind)))
    return `${api} cannot create ${address} with this ${names}: what it would make has another.`;
  return `${api} cannot create ${address} with its ${names}: no request carries ${it}. Take ${line} out, or create it elsewhere.`;
}

function cannotBeMade(draft: Draft): readonly string[] {
  const { kind, action, differences } = draft;
  if (kind.write.how !== 'singly') return [];
  if (action === 'update') return differences.filter(({ fixed }) => fixed).map(({ field }) => field);
  return kind.write.update === undefined ? followUpFields(draft) : [];
}
