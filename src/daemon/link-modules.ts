import path from 'node:path';

/** `import { a, b as c } from './d.js';`, over several lines where the formatter breaks it. */
const IMPORT = /^import \{([^}]*)\} from '(\.[^']+)';$/gm;
const EXPORT = /^export (?=(?:async )?(?:function\*?|const|class) ([\w$]+))/gm;

/**
 * The modules that `entry` needs as one script, each in a scope of its own, in an order in which what is used is there.
 * It knows named imports and named exports of declarations, which is all that the page uses; anything else throws, and so do circles.
 */
export async function linkModules(entry: string, read: (name: string) => Promise<string>): Promise<string> {
  const linked = new Map<string, string>();

  async function link(name: string, from: readonly string[]): Promise<void> {
    if (linked.has(name)) return;
    if (from.includes(name)) throw new Error(`modules in a circle: ${[...from, name].join(', ')}`);
    const text = await read(name);
    const at = (specifier: string): string => path.posix.join(path.posix.dirname(name), specifier);
    for (const [, , specifier = ''] of text.matchAll(IMPORT)) await link(at(specifier), [...from, name]);
    const exported = [...text.matchAll(EXPORT)].map(([, exports = '']) => exports);
    const body = text
      .replace(IMPORT, (_, names: string, specifier: string) => {
        return `const {${names.replace(/\s+as\s+/g, ': ')}} = ${variableOf(at(specifier))};`;
      })
      .replace(EXPORT, '');
    const left = /^(?:import|export)\b.*/m.exec(body);
    if (left !== null) throw new Error(`${name}: not a form that is linked: ${left[0]}`);
    const scope = `(() => {\n${body}\nreturn { ${exported.join(', ')} };\n})()`;
    linked.set(name, `const ${variableOf(name)} = ${scope};\n`);
  }

  await link(entry, []);
  return `'use strict';\n${[...linked.values()].join('')}`;
}

function variableOf(name: string): string {
  return `$${name.replace(/\.js$/, '').replace(/\W/g, '_')}`;
}
