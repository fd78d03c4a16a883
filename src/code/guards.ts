import { isWrapper, nodeAt, textAt, unwrapped, type Node } from './syntax.ts';

/**
 * True where the expression is reached only when the variable is there: in the branch of an `if` or of `? :` that asks
 * for it, or on the right of `&&`. `reads`: the variable that an expression reads, null for another expression.
 */
export function isGuarded(
  name: string,
  node: Node,
  { above, reads }: { readonly above: readonly Node[]; readonly reads: (node: Node) => string | null },
): boolean {
  let inner = node;
  for (const parent of above.toReversed()) {
    const test = testBefore(parent, inner);
    if (test !== null && asksFor(test)) return true;
    inner = parent;
  }
  return false;

  function asksFor(wrapped: Node): boolean {
    const test = unwrapped(wrapped);
    if (reads(test) === name) return true;
    const [left, right] = [nodeAt(test, 'left'), nodeAt(test, 'right')];
    if (left === null || right === null) return false;
    if (test.type === 'LogicalExpression') return test['operator'] === '&&' && (asksFor(left) || asksFor(right));
    if (test.type !== 'BinaryExpression') return false;
    const isThere = textAt(test, 'operator')?.startsWith('!') === true ? isNothing(right) : isText(right);
    return isThere && (reads(unwrapped(left)) === name || (isTypeof(left) && reads(operandOf(left)) === name));
  }
}

/** The test that has held where `inner`, a child of `parent`, is evaluated. */
function testBefore(parent: Node, inner: Node): Node | null {
  switch (parent.type) {
    case 'IfStatement':
    case 'ConditionalExpression':
      return nodeAt(parent, 'consequent') === inner ? nodeAt(parent, 'test') : null;
    case 'LogicalExpression':
      return parent['operator'] === '&&' && nodeAt(parent, 'right') === inner ? nodeAt(parent, 'left') : null;
    default:
      return null;
  }
}

/** `undefined`, `null`, `""`, and `"undefined"` of a `typeof`. */
function isNothing(node: Node): boolean {
  if (isWrapper(node)) return isNothing(unwrapped(node));
  if (node.type === 'Identifier') return node['name'] === 'undefined';
  return (
    node.type === 'NullLiteral' ||
    (node.type === 'StringLiteral' && /^(?:undefined)?$/.test(textAt(node, 'value') ?? 'x'))
  );
}

/** A text that what is not there cannot be equal to. */
function isText(node: Node): boolean {
  return node.type === 'StringLiteral' && node['value'] !== 'undefined';
}

function isTypeof(node: Node): boolean {
  return node.type === 'UnaryExpression' && node['operator'] === 'typeof';
}

function operandOf(node: Node): Node {
  return unwrapped(nodeAt(node, 'argument') ?? node);
}
