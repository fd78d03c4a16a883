import { folderOf, isRelative, joined } from './module-paths.ts';
import { parseCode } from './parse-code.ts';
import { nodeAt, nodesAt, textAt, writtenKey, type Node } from './syntax.ts';

/** `paths` of a TypeScript configuration: `@/*` → the places where it is looked for. */
export interface PathAliases {
  /** It says where what is not relative is looked for. */
  readonly some: boolean;
  /** The configuration that it builds on, relative to the app's folder; null: none, or one of a package. */
  readonly extended: string | null;
  /** The paths that a specifier can mean, relative to the app's folder. */
  targetsOf(specifier: string): AliasTargets;
}

export interface AliasTargets {
  readonly paths: readonly string[];
  /** It is an alias; else it is a package where none of the paths is a file. */
  readonly isAlias: boolean;
}

/** Reads `compilerOptions.paths` and `baseUrl`, comments and trailing commas allowed. */
export function pathAliases(path: string, text: string): PathAliases {
  const { program } = parseCode('tsconfig.ts', `(${text}\n)`);
  const [statement] = program === null ? [] : nodesAt(program, 'body');
  const whole = statement === undefined ? null : bare(nodeAt(statement, 'expression'));
  const options = property(whole, 'compilerOptions');
  const folder = folderOf(path);
  const written = stringOf(property(options, 'baseUrl'));
  const root = joined(folder, written ?? '.');
  const builtOn = stringOf(property(whole, 'extends'));
  const aliases = property(options, 'paths');
  const rules = (aliases === null ? [] : nodesAt(aliases, 'properties')).flatMap((one) => {
    const pattern = writtenKey(one, 'key');
    const targets = nodeAt(one, 'value');
    if (pattern === null || targets === null) return [];
    return [{ pattern, targets: nodesAt(targets, 'elements').flatMap((target) => stringOf(target) ?? []) }];
  });
  return {
    some: rules.length > 0 || written !== null,
    extended:
      builtOn === null || !isRelative(builtOn) ? null : joined(folder, builtOn.replace(/(?<!\.json)$/, '.json')),
    targetsOf(specifier) {
      for (const { pattern, targets } of rules) {
        const matched = matchOf(pattern, specifier);
        if (matched === null) continue;
        const paths = targets.map((target) => target.replace('*', () => matched));
        return { paths: paths.map((one) => joined(root, one)), isAlias: true };
      }
      return { paths: written === null ? [] : [joined(root, specifier)], isAlias: false };
    },
  };
}

/** What stands for the `*`; empty for a pattern without one that is equal. */
function matchOf(pattern: string, specifier: string): string | null {
  const star = pattern.indexOf('*');
  if (star === -1) return pattern === specifier ? '' : null;
  const [before, after] = [pattern.slice(0, star), pattern.slice(star + 1)];
  const fits = specifier.startsWith(before) && specifier.endsWith(after) && specifier.length >= pattern.length - 1;
  return fits ? specifier.slice(before.length, specifier.length - after.length) : null;
}

function property(node: Node | null, key: string): Node | null {
  if (node?.type !== 'ObjectExpression') return null;
  const found = nodesAt(node, 'properties').find((one) => writtenKey(one, 'key') === key);
  return found === undefined ? null : nodeAt(found, 'value');
}

function bare(node: Node | null): Node | null {
  return node?.type === 'ParenthesizedExpression' ? nodeAt(node, 'expression') : node;
}

function stringOf(node: Node | null): string | null {
  return node?.type === 'StringLiteral' ? textAt(node, 'value') : null;
}
