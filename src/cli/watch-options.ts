import { type Command, Option } from 'commander';
import { leaseOptions, type LeaseOptions } from './lease-options.ts';
import type { CommonOptions } from './options.ts';
import { policyOption, type PolicyOptions } from './policy-option.ts';
import { parseTimeout, wholeNumber } from './values.ts';

export type WatchOptions = CommonOptions &
  LeaseOptions &
  PolicyOptions & {
    readonly apply?: true;
    readonly schedule: string;
    readonly fullSchedule: string;
    readonly listen: string;
    readonly history?: string;
    readonly historyAge: number;
    /** MiB. */
    readonly historySize: number;
    readonly notify?: string;
  };

/** The options of `watch` beside those of every command. */
export function addWatchOptions(command: Command): Command {
  const [lease, leaseDuration] = leaseOptions('Watch:');
  return command
    .addOption(
      new Option('--apply', 'heal what the guards allow; never deletes or replaces what holds data').helpGroup(
        'Watch:',
      ),
    )
    .addOption(
      new Option('--schedule <cron>', 'when to look again, in UTC or the zone of a leading CRON_TZ=ZONE')
        .default('*/5 * * * *', '*/5 * * * *')
        .helpGroup('Watch:'),
    )
    .addOption(
      new Option('--full-schedule <cron>', 'when everything is read, also what nothing hints at')
        .default('0 * * * *', '0 * * * *')
        .helpGroup('Watch:'),
    )
    .addOption(
      new Option('--listen <host:port>', 'of /healthz, /readyz, /metrics and /api')
        .default('127.0.0.1:9464', '127.0.0.1:9464')
        .helpGroup('Watch:'),
    )
    .addOption(
      new Option('--history <file>', 'remember runs and drift here, in SQLite (default: in memory)').helpGroup(
        'Watch:',
      ),
    )
    .addOption(
      new Option('--history-age <duration>', 'what ended before that is forgotten')
        .default(90 * 86_400_000, '90d')
        .argParser(parseTimeout)
        .helpGroup('Watch:'),
    )
    .addOption(
      new Option('--history-size <mib>', 'the most that it takes, in MiB')
        .default(256, '256')
        .argParser(wholeNumber(1, 65_536))
        .helpGroup('Watch:'),
    )
    .addOption(new Option('--notify <file>', 'who is told of drift, failures and recovery (YAML)').helpGroup('Watch:'))
    .addOption(policyOption('Watch:'))
    .addOption(lease)
    .addOption(leaseDuration);
}
