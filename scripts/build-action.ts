/**
 * Bundles the GitHub Action into action/bundle/, which is committed: a runner installs nothing. `--check` only says whether
 * what is committed is what the source gives. The bundle stands two folders below package.json, as src/cli does, since
 * it reads its version there.
 */
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { rolldown } from 'rolldown';

const root = path.resolve(import.meta.dirname, '..');

/** Commands that no input asks for, and a display for terminals: they would bring a platform, a server and a page. */
const LEFT_OUT =
  /[/\\]src[/\\]cli[/\\](?:commands[/\\](?:watch|sandbox|dump|explain|doctor|check-code|schema|show|completion|complete)|live-progress)\.ts$/;

const bundle = await rolldown({
  cwd: root,
  input: 'src/action/main.ts',
  platform: 'node',
  plugins: [
    {
      name: 'left-out',
      load: (id) => (LEFT_OUT.test(id) ? { code: 'export {};', moduleSideEffects: false } : null),
    },
  ],
});
const { output } = await bundle.generate({ format: 'esm', codeSplitting: false, minify: true, comments: false });
await bundle.close();
const [chunk, ...others] = output;
if (others.length > 0) throw new Error(`expected one file, and there are ${String(output.length)}`);

const files: Readonly<Record<string, string>> = {
  'action/bundle/main.mjs': `// Made by scripts/build-action.ts from src/action/main.ts: \`npm run action\`.\n${chunk.code}`,
  'action/bundle/LICENSES.txt': licensesOf(Object.keys(chunk.modules)),
};
for (const [name, text] of Object.entries(files)) {
  if (text.includes(root)) throw new Error(`${name} names a folder of this machine`);
  const file = path.join(root, name);
  if (!process.argv.includes('--check')) {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  } else if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
    process.stderr.write(`${name} is stale: run \`npm run action\`\n`);
    process.exitCode = 1;
  }
}

/** What the packages inside ask to be said. */
function licensesOf(modules: readonly string[]): string {
  const packages = new Set(
    modules.flatMap((module) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(module.replaceAll('\\', '/'))?.[1] ?? []),
  );
  const sections = [...packages].sort().map((name) => {
    const folder = path.join(root, 'node_modules', name);
    const { version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
      readonly version: string;
      readonly license: string;
    };
    const [file] = globSync('{LICENSE,license,LICENCE,License}*', { cwd: folder }).sort();
    const text = file === undefined ? '' : `\n${readFileSync(path.join(folder, file), 'utf8').trim()}\n`;
    return `${name} ${version} (${license})\n${text}`;
  });
  return `main.mjs holds these packages.\n\n${sections.join(`\n${'-'.repeat(80)}\n\n`)}`;
}
