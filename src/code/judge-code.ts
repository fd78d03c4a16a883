import type { CodeCheck, CheckedSubject } from '../model/code-check.ts';
import type { CodeContract } from '../model/code-contract.ts';
import type { CodeReading, CodeVariable } from '../model/code-reading.ts';
import { hasErrors, sortDiagnostics } from '../model/diagnostic.ts';
import { gathered, type Observation, type Verdict } from './code-findings.ts';
import type { Coverage, Subject, SubjectMember } from './subjects.ts';

/** Whether what the document asks for gives the code what it declares and reads. */
export function judgeCode(
  reading: CodeReading,
  subjects: readonly Subject[],
  { contract, folder }: { readonly contract: CodeContract; readonly folder: string },
): CodeCheck {
  const observations: Observation[] = [];
  const asked = reading.variables.filter(
    ({ name }) => !contract.builtIn.includes(name) && !contract.provided.includes(name),
  );
  const checked = subjects.map((subject) =>
    judgeSubject(subject, asked, {
      contract,
      reading: hasErrors(reading.findings) ? 'broken' : reading.open ? 'open' : 'whole',
      observations,
    }),
  );
  const { findings, ...rest } = reading;
  return {
    folder,
    reading: rest,
    builtIn: [...contract.builtIn, ...contract.provided],
    subjects: checked,
    findings: sortDiagnostics([...findings, ...gathered(observations)]),
  };
}

function judgeSubject(
  subject: Subject,
  asked: readonly CodeVariable[],
  {
    contract,
    reading,
    observations,
  }: {
    readonly contract: CodeContract;
    /** Broken: what the code reads is not known, so nothing is unused and nothing is proven. */
    readonly reading: 'whole' | 'open' | 'broken';
    readonly observations: Observation[];
  },
): CheckedSubject {
  const names = {
    missing: new Set<string>(),
    removed: new Set<string>(),
    wrong: new Set<string>(),
    unknown: new Set<string>(),
  };
  const before: string[] = [];
  for (const variable of asked) {
    const { name } = variable;
    const member = subject.members.get(name);
    const verdict = member === undefined ? ofAbsent(variable, subject.coverage) : ofMember(variable, member, contract);
    if (verdict !== null) {
      observations.push({ verdict, variable, subject, member: member ?? null });
      const list = LISTED[verdict];
      if (list !== null) names[list].add(name);
    }
    if (member === undefined ? variable.needed && verdict !== null : !member.absent || verdict === 'removed')
      before.push(name);
  }
  const known = new Set([...asked.map(({ name }) => name), ...contract.provided]);
  const unread = reading === 'broken' ? [] : [...subject.members].filter(([name]) => !known.has(name));
  const unused = unread.filter(([, { absent }]) => !absent);
  for (const [name, member] of unused) {
    const variable = { name, declared: null, uses: [], needed: false };
    observations.push({ verdict: reading === 'open' ? 'perhaps-unused' : 'unused', variable, subject, member });
  }
  const isWrong = names.missing.size + names.removed.size + names.wrong.size > 0;
  return {
    name: subject.name,
    address: subject.address,
    standing: isWrong ? 'unsatisfied' : names.unknown.size > 0 || reading === 'broken' ? 'unknown' : 'satisfied',
    missing: [...names.missing],
    removed: [...names.removed],
    wrong: [...names.wrong],
    unknown: [...names.unknown],
    unused: unused.map(([name]) => name).sort(),
    order: { before, after: unread.map(([name]) => name).sort() },
  };
}

/** The list of a subject that a verdict puts the name into; null: none. */
const LISTED: Readonly<Record<Verdict, 'missing' | 'removed' | 'wrong' | 'unknown' | null>> = {
  missing: 'missing',
  missed: null,
  removed: 'removed',
  pruned: 'removed',
  'perhaps-pruned': null,
  wrong: 'wrong',
  unresolved: 'unknown',
  unmanaged: 'unknown',
  incomplete: 'unknown',
  elsewhere: 'unknown',
  unused: null,
  'perhaps-unused': null,
};

function ofMember({ declared }: CodeVariable, { absent, spec }: SubjectMember, contract: CodeContract): Verdict | null {
  if (absent) return 'removed';
  const allowed = declared?.allowed ?? null;
  if (allowed === null) return null;
  const right = contract.isOneOf(spec, allowed);
  return right === null ? 'unresolved' : right ? null : 'wrong';
}

function ofAbsent(variable: CodeVariable, coverage: Coverage): Verdict | null {
  const { needed } = variable;
  switch (coverage) {
    case 'kept':
      return needed ? 'missing' : variable.declared === null ? 'missed' : null;
    case 'pruned':
      return needed ? 'pruned' : 'perhaps-pruned';
    case 'unmanaged':
    case 'incomplete':
    case 'elsewhere':
      return needed ? coverage : null;
    default:
      return coverage satisfies never;
  }
}
