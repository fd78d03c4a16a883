import { policyRefusals, policyWarnings, readPolicyAnswer } from '../diff/policy-answer.ts';
import type { Plan, Refusal } from '../model/change.ts';
import { hasErrors, sortDiagnostics, type Diagnostic } from '../model/diagnostic.ts';
import type { PlanDocument } from '../model/plan-document.ts';
import type { PolicyAnswer } from '../model/policy-answer.ts';
import { planDocument } from '../report/plan-json.ts';
import { jsonText } from '../report/plain-json.ts';
import { askPolicyFile, POLICY_TIMEOUT_MS, type FileAnswer } from '../sources/ask-policy-file.ts';
import type { Effects, Settings } from './contract.ts';
import { createdAt } from './created-at.ts';
import { judge } from './judge.ts';

/** Judges a plan: the document as `plan --format json` prints it, which holds no value but visible ones. */
export type PolicyFunction = (plan: PlanDocument, signal: AbortSignal) => PolicyAnswer | Promise<PolicyAnswer>;

/** A module or a program by its path, or a function. */
export type Policy = string | PolicyFunction;

/**
 * The plan with what the policies of the settings have to say of it, or errors: where one does not answer, nobody knows
 * what it would have said, so there is no plan (it fails closed). Throws only when aborted.
 */
export async function askPolicies(
  plan: Plan,
  settings: Settings,
  { effects, signal }: { readonly effects: Effects; readonly signal: AbortSignal },
): Promise<{ readonly plan: Plan } | { readonly diagnostics: readonly Diagnostic[] }> {
  const { policies = [] } = settings;
  if (policies.length === 0) return { plan };
  const text = jsonText(planDocument(plan, { tool: effects.version, createdAt: createdAt(effects) }));
  const refusals: Refusal[] = [];
  const found: Diagnostic[] = [];
  const answers = await Promise.all(
    policies.map(async (policy) =>
      typeof policy === 'string'
        ? askPolicyFile(policy, text, { ...effects, allowEnv: settings.allowEnv, signal })
        : askFunction(policy, text, { effects, signal }),
    ),
  );
  for (const [index, said] of answers.entries()) {
    const name = nameOf(policies[index], index);
    const answer = 'why' in said ? said.why : readPolicyAnswer(said.answer);
    if (typeof answer === 'string') found.push(noAnswer(name, answer));
    else {
      refusals.push(...policyRefusals(name, answer.refusals, plan.changes));
      found.push(...policyWarnings(name, answer.warnings));
    }
  }
  const diagnostics = sortDiagnostics([...plan.diagnostics, ...judge(found, settings)], 'content');
  if (hasErrors(diagnostics)) return { diagnostics: sortDiagnostics(diagnostics) };
  return { plan: { ...plan, diagnostics, refusals: [...plan.refusals, ...refusals] } };
}

/** A function cannot be killed: one that never answers is left behind, and its signal tells it so. */
async function askFunction(
  policy: PolicyFunction,
  text: string,
  { effects, signal }: { readonly effects: Effects; readonly signal: AbortSignal },
): Promise<FileAnswer> {
  const over = new AbortController();
  const timer = new AbortController();
  const late = effects.clock
    .sleep(POLICY_TIMEOUT_MS, AbortSignal.any([timer.signal, signal]))
    .then((): FileAnswer => ({ why: `had not answered after ${String(POLICY_TIMEOUT_MS / 1000)} seconds` }));
  // Whoever loses the race may still reject.
  late.catch(() => undefined);
  const asked = (async (): Promise<FileAnswer> => {
    try {
      return { answer: await policy(JSON.parse(text) as PlanDocument, AbortSignal.any([over.signal, signal])) };
    } catch (error) {
      signal.throwIfAborted();
      return { why: `failed: ${error instanceof Error ? error.message : String(error)}` };
    }
  })();
  asked.catch(() => undefined);
  try {
    return await Promise.race([asked, late]);
  } finally {
    timer.abort();
    over.abort();
  }
}

function nameOf(policy: Policy | undefined, index: number): string {
  const name = typeof policy === 'string' ? policy : (policy?.name ?? '');
  return `policy ${name === '' ? String(index + 1) : name}`;
}

function noAnswer(name: string, why: string): Diagnostic {
  const hint = 'Nothing is passed over. Give it a plan by hand to see more: `converge plan --format json`.';
  return { severity: 'error', code: 'CVG712', summary: `${name} ${why}`, hint };
}
