import { isMember, isWrapper, nodeAt, nodesAt, textAt, type Node } from './syntax.ts';

/** The widest expression around `node` that has its value, and what that stands in. `above`: outermost first. */
export function outermost(node: Node, above: readonly Node[]): { readonly outer: Node; readonly parent: Node | null } {
  let outer = node;
  for (const parent of above.toReversed()) {
    if (!passesOn(parent, outer)) return { outer, parent };
    outer = parent;
  }
  return { outer, parent: null };
}

function passesOn(parent: Node, value: Node): boolean {
  switch (parent.type) {
    case 'LogicalExpression':
    case 'AwaitExpression':
      return true;
    case 'ConditionalExpression':
      return nodeAt(parent, 'test') !== value;
    case 'SequenceExpression':
      return nodesAt(parent, 'expressions').at(-1) === value;
    default:
      return isWrapper(parent);
  }
}

/** It is set or deleted, and not read. */
export function isWritten(node: Node, above: readonly Node[]): boolean {
  const parent = above.at(-1);
  if (parent === undefined) return false;
  if (parent.type === 'AssignmentExpression') return parent['operator'] === '=' && nodeAt(parent, 'left') === node;
  return parent.type === 'UnaryExpression' && parent['operator'] === 'delete';
}

/** The code says what to do where the value is not there, or only asks whether it is. */
export function isTolerated(node: Node, above: readonly Node[]): boolean {
  let value = node;
  let isGiven = false;
  for (const parent of above.toReversed()) {
    switch (parent.type) {
      case 'LogicalExpression':
        if (nodeAt(parent, 'left') === value) return true;
        break;
      case 'ConditionalExpression':
        if (nodeAt(parent, 'test') === value) return !isGiven;
        break;
      case 'IfStatement':
      case 'WhileStatement':
      case 'UnaryExpression':
        return !isGiven;
      case 'BinaryExpression':
        return !isGiven && COMPARING.has(textAt(parent, 'operator') ?? '');
      case 'AssignmentExpression':
        return FILLING.has(textAt(parent, 'operator') ?? '') && nodeAt(parent, 'left') === value;
      case 'CallExpression':
        if (isBoolean(nodeAt(parent, 'callee'))) return true;
        // `parse(process.env.X) ?? fallback`: what a call makes of it has the fallback.
        if (nodeAt(parent, 'callee') === value) return false;
        isGiven = true;
        break;
      default:
        if (isMember(parent) || parent.type === 'OptionalCallExpression') return parent['optional'] === true;
        if (!isWrapper(parent)) return false;
    }
    value = parent;
  }
  return false;
}

const COMPARING: ReadonlySet<string> = new Set(['===', '!==', '==', '!=']);
const FILLING: ReadonlySet<string> = new Set(['??=', '||=', '&&=']);

function isBoolean(callee: Node | null): boolean {
  return callee?.type === 'Identifier' && callee['name'] === 'Boolean';
}
