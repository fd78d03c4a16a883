import { takes, type ActionCommand, type ActionInputs } from './inputs.ts';

/** Where the run leaves its documents. */
export interface Reports {
  readonly json: string;
  readonly markdown: string;
}

/** The command line of a run. Values stand behind `=`, so that none of them is taken for an option. */
export function argvOf(
  command: ActionCommand,
  inputs: ActionInputs,
  run: {
    readonly reports: Reports;
    /** The plan of a pull request, where the secrets of production are not there. */
    readonly allowUnresolved: boolean;
    /** The files are those of a branch, and not of a pull request. */
    readonly mayPropose: boolean;
    /** Where the plan is saved; null: nowhere. */
    readonly out: string | null;
  },
): readonly string[] {
  const { reports } = run;
  const options = [
    ...inputs.files.map((file) => `--file=${file}`),
    ...inputs.passed.filter(([option]) => takes(command, option)).map(([option, value]) => `--${option}=${value}`),
    ...(inputs.allowExec ? ['--allow-exec'] : []),
    `--report=json=${reports.json}`,
    `--report=markdown=${reports.markdown}`,
  ];
  switch (command) {
    case 'validate':
      return [command, ...options];
    case 'drift':
      return [command, ...options, ...(inputs.hasProposal && run.mayPropose ? ['--propose', '--write'] : [])];
    case 'plan':
      return [
        command,
        ...options,
        '--detailed-exitcode',
        ...(run.allowUnresolved ? ['--allow-unresolved'] : []),
        ...(run.out === null ? [] : [`--out=${run.out}`]),
      ];
    case 'apply':
      return [
        command,
        ...options,
        ...(inputs.autoApprove ? ['--auto-approve'] : []),
        ...(inputs.plan === null ? [] : ['--', inputs.plan]),
      ];
    default:
      return command satisfies never;
  }
}
