import { folderOf, joined } from './module-paths.ts';
import { parseCode } from './parse-code.ts';
import { nodeAt, nodesAt, textAt, writtenKey, type Node } from './syntax.ts';

/** `paths` of a TypeScript configuration: `@/*` → the places where it is looked for. */
export interface PathAliases {
  /** There are any. */
  readonly some: boolean;
  /** The paths that a specifier can mean, relative to the app's folder; null: it is none of them. */
  targetsOf(specifier: string): readonly string[] | null;
}

/** Reads `compilerOptions.paths` and `baseUrl`, comments and trailing commas allowed; what it extends is not read. */
export function pathAliases(path: string, text: string): PathAliases {
  const { program } = parseCode('tsconfig.ts', `(${text}\n)`);
  const [statement] = program === null ? [] : nodesAt(program, 'body');
  const options = property(statement === undefined ? null : bare(nodeAt(statement, 'expression')), 'compilerOptions');
  const root = joined(folderOf(path), stringOf(property(options, 'baseUrl')) ?? '.');
  const paths = property(options, 'paths');
  const rules = (paths === null ? [] : nodesAt(paths, 'properties')).flatMap((one) => {
    const pattern = writtenKey(one, 'key');
    const targets = nodeAt(one, 'value');
    if (pattern === null || targets === null) return [];
    return [{ pattern, targets: nodesAt(targets, 'elements').flatMap((target) => stringOf(target) ?? []) }];
  });
  return {
    some: rules.length > 0,
    targetsOf(specifier) {
      for (const { pattern, targets } of rules) {
        const matched = matchOf(pattern, specifier);
        if (matched !== null)
          return targets.map((target) =>
            joined(
              root,
              target.replace('*', () => matched),
            ),
          );
      }
      return null;
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
