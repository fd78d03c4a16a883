#!/usr/bin/env node
/**
 * The entry. Static imports here must load under any Node, so that the guard is what an old one meets first.
 */
import module from 'node:module';
import process from 'node:process';

const NEEDED_MAJOR = 24;

if (Number(process.versions.node.split('.')[0]) < NEEDED_MAJOR) {
  process.stderr.write(
    `converge needs Node ${NEEDED_MAJOR} or newer, and this is Node ${process.versions.node}: ` +
      `install Node ${NEEDED_MAJOR} (\`nvm install ${NEEDED_MAJOR}\`, or nodejs.org) and run the same command again.\n`,
  );
  process.exitCode = 1;
} else {
  module.enableCompileCache();
  const { run } = await import('./run.ts');
  const { processIo } = await import('./io.ts');
  process.exitCode = await run(process.argv.slice(2), processIo());
  // Something that still holds the process (a socket that does not close) must not hold the pipeline.
  setTimeout(() => process.exit(), 2_000).unref();
}
