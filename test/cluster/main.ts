/**
 * `npm run test:cluster`: the suite of test/cluster against a real kube-apiserver and etcd in the folder that
 * KUBEBUILDER_ASSETS names. Without them it says that it was not run.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

const PROGRAMS = ['etcd', 'kube-apiserver', 'kubectl'];

const root = path.resolve(import.meta.dirname, '../..');
const assets = process.env['KUBEBUILDER_ASSETS'] ?? '';
const missing = PROGRAMS.filter((name) => assets === '' || !existsSync(path.join(assets, name)));
if (missing.length > 0) {
  const why = assets === '' ? 'KUBEBUILDER_ASSETS is not set' : `KUBEBUILDER_ASSETS has no ${missing.join(', no ')}`;
  console.log(`cluster: not run (${why}; docs/contributing/cluster-tests.md has the recipe)`);
} else {
  const vitest = path.join(root, 'node_modules/vitest/vitest.mjs');
  const args = [vitest, 'run', '--config', 'vitest.cluster.config.ts', ...process.argv.slice(2)];
  const { status } = spawnSync(process.execPath, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, KUBEBUILDER_ASSETS: path.resolve(assets) },
  });
  console.log(status === 0 ? 'cluster: passed' : 'cluster: failed');
  process.exitCode = status ?? 1;
}
