import type { CodeModule } from './code-module.ts';
import { isGuarded } from './guards.ts';
import type { Meaning, Semantics, Spot } from './meaning.ts';
import type { Readers } from './readers.ts';
import { isTolerated, isWritten, outermost } from './surroundings.ts';
import { childrenOf, isCall, isMember, isType, nodeAt, nodesAt, unwrapped, writtenKey, type Node } from './syntax.ts';

/** What one expression tells of the variables that are read. */
export type Sighting =
  | { readonly type: 'use'; readonly name: string; readonly tolerant: boolean; readonly node: Node }
  /** A name that is computed, or the environment handed on as a whole. */
  | { readonly type: 'open'; readonly how: OpenUse; readonly node: Node };

export type OpenUse = 'computed' | 'rest' | 'whole' | 'reader';

/** All reads of the environment in one module, in the order of the text. */
export function findUses(module: CodeModule, semantics: Semantics, readers: Readers): readonly Sighting[] {
  const found: Sighting[] = [];
  const above: Node[] = [];

  const visit = (node: Node, at: Spot): void => {
    const scope = module.scopes.get(node);
    const here = scope === undefined ? at : { module, scope };
    look(node, here);
    above.push(node);
    const around = above.at(-2) ?? null;
    for (const [key, child] of childrenOf(node)) {
      if (!isType(child) && !isName(child, key, { parent: node, around })) visit(child, here);
    }
    above.pop();
  };

  const look = (node: Node, at: Spot): void => {
    const [target, source] = (TARGETS[node.type] ?? []).map((key) => nodeAt(node, key));
    if (target?.type === 'ObjectPattern' && source !== null && source !== undefined) {
      const value = semantics.meaningOf(source, at);
      if (value !== null && value.is !== 'environment') lookInto(target, value, at);
    }
    if (node.type !== 'Identifier' && !isMember(node)) return;
    const meaning = semantics.meaningOf(node, at);
    if (meaning?.is === 'environment') lookAtEnvironment(node, at);
    else if (meaning?.is === 'function') lookAtReader(node, at, meaning);
  };

  const add = (name: string | null, read: Node, tolerant: boolean): void => {
    found.push(
      name === null ? { type: 'open', how: 'computed', node: read } : { type: 'use', name, tolerant, node: read },
    );
  };

  /** A pattern whose value is the environment. */
  const takeApart = (pattern: Node, at: Spot): void => {
    for (const property of nodesAt(pattern, 'properties')) {
      if (property.type === 'RestElement') found.push({ type: 'open', how: 'rest', node: property });
      else {
        const key = nodeAt(property, 'key');
        const name = writtenKey(property, 'key') ?? (key === null ? null : semantics.textOf(key, at));
        add(name, property, nodeAt(property, 'value')?.type === 'AssignmentPattern');
      }
    }
  };

  /** A pattern in whose value the environment may stand: `const { env: { A } } = process`. */
  const lookInto = (pattern: Node, value: Meaning, at: Spot): void => {
    for (const property of nodesAt(pattern, 'properties')) {
      const target = nodeAt(property, 'value');
      const inner = target?.type === 'AssignmentPattern' ? nodeAt(target, 'left') : target;
      const key = writtenKey(property, 'key');
      if (inner?.type !== 'ObjectPattern' || key === null) continue;
      const meaning = semantics.memberOf(value, key);
      if (meaning?.is === 'environment') takeApart(inner, at);
      else if (meaning !== null) lookInto(inner, meaning, at);
    }
  };

  const lookAtEnvironment = (node: Node, at: Spot): void => {
    const { outer, parent } = outermost(node, above);
    if (parent === null || outer === null) return;
    if (isMember(parent) && nodeAt(parent, 'object') === outer) {
      const around = above.slice(0, above.lastIndexOf(parent));
      if (isWritten(parent, around)) return;
      const property = nodeAt(parent, 'property');
      const name = writtenKey(parent, 'property') ?? (property === null ? null : semantics.textOf(property, at));
      if (name === null && readers.isName(property, at)) return;
      add(
        name,
        parent,
        isTolerated(parent, around) ||
          (name !== null && isGuarded(name, parent, { above: around, reads: reading(at) })),
      );
      return;
    }
    const pattern = patternOf(parent, outer);
    if (pattern?.type === 'ObjectPattern') return takeApart(pattern, at);
    if (parent.type === 'BinaryExpression' && parent['operator'] === 'in' && nodeAt(parent, 'right') === outer) {
      const left = nodeAt(parent, 'left');
      add(left === null ? null : semantics.textOf(left, at), parent, true);
      return;
    }
    if (!isAlias(parent, outer)) found.push({ type: 'open', how: 'whole', node: outer });
  };

  /** The variable that an expression at that spot reads; null: it reads none. */
  const reading = (at: Spot) => (node: Node) => {
    const object = isMember(node) ? nodeAt(node, 'object') : null;
    if (object === null || semantics.meaningOf(object, at)?.is !== 'environment') return null;
    const property = nodeAt(node, 'property');
    return writtenKey(node, 'property') ?? (property === null ? null : semantics.textOf(property, at));
  };

  const lookAtReader = (node: Node, at: Spot, called: { readonly of: Node; readonly in: CodeModule }): void => {
    const reader = readers.of(called.of, called.in);
    if (reader === null) return;
    const { outer, parent } = outermost(node, above);
    if (parent === null || outer === null) return;
    if (!isCall(parent) || nodeAt(parent, 'callee') !== outer) {
      if (!isAlias(parent, outer) && parent.type !== 'MemberExpression')
        found.push({ type: 'open', how: 'reader', node: outer });
      return;
    }
    const given = nodesAt(parent, 'arguments');
    const argument = given[reader.index];
    const name = argument === undefined ? null : semantics.textOf(argument, at);
    if (name === null) {
      if (!readers.isName(argument ?? null, at)) found.push({ type: 'open', how: 'computed', node: parent });
      return;
    }
    // What is given beside the name is what to do without it.
    const tolerant =
      reader.tolerant ||
      given.length > reader.index + 1 ||
      isTolerated(parent, above.slice(0, above.lastIndexOf(parent)));
    found.push({ type: 'use', name, tolerant, node: parent });
  };

  visit(module.program, { module, scope: module.top });
  return found;
}

