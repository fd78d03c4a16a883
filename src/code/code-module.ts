import { scopesOf, type Scope, type Scopes } from './scopes.ts';
import { childrenOf, isCall, isType, nodeAt, nodesAt, textAt, type Node } from './syntax.ts';

/** One file of the code, ready to be asked what its names mean. */
export interface CodeModule {
  /** As findings name it. */
  readonly file: string;
  readonly program: Node;
  readonly scopes: Scopes;
  readonly top: Scope;
  readonly exports: ReadonlyMap<string, Exported>;
  /** Modules of which everything is exported again. */
  readonly stars: readonly string[];
}

export type Exported =
  | { readonly as: 'local'; readonly name: string }
  | { readonly as: 'from'; readonly from: string; readonly name: string }
  | { readonly as: 'value'; readonly value: Node };

export function codeModule(file: string, program: Node): CodeModule {
  const scopes = scopesOf(program);
  const top = scopes.get(program);
  if (top === undefined) throw new Error('a program without a scope');
  return { file, program, scopes, top, ...exportsOf(program) };
}

function exportsOf(program: Node): Pick<CodeModule, 'exports' | 'stars'> {
  const exports = new Map<string, Exported>();
  const stars: string[] = [];
  for (const statement of nodesAt(program, 'body')) {
    const from = sourceOf(statement);
    if (statement.type === 'ExportAllDeclaration' && from !== null) stars.push(from);
    else if (statement.type === 'ExportDefaultDeclaration') {
      const value = nodeAt(statement, 'declaration');
      const name = value === null || value.type === 'Identifier' ? null : idOf(value);
      if (name !== null) exports.set('default', { as: 'local', name });
      else if (value !== null) exports.set('default', { as: 'value', value });
    } else if (statement.type === 'ExportNamedDeclaration') {
      for (const [name, exported] of namedExports(statement, from)) exports.set(name, exported);
    }
  }
  return { exports, stars };
}

function namedExports(statement: Node, from: string | null): readonly (readonly [string, Exported])[] {
  const declaration = nodeAt(statement, 'declaration');
  if (declaration?.type === 'VariableDeclaration') {
    return nodesAt(declaration, 'declarations').flatMap((declarator) => {
      const id = nodeAt(declarator, 'id');
      return id === null ? [] : namesIn(id).map((name) => [name, { as: 'local', name }] as const);
    });
  }
  const declared = declaration === null ? null : idOf(declaration);
  if (declared !== null) return [[declared, { as: 'local', name: declared }]];
  return nodesAt(statement, 'specifiers').flatMap((specifier) => {
    const exported = nameOf(nodeAt(specifier, 'exported'));
    if (exported === null) return [];
    const whole = specifier.type === 'ExportNamespaceSpecifier';
    const local = whole ? '*' : nameOf(nodeAt(specifier, 'local'));
    if (local === null) return [];
    return [[exported, from === null ? { as: 'local', name: local } : { as: 'from', from, name: local }] as const];
  });
}

/** Every module that this one takes code from: imports, re-exports, `import()` and `require` with a written name. */
export function importsOf(program: Node): readonly { readonly from: string; readonly node: Node }[] {
  const found: { readonly from: string; readonly node: Node }[] = [];
  const visit = (node: Node): void => {
    const from = importedBy(node);
    if (from !== null) found.push({ from, node });
    for (const [, child] of childrenOf(node)) if (!isType(child)) visit(child);
  };
  visit(program);
  return found;
}

function importedBy(node: Node): string | null {
  if (node['importKind'] === 'type' || node['exportKind'] === 'type') return null;
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'ExportNamedDeclaration':
      return sourceOf(node);
    case 'ImportExpression':
      return sourceOf(node);
    case 'TSExternalModuleReference': {
      const name = nodeAt(node, 'expression');
      return name?.type === 'StringLiteral' ? textAt(name, 'value') : null;
    }
    default:
      return isCall(node) ? requiredBy(node) : null;
  }
}

/** The module that `require('x')` or `import('x')` names. */
export function requiredBy(call: Node): string | null {
  const callee = nodeAt(call, 'callee');
  if (callee?.type !== 'Import' && !(callee?.type === 'Identifier' && callee['name'] === 'require')) return null;
  const [argument] = nodesAt(call, 'arguments');
  return argument?.type === 'StringLiteral' ? textAt(argument, 'value') : null;
}

function sourceOf(node: Node): string | null {
  const source = nodeAt(node, 'source');
  return source?.type === 'StringLiteral' ? textAt(source, 'value') : null;
}

function idOf(node: Node): string | null {
  return nameOf(nodeAt(node, 'id'));
}

function nameOf(node: Node | null): string | null {
  return node === null ? null : (textAt(node, 'name') ?? textAt(node, 'value'));
}

function namesIn(pattern: Node): readonly string[] {
  if (pattern.type === 'Identifier') return [textAt(pattern, 'name') ?? ''];
  if (pattern.type === 'ObjectProperty')
    return nodeAt(pattern, 'value') === null ? [] : namesIn(pattern['value'] as Node);
  if (pattern.type === 'AssignmentPattern')
    return nodeAt(pattern, 'left') === null ? [] : namesIn(pattern['left'] as Node);
  return childrenOf(pattern)
    .filter(([, child]) => !isType(child))
    .flatMap(([, child]) => namesIn(child));
}
