import { exitHelp } from './exit-help.ts';

/** What stands under the options in `--help`. */
export function examples(lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

export const GENERAL_HELP = `${examples([
  'converge validate                        # is the file right?',
  'converge plan                            # what would change?',
  'converge apply                           # change it, after a look and a yes',
  'converge plan --out plan.json && converge apply plan.json',
  'converge drift                           # who changed what by hand?',
  'converge dump > convex.state.yaml        # begin with what is live',
  'converge sandbox                         # a platform to try things on',
])}${exitHelp(null)}`;

export const VALIDATE_HELP = `${examples([
  'converge validate                                     # convex.state.yaml',
  'converge validate -f infra/ -f shared.state.yaml      # one state from several files',
  'converge validate --warnings-as-errors                # in CI',
  'converge validate --format json                       # for programs',
])}
It needs no token. Every mistake is named at once, with its line; what the platform says, only plan knows.
${exitHelp('validate')}`;

export const PLAN_HELP = `${examples([
  'converge plan',
  'converge plan --detailed-exitcode --format json > plan.json',
  "converge plan --target 'project:shop/**' --report text=plan.txt",
  'converge plan --allow-unresolved --report markdown=comment.md    # a pull request, without secrets',
  'converge plan --out saved.json && converge apply saved.json      # what was seen is what is done',
])}
A token that only reads is enough. What is live and not declared is listed and stays, unless prune names its collection.
${exitHelp('plan')}`;

export const APPLY_HELP = `${examples([
  'converge apply                                        # shows the plan and asks',
  'converge apply --auto-approve --report json=apply.json',
  'converge apply saved.json                             # only what that plan says, if it still holds',
  'converge apply --auto-approve --allow-delete project --confirm project:old',
])}
All guards are judged before the first write. Without a terminal it never asks: it refuses, and names the option.
${exitHelp('apply')}`;

export const DRIFT_HELP = `${examples([
  'converge drift',
  'converge drift --format json > drift.json',
  "converge drift --target 'project:shop/**' --fail-on changed,missing",
  'converge drift --fail-on high --report markdown=drift.md',
  'converge drift --since 30d --show-ip',
  'converge drift --history /var/lib/converge/history.db --report html=drift.html',
  "converge drift --propose --write --target '**/env-var:LOG_LEVEL'",
])}
It reads what plan reads, and for what drifted the audit logs: the team's, and each deployment's own.
--propose prints edits of the files as a diff on stdout, and the rest of what it has to say on stderr. Exit 1: something cannot be
said in the files, and stderr says why and what to do instead.
${exitHelp('drift')}`;

export const EXPLAIN_HELP = `${examples([
  'converge explain project:shop/deployment:production/env-var:LOG_LEVEL',
  'converge explain project:shop --since 30d --format json',
])}
It reads what plan reads, one audit log, and with git the line that asks for it. Sources need not be readable. Exit 0 whatever
the story is, 1 where nothing has this address.
${exitHelp('explain')}`;

export const CHECK_CODE_HELP = `${examples([
  'converge check-code .',
  'converge check-code apps/web --deployment project:shop/deployment:production',
  "converge check-code apps/web --deployment 'project:shop/**' --format json",
])}
It reads the document as validate does, and the code without running it. Exit 0 where every variable that the code needs is
there, 1 where one is missing or wrong or the code cannot be read, 3 where all that is wrong is that one is removed too early.
${exitHelp('check-code')}`;

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
${exitHelp('watch')}`;

export const DUMP_HELP = `${examples([
  'converge dump > convex.state.yaml && converge validate',
  'converge dump --target project:shop > shop.state.yaml',
  'converge dump --split infra/ --secrets sops --secrets-file infra/.secrets.sops.yaml',
  'converge dump --sanitize > for-the-bug-report.yaml',
])}
Values that are not plainly harmless are never in the document: it names environment variables, and stderr lists them.
${exitHelp('dump')}`;

export const SANDBOX_HELP = `${examples([
  'converge sandbox --port 4000',
  'converge sandbox --seed examples/sandbox.seed.yaml',
  'CONVEX_TEAM_ACCESS_TOKEN=sandbox converge plan --api-url http://127.0.0.1:4000',
])}
It prints one line with its base URL once it listens. It accepts bearer tokens that start with "sandbox".
SIGTERM or Ctrl-C ends it.
${exitHelp('sandbox')}`;

export const SHOW_HELP = `${examples([
  'converge show plan.json',
  'converge show plan.json --format json',
  'converge show plan.json --format markdown > comment.md',
])}${exitHelp('show')}`;

export const SCHEMA_HELP = `${examples([
  'converge schema > convex.state.schema.json            # for the editor',
  'converge schema --kind plan                           # of plan --format json',
])}${exitHelp('schema')}`;

export const COMPLETION_HELP = `${examples([
  'eval "$(converge completion bash)"                                  # in ~/.bashrc',
  'eval "$(converge completion zsh)"                                   # in ~/.zshrc, after compinit',
  'converge completion fish > ~/.config/fish/completions/converge.fish',
])}
Commands, options, their values, and for --target, --exclude and --confirm the addresses that the files of -f declare.
Nothing is sent for that, and no source is read.
${exitHelp('completion')}`;
