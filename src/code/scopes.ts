import { childrenOf, isFunction, isType, nodeAt, nodesAt, textAt, writtenKey, type Node } from './syntax.ts';

/** What a name stands for, as far as its declaration says. */
export type Binding =
  /** Made of an expression, or of a part of one: `const { a: { b } } = expression` has the path `a`, `b`. */
  | { readonly how: 'made'; readonly of: Node[]; readonly path: readonly string[]; readonly scope: Scope }
  | { readonly how: 'imported'; readonly from: string; readonly name: string }
  | { readonly how: 'function'; readonly of: Node }
  | { readonly how: 'parameter'; readonly of: Node; readonly index: number; readonly fallback: Node | null }
  | { readonly how: 'other' };

export interface Scope {
  readonly outer: Scope | null;
  readonly names: Map<string, Binding>;
  readonly holdsVar: boolean;
}

/** The scope that a node opens, for those that do. */
export type Scopes = ReadonlyMap<Node, Scope>;

export function lookUp(scope: Scope, name: string): Binding | null {
  for (let at: Scope | null = scope; at !== null; at = at.outer) {
    const found = at.names.get(name);
    if (found !== undefined) return found;
  }
  return null;
}

/** All scopes of a module with what is declared in them, `var` and functions where they are hoisted to. */
export function scopesOf(program: Node): Scopes {
  const scopes = new Map<Node, Scope>();
  const open = (node: Node, outer: Scope | null): Scope => {
    const scope: Scope = { outer, names: new Map(), holdsVar: outer === null || isFunction(node) };
    scopes.set(node, scope);
    return scope;
  };
  const assigned: { readonly name: string; readonly scope: Scope; readonly value: Node }[] = [];
  const visit = (node: Node, around: Scope | null): void => {
    const scope = around === null || opens(node) ? open(node, around) : around;
    if (isFunction(node)) declareFunction(node, around ?? scope, scope);
    else if (node.type === 'VariableDeclaration') declareVariables(node, scope);
    else if (node.type === 'ImportDeclaration') declareImports(node, scope);
    else if (node.type === 'ClassDeclaration' || node.type === 'TSEnumDeclaration') declareName(node, around ?? scope);
    else if (node.type === 'CatchClause') {
      const param = nodeAt(node, 'param');
      if (param !== null) declarePattern(param, scope, () => ({ how: 'other' }));
    } else if (node.type === 'AssignmentExpression') {
      const left = nodeAt(node, 'left');
      const value = nodeAt(node, 'right');
      const name = left?.type === 'Identifier' ? textAt(left, 'name') : null;
      if (name !== null && value !== null) assigned.push({ name, scope, value });
    }
    for (const [, child] of childrenOf(node)) if (!isType(child)) visit(child, scope);
  };
  visit(program, null);
  for (const { name, scope, value } of assigned) {
    const binding = lookUp(scope, name);
    if (binding?.how === 'made' && binding.path.length === 0) binding.of.push(value);
  }
  return scopes;
}

function opens(node: Node): boolean {
  return isFunction(node) || OPENING.has(node.type);
}

const OPENING: ReadonlySet<string> = new Set([
  'BlockStatement',
  'ForStatement',
  'ForInStatement',
  'ForOfStatement',
  'SwitchStatement',
  'CatchClause',
  'ClassExpression',
  'StaticBlock',
  'TSModuleBlock',
]);

function declareFunction(node: Node, around: Scope, scope: Scope): void {
  const id = nodeAt(node, 'id');
  const name = id === null ? null : textAt(id, 'name');
  if (name !== null)
    (node.type === 'FunctionDeclaration' ? around : scope).names.set(name, { how: 'function', of: node });
  for (const [index, written] of nodesAt(node, 'params').entries()) {
    const param = written.type === 'TSParameterProperty' ? nodeAt(written, 'parameter') : written;
    if (param === null) continue;
    const target = param.type === 'AssignmentPattern' ? nodeAt(param, 'left') : param;
    const fallback = param.type === 'AssignmentPattern' ? nodeAt(param, 'right') : null;
    if (target?.type === 'Identifier') {
      const said = textAt(target, 'name');
      if (said !== null) scope.names.set(said, { how: 'parameter', of: node, index, fallback });
    } else if (target !== null) {
      declarePattern(target, scope, (path) =>
        fallback === null ? { how: 'other' } : { how: 'made', of: [fallback], path, scope },
      );
    }
  }
}

function declareVariables(node: Node, scope: Scope): void {
  let home = scope;
  if (node['kind'] === 'var') while (!home.holdsVar && home.outer !== null) home = home.outer;
  for (const declarator of nodesAt(node, 'declarations')) {
    const id = nodeAt(declarator, 'id');
    const init = nodeAt(declarator, 'init');
    if (id === null) continue;
    declarePattern(id, home, (path) => ({ how: 'made', of: init === null ? [] : [init], path, scope }));
  }
}

/** `binding`: what a name is that stands at `path` in the pattern; an index or a rest ends in a path that leads nowhere. */
function declarePattern(pattern: Node, scope: Scope, binding: (path: readonly string[]) => Binding): void {
  const visit = (node: Node, path: readonly string[] | null): void => {
    switch (node.type) {
      case 'Identifier': {
        const name = textAt(node, 'name');
        if (name !== null) scope.names.set(name, path === null ? { how: 'other' } : binding(path));
        return;
      }
      case 'ObjectPattern':
        for (const property of nodesAt(node, 'properties')) {
          const value = nodeAt(property, property.type === 'RestElement' ? 'argument' : 'value');
          const key = property.type === 'RestElement' ? null : writtenKey(property, 'key');
          if (value !== null) visit(value, path === null || key === null ? null : [...path, key]);
        }
        return;
      case 'AssignmentPattern': {
        const left = nodeAt(node, 'left');
        if (left !== null) visit(left, path);
        return;
      }
      default:
        for (const [, child] of childrenOf(node)) if (!isType(child)) visit(child, null);
    }
  };
  visit(pattern, []);
}

function declareImports(node: Node, scope: Scope): void {
  const source = nodeAt(node, 'source');
  const from = source === null ? null : textAt(source, 'value');
  if (from === null || node['importKind'] === 'type') return;
  for (const specifier of nodesAt(node, 'specifiers')) {
    const local = nodeAt(specifier, 'local');
    const as = local === null ? null : textAt(local, 'name');
    if (as !== null) scope.names.set(as, { how: 'imported', from, name: importedName(specifier) });
  }
}

/** `default`, `*` or the name that the other module exports. */
function importedName(specifier: Node): string {
  if (specifier.type === 'ImportNamespaceSpecifier') return '*';
  if (specifier.type === 'ImportDefaultSpecifier') return 'default';
  const imported = nodeAt(specifier, 'imported');
  return (imported === null ? null : (textAt(imported, 'name') ?? textAt(imported, 'value'))) ?? '';
}

function declareName(node: Node, scope: Scope): void {
  const id = nodeAt(node, 'id');
  const name = id === null ? null : textAt(id, 'name');
  if (name !== null) scope.names.set(name, { how: 'other' });
}