/** The pattern that takes the environment apart, if its value is `value`. */
function patternOf(parent: Node, value: Node): Node | null {
  const [target, source] = TARGETS[parent.type] ?? [];
  if (target === undefined || source === undefined || nodeAt(parent, source) !== value) return null;
  const found = nodeAt(parent, target);
  return found === null ? null : unwrapped(found);
}

const TARGETS: Readonly<Record<string, readonly [target: string, source: string]>> = {
  VariableDeclarator: ['id', 'init'],
  AssignmentExpression: ['left', 'right'],
  AssignmentPattern: ['left', 'right'],
};

/** It only gets another name, or is asked whether it is there. */
function isAlias(parent: Node, value: Node): boolean {
  if (patternOf(parent, value)?.type === 'Identifier') return true;
  switch (parent.type) {
    case 'ExpressionStatement':
    case 'ExportSpecifier':
    case 'ExportDefaultDeclaration':
      return true;
    case 'UnaryExpression':
      return true;
    case 'IfStatement':
    case 'ConditionalExpression':
      return nodeAt(parent, 'test') === value;
    case 'AssignmentExpression':
      return nodeAt(parent, 'left') === value;
    default:
      return false;
  }
}

/** A name that is written here and read nowhere: a key, a label, what is declared or imported. */
function isName(
  child: Node,
  key: string,
  { parent, around }: { readonly parent: Node; readonly around: Node | null },
): boolean {
  if (key === 'key' || key === 'property') return parent['computed'] !== true;
  if (key === 'label' || key === 'imported' || key === 'exported' || key === 'meta') return true;
  if (parent.type.startsWith('Import') && key === 'local') return true;
  if (child.type !== 'Identifier') return false;
  switch (parent.type) {
    case 'ObjectProperty':
      return key === 'value' && around?.type === 'ObjectPattern';
    case 'AssignmentPattern':
      return key === 'left';
    case 'RestElement':
    case 'ArrayPattern':
      return true;
    default:
      return key === 'id' || key === 'params' || key === 'param';
  }
}
