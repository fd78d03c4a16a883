import type { Command } from 'commander';
import { notBuilt } from './usage-error.ts';

/** Commands of the contract that this version refuses by name, whatever follows. */
const LATER_COMMANDS: readonly (readonly [string, string])[] = [['doctor', 'what this token may do']];

export function defineLaterCommands(program: Command): void {
  for (const [name, does] of LATER_COMMANDS) defineLater(program, name, does);
}

function defineLater(program: Command, name: string, does: string): void {
  program
    .command(name)
    .description(`${does} (not built yet in this version)`)
    .allowUnknownOption()
    .allowExcessArguments()
    .action(() => {
      throw notBuilt(`the command ${name}`);
    });
}
