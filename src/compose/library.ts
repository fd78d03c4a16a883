import { apply as applyBelow, plan as planBelow, validate as validateBelow } from '../compose.ts';
import { documentSchema } from '../document/document-schema.ts';
import type { Address } from '../model/address.ts';
import type { Plan } from '../model/change.ts';
import { NO_CONSENT, type Consent } from '../model/consent.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { SavedPlan } from '../model/saved-plan.ts';
import type { JsonSchema } from '../model/schema.ts';
import { DIALECTS } from '../providers/registry.ts';
import type { Policy } from './ask-policies.ts';
import type { Applied, Approval, Planned, Validated } from './contract.ts';
import { checkCode as checkCodeBelow, type CodeChecked } from './check-code.ts';
import { drift as driftBelow, type Drifted } from './drift.ts';
import { dump as dumpBelow, type Dumped, type DumpRequest } from './dump.ts';
import { explain as explainBelow, type Explained } from './explain.ts';
import { readOptions, wrong, type Options, type Ready } from './options.ts';
import { kindsIn } from './platform.ts';

/** As `--since` of the command line: a week. */
const SINCE_MS = 604_800_000;
/** As `--wait`. */
const WAIT_MS = 60_000;

export interface PlanOptions extends Options {
  /** May refuse the plan: paths of modules and programs, and functions. */
  readonly policies?: readonly Policy[] | undefined;
  /** A source that cannot be resolved is unknown, and a warning. */
  readonly allowUnresolved?: boolean | undefined;
  /** The plan also says how deployments and the like stand beside each other. */
  readonly parity?: boolean | undefined;
}

export interface ApplyOptions extends Options {
  /** As of {@link PlanOptions}; asked again when a saved plan is applied. */
  readonly policies?: readonly Policy[] | undefined;
  /**
   * Asked once, after the guards hold and before the first write; `true`: whatever the guards let through. `unconfirmed`
   * are addresses that hold data and would be deleted or replaced: an {@link Approval} names those that are agreed to. Absent:
   * nobody has approved, and only a saved plan is applied.
   */
  readonly approve?: true | Approve | undefined;
  /** What `plan` gave: consent to its changes, and to no others. */
  readonly saved?: SavedPlan | undefined;
  /** Kinds that hold data of which things may be deleted or replaced. */
  readonly allowDelete?: readonly string[] | undefined;
  /** Addresses that hold data and may be deleted or replaced. */
  readonly confirm?: readonly string[] | undefined;
  /** The threshold of deletions for this run, 0 to 100. */
  readonly maxDeletePercent?: number | undefined;
  /** How long to wait for what settles later, milliseconds; default 60,000. */
  readonly waitMs?: number | undefined;
  /** Starts nothing more, ends what is in flight, and reports. Never a rejection. */
  readonly signal?: AbortSignal | undefined;
  /** Gives up what is in flight as well: whether that was done is then uncertain. Never a rejection. */
  readonly abort?: AbortSignal | undefined;
}

export type Approve = (plan: Plan, unconfirmed: readonly Address[]) => boolean | Approval | Promise<boolean | Approval>;

export interface DriftOptions extends Options {
  /** How far back the logs are read, milliseconds; default a week. */
  readonly sinceMs?: number | undefined;
  /** The addresses that people came from belong into the report. */
  readonly showIp?: boolean | undefined;
  /** The file of a daemon's history, for since when. */
  readonly history?: string | undefined;
  /** Also edits of the files that make them say what is live; nothing is written. */
  readonly propose?: boolean | undefined;
}

export type ExplainOptions = Omit<DriftOptions, 'propose'>;

export interface CheckCodeOptions extends Options {
  /** Addresses or globs over them, or selectors as plans name them; default: all. */
  readonly deployments?: readonly string[] | undefined;
}

export type DumpOptions = Options & {
  readonly [Name in keyof Omit<DumpRequest, 'signal'>]?: DumpRequest[Name] | undefined;
};

/** Offline check: reads the files, resolves no source, sends nothing. */
export async function validate(options: Options = {}): Promise<Validated> {
  const ready = readOptions(options);
  return isReady(ready)
    ? validateBelow(ready.settings, ready.effects)
    : { diagnostics: ready, texts: new Map(), declared: null };
}

/** Reads live state and says what differs. Writes nothing. Rejects only when aborted, with the signal's reason. */
export async function plan(options: PlanOptions = {}): Promise<Planned> {
  const ready = readOptions(options, ['allowUnresolved', 'parity', 'policies']);
  if (!isReady(ready)) return invalid(ready);
  const { allowUnresolved = false, parity = false, policies } = options;
  if (!areListed(policies)) return invalid([NO_LIST]);
  const settings = { ...ready.settings, allowUnresolved, policies };
  return reading(options, (signal) => planBelow(settings, ready.effects, { consent: NO_CONSENT, parity, signal }));
}

/** Plans, judges, asks, executes and proves. Nothing is written unless every guard holds. Never rejects on an abort. */
export async function apply(options: ApplyOptions = {}): Promise<Applied> {
  const ready = readOptions(options, [...CONSENT, 'approve', 'saved', 'waitMs', 'abort', 'policies']);
  if (!isReady(ready)) return invalid(ready);
  const { approve, saved = null, waitMs = WAIT_MS, maxDeletePercent = null } = options;
  if (!areListed(options.policies)) return invalid([NO_LIST]);
  if (!(waitMs >= 0)) return invalid([wrong('waitMs is a number from 0 up')]);
  if (maxDeletePercent !== null && !(maxDeletePercent >= 0 && maxDeletePercent <= 100))
    return invalid([wrong('maxDeletePercent is a number from 0 to 100')]);
  if (saved !== null && options.scope !== undefined)
    return invalid([wrong('a saved plan has its own scope', 'Leave `scope` out.')]);
  const consent: Consent = {
    allowDelete: options.allowDelete ?? [],
    confirm: options.confirm ?? [],
    maxDeletePercent,
  };
  const drain = signalOf(options);
  const abort = options.abort ?? new AbortController().signal;
  return applyBelow({ ...ready.settings, policies: options.policies }, ready.effects, {
    consent,
    saved,
    waitMs,
    approve: async (made, unconfirmed) => approvalOf(approve, made, unconfirmed),
    drain: AbortSignal.any([drain, abort]),
    abort,
    interruptedBy: () => (drain.aborted || abort.aborted ? 'AbortSignal' : null),
  });
}

