import { DIAGNOSTIC_CODES } from '../model/diagnostic-codes.ts';
import HELP from './diagnostic-help.json' with { type: 'json' };

/** What a {@link Claim}'s rule means, for people who see it for the first time. Markdown. */
export interface RuleHelp {
  readonly title: string;
  readonly meaning: string;
  readonly remedy: string;
}

/** Of a diagnostic's code what docs/diagnostics.md says; of the rest what stands here. */
export function ruleHelp(rule: string): RuleHelp {
  const help = Object.hasOwn(HELP, rule)
    ? (HELP as Readonly<Record<string, Omit<RuleHelp, 'title'>>>)[rule]
    : undefined;
  if (help !== undefined && Object.hasOwn(DIAGNOSTIC_CODES, rule))
    return { ...help, title: DIAGNOSTIC_CODES[rule as keyof typeof DIAGNOSTIC_CODES] };
  const own = Object.hasOwn(OWN, rule) ? OWN[rule] : undefined;
  const group = rule.split('/', 1)[0] ?? '';
  return own ?? (Object.hasOwn(OWN, group) ? OWN[group] : undefined) ?? UNKNOWN;
}

/** Of a later version's plan file. Nothing of it is taken for a text of ours. */
const UNKNOWN: RuleHelp = {
  title: 'a rule that this version does not know',
  meaning: 'It was found by another version of this tool, or by nobody.',
  remedy: 'The message says what to do.',
};

const OWN: Readonly<Record<string, RuleHelp>> = {
  refused: {
    title: 'refused by a guard',
    meaning: 'A guard refuses the plan: `apply` writes nothing at all while it stands.',
    remedy: 'Change the document, or, if the change is meant, use the flag that the message names.',
  },
  unreadable: {
    title: 'a collection could not be read',
    meaning: 'What could not be read is not taken for absent: nothing is planned or compared under it.',
    remedy: 'Give the token the permission to read it, or run again when the platform answers.',
  },
  'drift/changed': {
    title: 'changed on the live side',
    meaning: 'It is there, and a field that the document manages is not as declared.',
    remedy: 'Apply the document again, or write into it what is live.',
  },
  'drift/missing': {
    title: 'missing on the live side',
    meaning: 'The document declares it, and it is not there.',
    remedy: 'Apply the document again, or remove the entry.',
  },
  'drift/unexpected': {
    title: 'unexpected on the live side',
    meaning: 'It is there, and `prune` or `{ absent: true }` of the document would remove it.',
    remedy: 'Apply the document to remove it, or declare it.',
  },
  outcome: {
    title: 'a change that was not made',
    meaning: 'Something that `apply` was to change is not proven to be as declared.',
    remedy: 'See the reason in the message, and run `apply` again: it does what is still to be done.',
  },
};
