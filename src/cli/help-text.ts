import { EXIT_MEANINGS } from './exit-codes.ts';

/** What stands under the options in `--help`. */
export function examples(lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

const EXIT_HELP = `\nExit codes:\n${EXIT_MEANINGS.map(([code, means]) => `  ${String(code).padStart(3)}  ${means}\n`).join('')}`;

export const GENERAL_HELP = `${examples([
  'converge validate                        # is the file right?',
  'converge plan                            # what would change?',
  'converge apply                           # change it, after a look and a yes',
  'converge plan --out plan.json && converge apply plan.json',
])}${EXIT_HELP}`;

export const PLAN_HELP = `${examples([
  'converge plan',
  'converge plan --detailed-exitcode --format json > plan.json',
  "converge plan --target 'project:shop/**' --report text=plan.txt",
  'converge plan --out saved.json && converge apply saved.json',
])}${EXIT_HELP}`;

export const APPLY_HELP = `${examples([
  'converge apply',
  'converge apply --auto-approve --report json=apply.json',
  'converge apply saved.json',
  'converge apply --auto-approve --allow-delete project --confirm project:old',
])}${EXIT_HELP}`;

export const DRIFT_HELP = `${examples([
  'converge drift',
  'converge drift --format json > drift.json',
  "converge drift --target 'project:shop/**' --fail-on changed,missing",
  'converge drift --since 30d --show-ip',
])}
It reads what plan reads, and for what drifted the audit logs: the team's, and each deployment's own.
${EXIT_HELP}`;

export const EXPLAIN_HELP = `${examples([
  'converge explain project:shop/deployment:production/env-var:LOG_LEVEL',
  'converge explain project:shop --since 30d --format json',
])}
It reads what plan reads, one audit log, and with git the line that asks for it. Sources need not be readable. Exit 0 whatever
the story is, 1 where nothing has this address.
${EXIT_HELP}`;

export const CHECK_CODE_HELP = `${examples([
  'converge check-code .',
  'converge check-code apps/web --deployment project:shop/deployment:production',
  "converge check-code apps/web --deployment 'project:shop/**' --format json",
])}
It reads the document as validate does, and the code without running it. Exit 0 where every variable that the code needs is
there, 1 where one is missing or wrong or the code cannot be read, 3 where all that is wrong is that one is removed too early.
${EXIT_HELP}`;

export const WATCH_HELP = `${examples([
  'converge watch                                  # says what differs, changes nothing',
  "converge watch --apply --schedule '*/30 * * * * *'",
  "converge watch --apply --schedule 'CRON_TZ=Europe/Berlin 0 8 * * 1-5'",
  'CONVERGE_HTTP_TOKEN_FILE=/run/token converge watch --listen 0.0.0.0:9464',
  'converge watch --history /var/lib/converge/history.db --notify notify.yaml',
])}
It reads everything at start, whenever a state file or a file that one takes values from changes, on --full-schedule, on
SIGHUP, and on POST /api/reconcile with the bearer of CONVERGE_HTTP_TOKEN_FILE; on schedule what has moved, and in between
what nothing tells of, evenly. SIGTERM or Ctrl-C finishes what is in
flight (25 s at most) and exits 0; a second one gives up. What was not finished exits with the signal's code.
SIGUSR1 turns debug logs on, and off again.
${EXIT_HELP}`;

export const DUMP_HELP = `${examples([
  'converge dump > convex.state.yaml && converge validate',
  'converge dump --target project:shop > shop.state.yaml',
  'converge dump --split infra/ --secrets sops --secrets-file infra/.secrets.sops.yaml',
  'converge dump --sanitize > for-the-bug-report.yaml',
])}
Values that are not plainly harmless are never in the document: it names environment variables, and stderr lists them.
${EXIT_HELP}`;

export const SANDBOX_HELP = `${examples([
  'converge sandbox --port 4000',
  'CONVEX_TEAM_ACCESS_TOKEN=sandbox converge plan --api-url http://127.0.0.1:4000',
])}
It prints one line with its base URL once it listens. It accepts bearer tokens that start with "sandbox".
SIGTERM or Ctrl-C ends it.
`;
