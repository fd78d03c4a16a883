import type { Action, Change, Reason } from '../../model/change.ts';
import { fieldText } from '../value-text.ts';
import type { Facet, Row } from './list.ts';
import type { Tone } from './page.ts';

/** Words and colours of what a plan does. Other actions are of a saved plan of a later version. */
export function actionFacets(changes: readonly { readonly action: Action }[]): Readonly<Record<string, Facet>> {
  const known: readonly Action[] = ['create', 'update', 'replace', 'delete'];
  const all = new Set<Action>([...known, ...changes.map(({ action }) => action)]);
  return Object.fromEntries([...all].map((action) => [action, { word: action, tone: toneOf(action) }]));
}

export function toneOf(action: Action): Tone {
  switch (action) {
    case 'create':
      return 'add';
    case 'update':
      return 'alter';
    case 'replace':
      return 'replace';
    case 'delete':
      return 'remove';
    default:
      action satisfies never;
      return 'quiet';
  }
}

export function isDestructive({ action }: Pick<Change, 'action'>): boolean {
  return action === 'delete' || action === 'replace';
}

/** What differs, why, and the line that asks for it. */
export function changeRow(change: Change): Row {
  const { address, action, fields, takes, where } = change;
  return {
    address,
    facet: action,
    fields: fields.map((field) => ({
      name: field.field,
      text: fieldText(change, field),
      forces: field.forcesReplacement,
    })),
    notes: notesOf(change),
    takes,
    place: where === null ? null : `${where.file}:${where.line}`,
  };
}

function notesOf({ reason, selector, interrupts, comparable, effect }: Change): readonly string[] {
  return [
    reasonWords(reason),
    ...(selector === null ? [] : [`asked for by selector ${selector}`]),
    ...(interrupts === undefined ? [] : [interrupts]),
    ...(comparable ? [] : ['the live value is withheld']),
    ...(effect === undefined ? [] : [`takes effect ${effect}`]),
  ];
}

/** As the daemon's page says it. */
function reasonWords(reason: Reason): string {
  switch (reason) {
    case 'absent':
      return 'declared, and not there';
    case 'differs':
      return 'there, and different';
    case 'undeclared':
      return 'there, not declared, pruned';
    case 'declared-absent':
      return 'there, and declared absent';
    case 'releases-claim':
      return 'gives up what another entry takes';
    case 'recreated':
      return 'its container is replaced';
    default:
      return reason satisfies never; // a saved plan of a later minor may know more
  }
}
