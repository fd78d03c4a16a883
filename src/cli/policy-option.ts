import type { Option } from 'commander';
import { listOption } from './options.ts';

export interface PolicyOptions {
  readonly policy: readonly string[];
}

/** Of commands that write, or say what would be written. */
export function policyOption(group: string): Option {
  const description = 'a module or program that may refuse the plan, which it gets as JSON; repeatable';
  return listOption('--policy <file>', description).helpGroup(group);
}
