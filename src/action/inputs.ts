import { wordOf } from './words.ts';

export const COMMANDS = ['validate', 'plan', 'apply', 'drift'] as const;
export type ActionCommand = (typeof COMMANDS)[number];

export const COMMENT_CHOICES = ['on', 'changes', 'off'] as const;
const SWITCH = ['on', 'off'] as const;
const FAIL_CHOICES = ['refused', 'changes', 'drift'] as const;
export type FailOn = (typeof FAIL_CHOICES)[number];

/** The inputs of action.yml, read. */
export interface ActionInputs {
  readonly command: ActionCommand;
  readonly files: readonly string[];
  /** Tells document sets of one repository apart; null: the files do. */
  readonly name: string | null;
  readonly workingDirectory: string;
  /** Of the platform; null: as the environment has it. */
  readonly token: string | null;
  readonly githubToken: string | null;
  readonly comment: (typeof COMMENT_CHOICES)[number];
  readonly hasLabels: boolean;
  readonly hasIssue: boolean;
  /** `drift`: a pull request that accepts what is live. */
  readonly hasProposal: boolean;
  /** `apply`: the saved plan; `plan`: where it is saved. */
  readonly plan: string | null;
  readonly allowExec: boolean;
  /** `plan`; auto: for pull requests and merge queues, where the secrets of production are not. */
  readonly allowUnresolved: 'auto' | 'on' | 'off';
  readonly autoApprove: boolean;
  readonly failOn: readonly FailOn[];
  /** Options of the command line with their values, each as often as it was given. */
  readonly passed: readonly (readonly [option: string, value: string])[];
}

/** Inputs that go on as the option of the same name: one value, or one for each line. */
const PASSED = [
  'api-url',
  'dialect',
  'max-delete-percent',
  'wait',
  'deadline',
  'since',
  'rate',
  'max-requests',
] as const;
const PASSED_LISTS = [
  'target',
  'exclude',
  'allow-host',
  'allow-env',
  'allow-path',
  'allow-delete',
  'confirm',
  'suppress',
  'warnings-as-errors',
] as const;

/** Options that only some commands take; one input set for several steps is no mistake. */
const ONLY: Readonly<Record<string, readonly ActionCommand[]>> = {
  target: ['plan', 'apply', 'drift'],
  exclude: ['plan', 'apply', 'drift'],
  deadline: ['plan', 'apply', 'drift'],
  since: ['drift'],
  wait: ['apply'],
  confirm: ['apply'],
  'allow-delete': ['apply'],
  'max-delete-percent': ['apply'],
};

export function takes(command: ActionCommand, option: string): boolean {
  return ONLY[option]?.includes(command) ?? true;
}

/** The runner gives inputs as `INPUT_NAME`. What is wrong comes as sentences, all of them. */
export function readInputs(
  env: Readonly<Record<string, string | undefined>>,
): { readonly inputs: ActionInputs } | { readonly problems: readonly string[] } {
  const problems: string[] = [];
  const text = (name: string): string => (env[`INPUT_${name.toUpperCase()}`] ?? '').trim();
  const lines = (name: string): readonly string[] =>
    text(name)
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== '');
  const choice = <T extends string>(name: string, choices: readonly T[], usual: T): T => {
    const word = wordOf(text(name));
    if (word === '') return usual;
    const found = choices.find((one) => one === word);
    if (found === undefined)
      problems.push(`input ${name}: expected ${choices.join(', ')}, and it is ${JSON.stringify(text(name))}`);
    return found ?? usual;
  };
  const name = text('name');
  if (name !== '' && !/^[A-Za-z0-9][A-Za-z0-9._-]{0,29}$/.test(name))
    problems.push('input name: expected up to 30 letters, digits, ".", "_" and "-", beginning with a letter or digit');
  const failOn =
    text('fail-on') === 'none'
      ? []
      : text('fail-on')
          .split(/[\s,]+/)
          .filter((word) => word !== '');
  const known = failOn.filter((word): word is FailOn => FAIL_CHOICES.some((one) => one === word));
  if (known.length < failOn.length)
    problems.push(`input fail-on: expected none, or some of ${FAIL_CHOICES.join(', ')}`);
  const command = text('command');
  const found = COMMANDS.find((one) => one === command);
  if (found === undefined)
    problems.push(`input command: expected ${COMMANDS.join(', ')}, and it is ${JSON.stringify(command)}`);
  const inputs: ActionInputs = {
    command: found ?? 'validate',
    files: lines('files'),
    name: name === '' ? null : name,
    workingDirectory: text('working-directory') || '.',
    token: text('token') || null,
    githubToken: text('github-token') || null,
    comment: choice('comment', COMMENT_CHOICES, 'on'),
    hasLabels: choice('labels', SWITCH, 'on') === 'on',
    hasIssue: choice('issue', SWITCH, 'on') === 'on',
    hasProposal: choice('propose', SWITCH, 'off') === 'on',
    plan: text('plan') || null,
    allowUnresolved: choice('allow-unresolved', ['auto', 'on', 'off'], 'auto'),
    allowExec: choice('allow-exec', SWITCH, 'off') === 'on',
    autoApprove: choice('auto-approve', SWITCH, 'off') === 'on',
    failOn: text('fail-on') === '' ? ['refused'] : known,
    passed: [
      ...PASSED.flatMap((option) => (text(option) === '' ? [] : [[option, text(option)] as const])),
      ...PASSED_LISTS.flatMap((option) => lines(option).map((value) => [option, value] as const)),
    ],
  };
  return problems.length > 0 ? { problems } : { inputs };
}