/** Says what moved on the live side, and by whom. Writes nothing. Rejects only when aborted. */
export async function drift(options: DriftOptions = {}): Promise<Drifted> {
  const ready = readOptions(options, ['sinceMs', 'showIp', 'history', 'propose']);
  if (!isReady(ready)) return invalid(ready);
  const { sinceMs = SINCE_MS, showIp = false, history, propose = false } = options;
  const { settings, effects } = ready;
  return reading(options, (signal) => driftBelow(settings, effects, { sinceMs, showIp, history, propose, signal }));
}

/** Tells the story of the thing at an address. Writes nothing. Rejects only when aborted. */
export async function explain(address: string, options: ExplainOptions = {}): Promise<Explained> {
  const ready = readOptions(options, ['sinceMs', 'showIp', 'history']);
  if (!isReady(ready)) return invalid(ready);
  const { sinceMs = SINCE_MS, showIp = false, history } = options;
  const { settings, effects } = ready;
  return reading(options, (signal) => explainBelow(settings, effects, { address, sinceMs, showIp, history, signal }));
}

/** Code against document, offline: no source is read, nothing is sent, no code is run. */
export async function checkCode(folder: string, options: CheckCodeOptions = {}): Promise<CodeChecked> {
  const ready = readOptions(options, ['deployments']);
  if (!isReady(ready)) return invalid(ready);
  const { settings, effects } = ready;
  return checkCodeBelow(settings, effects, { folder, deployments: options.deployments ?? [] });
}

/** Live state → state documents, as texts. Reads only, and writes no file. Rejects only when aborted. */
export async function dump(options: DumpOptions = {}): Promise<Dumped> {
  const ready = readOptions(options, DUMP_NAMES);
  if (!isReady(ready)) return invalid(ready);
  const given = Object.entries(options).filter(([name, value]) => DUMP_NAMES.includes(name) && value !== undefined);
  const { settings, effects } = ready;
  const variant = settings.dialect === DIALECTS[0] ? '' : `.${settings.dialect}`;
  const schemaFile = `node_modules/convex-converge/schema/convex.state${variant}.schema.json`;
  const request = { ...DUMP, schema: schemaFile, ...Object.fromEntries(given) };
  return reading(options, (signal) => dumpBelow(settings, effects, { ...request, signal }));
}

/** The JSON Schema of the state document, with the fields of all of its kinds. Throws {@link RangeError} where the options are wrong. */
export function schema(options: Pick<Options, 'dialect' | 'kinds' | 'platform'> = {}): JsonSchema {
  const ready = readOptions(options);
  if (!isReady(ready)) throw new RangeError(ready.map(({ summary }) => summary).join('; '));
  const { dialect, kinds = [], platform } = ready.settings;
  const names = [...(dialect === DIALECTS[0] ? [] : [dialect]), ...kinds.map(({ name }) => name)];
  const variant = platform === undefined ? names.join('+') : 'own';
  return documentSchema(kindsIn(ready.settings), variant === '' ? null : variant);
}

/** Callers without types exist, and a policy that is not asked would be one that agrees. */
function areListed(policies: PlanOptions['policies']): boolean {
  const isPolicy = (policy: unknown): boolean => typeof policy === 'string' || typeof policy === 'function';
  return policies === undefined || (Array.isArray(policies) && policies.every(isPolicy));
}

const NO_LIST = wrong('policies is a list of paths and functions');

const CONSENT: readonly string[] = ['allowDelete', 'confirm', 'maxDeletePercent'];

const DUMP = {
  all: false,
  secrets: 'reference',
  includeValues: false,
  sanitize: false,
  split: null,
  secretsFile: 'secrets.sops.yaml',
  valuesFile: null,
  schema: '',
} as const;

const DUMP_NAMES: readonly string[] = [...Object.keys(DUMP), 'salt'];

async function approvalOf(
  approve: ApplyOptions['approve'],
  made: Plan,
  unconfirmed: readonly Address[],
): Promise<Approval> {
  // Without `approve` a saved plan has consented to its changes, and nobody to what only a name confirms.
  if (approve === undefined) return { approved: false, confirmed: [], because: NOBODY, override: 'approve' };
  const answer = approve === true ? true : await approve(made, unconfirmed);
  return typeof answer === 'boolean' ? { approved: answer, confirmed: [] } : answer;
}

const NOBODY = 'nobody has approved the plan; the option `approve` does, and `confirm` names what holds data';

function isReady(ready: Ready | readonly Diagnostic[]): ready is Ready {
  return 'settings' in ready;
}

function invalid(diagnostics: readonly Diagnostic[]) {
  return { type: 'invalid' as const, diagnostics, texts: new Map<string, string>() };
}

/** What ends early for its caller rejects with the caller's reason, wherever it was noticed. */
async function reading<T>(options: Options, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const signal = signalOf(options);
  try {
    return await run(signal);
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
}

function signalOf({ signal }: Options): AbortSignal {
  return signal ?? new AbortController().signal;
}
