/**
 * Compiles src/ to dist/, from nothing, and makes the command executable. What npm publishes is this and never
 * TypeScript: Node refuses to strip types under node_modules.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const entry = path.join(root, 'dist/cli/main.js');

rmSync(path.join(root, 'dist'), { recursive: true, force: true });

const compiler = path.join(root, 'node_modules/typescript/bin/tsc');
const compiled = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
if (compiled.status !== 0) {
  process.exitCode = compiled.status ?? 1;
} else if (readFileSync(entry, 'utf8').startsWith('#!/usr/bin/env node\n')) {
  chmodSync(entry, 0o755);
  // The page is what it is in the source: browsers run it as it stands.
  cpSync(path.join(root, 'src/page'), path.join(root, 'dist/page'), {
    recursive: true,
    filter: (file) => !/\.(?:json|d\.ts)$/.test(file),
  });
} else {
  console.error('dist/cli/main.js does not begin with #!/usr/bin/env node');
  process.exitCode = 1;
}
