/**
 * The exported surface of the package in one text: every declaration that `src/index.ts` exports, and every one that
 * those mention, as the compiler declares them, without comments. `node scripts/api-report.ts` writes it to
 * docs/api-report.txt; a test holds the two together, so that no change of the surface goes unnoticed.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');

export const API_REPORT = path.join(root, 'docs/api-report.txt');

const HEADER = `The exported surface of convex-converge. Made by \`npm run api\`; do not edit.
A change here is a change for users: removed or narrowed is a new major version, added a minor one.
`;

interface Declared {
  readonly name: string;
  readonly file: string;
}

/** One `.d.ts`: its declarations by name, and where the names that it imports come from. */
interface Module {
  readonly declarations: ReadonlyMap<string, string>;
  readonly imports: ReadonlyMap<string, Declared>;
  /** Exported name → what it is. */
  readonly exports: ReadonlyMap<string, Declared>;
}

/** Compiles declarations and walks them from the index. Throws where the compiler refuses or a name leads nowhere. */
export function apiReport(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'converge-api-'));
  try {
    const compiler = path.join(root, 'node_modules/typescript/bin/tsc');
    const flags = ['-p', 'tsconfig.build.json', '--emitDeclarationOnly', '--sourceMap', 'false', '--outDir', folder];
    const compiled = spawnSync(process.execPath, [compiler, ...flags], { cwd: root, encoding: 'utf8' });
    if (compiled.status !== 0)
      throw new Error(`the declarations do not compile:\n${compiled.stdout}${compiled.stderr}`);
    return reportOf((file) => readFileSync(path.join(folder, file), 'utf8'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The report on the declarations that `read` gives by their file, from `index.d.ts` on. */
export function reportOf(read: (file: string) => string): string {
  const modules = new Map<string, Module>();
  const moduleAt = (file: string): Module => {
    const known = modules.get(file) ?? moduleOf(file, read(file));
    modules.set(file, known);
    return known;
  };
  const exported = new Map<string, string>();
  const mentioned = new Map<string, string>();
  const seen = new Set<string>();
  const follow = (asked: Declared, into: Map<string, string>, title: string): void => {
    const { declarations, imports } = moduleAt(asked.file);
    const text = declarations.get(asked.name);
    if (text === undefined) {
      const from = imports.get(asked.name);
      if (from === undefined) throw new Error(`${asked.file} declares no ${asked.name}`);
      return follow(from, into, title);
    }
    seen.add(`${asked.file} ${asked.name}`);
    into.set(title, text);
  };
  const { exports } = moduleAt('index.d.ts');
  for (const [name, declared] of exports) follow(declared, exported, name);
  // What an exported declaration mentions is public in all but name, and so on from there.
  for (const key of seen) {
    const [file = '', name = ''] = key.split(' ');
    const { declarations, imports } = moduleAt(file);
    for (const word of namesIn(declarations.get(name) ?? '')) {
      const used = declarations.has(word) ? { file, name: word } : imports.get(word);
      if (used === undefined || seen.has(`${used.file} ${used.name}`)) continue;
      follow(used, mentioned, `${used.name} (${used.file.replace(/\.d\.ts$/, '')})`);
    }
  }
  return [
    HEADER,
    '== Exported\n',
    ...sorted(exported),
    '== Mentioned by them, not exported\n',
    ...sorted(mentioned),
  ].join('\n');
}

function sorted(texts: ReadonlyMap<string, string>): readonly string[] {
  return [...texts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([title, text]) => `-- ${title}\n${text}\n`);
}

/** The compiler begins every statement, and ends every one of several lines, in the first column. */
function moduleOf(file: string, text: string): Module {
  const statements = text
    .replace(/\/\*[^]*?\*\//g, '')
    .replace(/^\s*\n/gm, '')
    .split(/^(?=(?:export|declare|import|interface|type)\b)/m);
  const declarations = new Map<string, string>();
  const imports = new Map<string, Declared>();
  const exports = new Map<string, Declared>();
  for (const statement of statements) {
    const listed = /^(import|export) (?:type )?\{([^}]*)\} from '([^']+)';/.exec(statement);
    if (listed !== null) {
      const [, how, names = '', specifier = ''] = listed;
      if (!specifier.startsWith('.')) continue;
      const from = path.posix.join(path.posix.dirname(file), specifier).replace(/\.[jt]s$/, '.d.ts');
      for (const one of names
        .split(',')
        .map((name) => name.trim().replace(/^type /, ''))
        .filter(Boolean)) {
        const [name = '', alias = name] = one.split(' as ');
        (how === 'import' ? imports : exports).set(alias, { file: from, name });
      }
      continue;
    }
    const named = /^(?:export )?(?:declare )?(?:abstract )?(?:interface|type|class|function|const) (\w+)/.exec(
      statement,
    );
    const name = named?.[1];
    if (name !== undefined) declarations.set(name, `${declarations.get(name) ?? ''}${statement.trimEnd()}`);
    else if (!/^(?:import '|export \{\};|$)/.test(statement)) throw new Error(`${file}: cannot read: ${statement}`);
  }
  return { declarations, imports, exports };
}

/** The words of a declaration outside of its texts. */
function namesIn(declaration: string): ReadonlySet<string> {
  const code = declaration.replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, "''");
  // Followed by a colon or a parenthesis it is the name of a field, a parameter or a method.
  return new Set(code.match(/\b[A-Za-z_$][\w$]*\b(?!\??:|\()/g));
}

if (import.meta.main) {
  writeFileSync(API_REPORT, apiReport());
}
