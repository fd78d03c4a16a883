import { Option } from 'commander';
import { UsageError } from './usage-error.ts';
import { parseTimeout } from './values.ts';

/** Of `watch`: being one of several. */
export interface LeaseOptions {
  readonly lease?: string;
  /** Milliseconds. */
  readonly leaseDuration?: number;
}

export function leaseOptions(group: string): readonly [Option, Option] {
  return [
    new Option('--lease <[namespace/]name>', 'of several replicas the holder of this Kubernetes Lease acts').helpGroup(
      group,
    ),
    new Option('--lease-duration <duration>', 'a leader that has died is replaced within this (default: 60s)')
      .argParser(parseTimeout)
      .helpGroup(group),
  ];
}

/** Throws {@link UsageError} where one of them means nothing. */
export function checkLeaseOptions({ lease, leaseDuration }: LeaseOptions): void {
  if (lease === undefined && leaseDuration !== undefined)
    throw new UsageError('--lease-duration means nothing without --lease', 'name the Lease: --lease converge');
}
