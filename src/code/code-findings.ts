import type { CodeVariable } from '../model/code-reading.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { DiagnosticCode } from '../model/diagnostic-codes.ts';
import type { Place } from '../model/place.ts';
import type { Subject, SubjectMember } from './subjects.ts';

/** What there is to say of one variable in one subject. */
export type Verdict =
  | 'missing'
  | 'missed'
  | 'removed'
  | 'pruned'
  | 'perhaps-pruned'
  | 'wrong'
  | 'unresolved'
  | 'unmanaged'
  | 'incomplete'
  | 'elsewhere'
  | 'unused'
  | 'perhaps-unused';

/** One variable in one subject, where there is something to say. */
export interface Observation {
  readonly verdict: Verdict;
  readonly variable: CodeVariable;
  readonly subject: Subject;
  readonly member: SubjectMember | null;
}

/** How many subjects a finding names. */
const MOST_NAMED = 3;
/** How many variables one does. */
const MOST_NAMES = 12;

/**
 * Observations as findings: one for each variable and cause, whatever the number of subjects that have it. What the
 * document gives at different lines is told apart.
 */
export function gathered(observations: readonly Observation[]): readonly Diagnostic[] {
  const groups = Map.groupBy(observations, ({ verdict, variable, subject, member }) =>
    UNKNOWABLE.has(verdict)
      ? JSON.stringify([verdict, subject.name])
      : JSON.stringify([verdict, variable.name, member?.where ?? null]),
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    return [UNKNOWABLE.has(first.verdict) ? unknowable(first, group) : findingOf(first, group)];
  });
}

/** Of these the cause is the subject, whatever the variable. */
const UNKNOWABLE: ReadonlySet<Verdict> = new Set(['unmanaged', 'incomplete', 'elsewhere']);

function unknowable({ verdict, subject }: Observation, all: readonly Observation[]): Diagnostic {
  const names = all.slice(0, MOST_NAMES).map(({ variable }) => variable.name);
  const more = all.length - names.length;
  const { severity, code, say, hint } = SAID[verdict];
  const name = more === 0 ? names.join(', ') : `${names.join(', ')} and ${more} more`;
  return {
    severity,
    code,
    summary: say({ name, who: subject.name, reads: '', allowed: '' }),
    hint,
    where: subject.where,
    ...(subject.address !== null && { address: subject.address }),
  };
}

function findingOf({ verdict, variable, subject, member }: Observation, all: readonly Observation[]): Diagnostic {
  const { severity, code, say, hint } = SAID[verdict];
  const inDocument = member?.where ?? subject.where;
  const inCode = codePlace(variable);
  const where = inCode ?? inDocument;
  const also = inCode === null ? undefined : inDocument;
  const address = all.length === 1 ? (member?.address ?? subject.address) : null;
  return {
    severity,
    code,
    summary: say({ name: variable.name, who: whoOf(all), reads: readsText(variable), allowed: allowedText(variable) }),
    hint,
    where,
    ...(also !== undefined && { also }),
    ...(address !== null && { address }),
  };
}

interface Said {
  readonly name: string;
  readonly who: string;
  readonly reads: string;
  readonly allowed: string;
}

const SAID: Readonly<
  Record<
    Verdict,
    {
      readonly severity: Diagnostic['severity'];
      readonly code: DiagnosticCode;
      readonly say: (said: Said) => string;
      readonly hint: string;
    }
  >
> = {
  missing: {
    severity: 'error',
    code: 'CVG801',
    say: ({ name, who, reads }) => `${name} is missing in ${who}: the code ${reads}`,
    hint: 'Set it first, then deploy. A variable that is set by hand counts only once the document has it.',
  },
  missed: {
    severity: 'warning',
    code: 'CVG802',
    say: ({ name, who }) => `${name} is not declared in ${who}: the code goes on without it`,
    hint: 'Declare it, or leave it to the fallback of the code.',
  },
  removed: {
    severity: 'error',
    code: 'CVG803',
    say: ({ name, who, reads }) => `${name} is removed from ${who} while the code ${reads}`,
    hint: 'Deploy code that does not read it, then remove it.',
  },
  pruned: {
    severity: 'error',
    code: 'CVG803',
    say: ({ name, who, reads }) =>
      `${name} is not declared in ${who}, and prune removes what is not: the code ${reads}`,
    hint: 'Declare it; or deploy code that does not read it, then remove it.',
  },
  'perhaps-pruned': {
    severity: 'note',
    code: 'CVG802',
    say: ({ name, who }) => `${name} is not declared in ${who}, and prune removes it: the code goes on without it`,
    hint: 'Declare it if it is to stay.',
  },
  wrong: {
    severity: 'error',
    code: 'CVG805',
    say: ({ name, who, allowed }) =>
      `the value of ${name} in ${who} is none of those that the code declares: ${allowed}`,
    hint: 'Correct the value; or deploy code that allows it, then set it.',
  },
  unresolved: {
    severity: 'note',
    code: 'CVG810',
    say: ({ name, who, allowed }) => `the value of ${name} in ${who} comes from a source: it must be ${allowed}`,
    hint: 'Sources are not read here. The platform refuses a value that is none of these.',
  },
  unmanaged: {
    severity: 'warning',
    code: 'CVG810',
    say: ({ name, who }) =>
      `the document does not manage the variables of ${who}: whether it has ${name} cannot be known`,
    hint: 'Declare them for a proof.',
  },
  incomplete: {
    severity: 'warning',
    code: 'CVG810',
    say: ({ name, who }) =>
      `a file gives variables to ${who}, and is not read here: whether it has ${name} cannot be known`,
    hint: 'Declare them by name for a proof.',
  },
  elsewhere: {
    severity: 'warning',
    code: 'CVG810',
    say: ({ name, who }) =>
      `what ${who} matches is not known from the document: whether it has ${name} cannot be known`,
    hint: 'Let the selector give them for a proof. What it matches may have them from elsewhere.',
  },
  unused: {
    severity: 'warning',
    code: 'CVG804',
    say: ({ name, who }) => `${name} is given in ${who} and the code does not read it`,
    hint: 'Remove it once this code is deployed; keep it where a package reads it (packages are not looked into).',
  },
  'perhaps-unused': {
    severity: 'note',
    code: 'CVG804',
    say: ({ name, who }) => `${name} is given in ${who} and the code does not read it by its name`,
    hint: 'A name that is computed, or a package, may read it.',
  },
};

function whoOf(all: readonly Observation[]): string {
  const names = all.slice(0, MOST_NAMED).map(({ subject }) => subject.name);
  const more = all.length - names.length;
  return more === 0 ? names.join(', ') : `${names.join(', ')} and ${more} more`;
}

function codePlace({ declared, uses }: CodeVariable): Place | null {
  return declared?.where ?? (uses.find(({ tolerant }) => !tolerant) ?? uses[0])?.where ?? null;
}

function readsText({ declared, uses }: CodeVariable): string {
  if (declared !== null) return declared.optional ? 'declares it' : 'declares that it needs it';
  return uses.length === 1 ? 'reads it' : `reads it in ${uses.length} places`;
}

function allowedText({ declared }: CodeVariable): string {
  return (declared?.allowed ?? []).map((text) => JSON.stringify(text)).join(' or ');
}
