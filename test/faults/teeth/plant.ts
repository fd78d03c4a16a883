// Loaded before everything else (`node --import`): plants one bug while its file is loaded. Nothing on disk changes.
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { BUGS, plant } from './bugs.ts';

const name = process.env['FAULTS_BUG'];
const bug = BUGS.find((one) => one.name === name);
if (bug === undefined) throw new Error(`no bug is called ${String(name)}`);
let isPlanted = false;

registerHooks({
  load(url, context, next) {
    if (!url.endsWith(`/src/${bug.file}`)) return next(url, context);
    isPlanted = true;
    const source = plant(bug, readFileSync(fileURLToPath(url), 'utf8'));
    return { format: 'module-typescript', source, shortCircuit: true };
  },
});
process.once('exit', () => {
  // A bug that was never loaded cannot have been caught.
  if (!isPlanted) process.exitCode = 99;
});
