/** A node of the parser's tree, as far as this floor needs to know one. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly loc?: { readonly start: { readonly line: number; readonly column: number } } | null;
  readonly [key: string]: unknown;
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}

/** The node under `key`; null where there is none, as in a tree that the parser had to patch. */
export function nodeAt(node: Node, key: string): Node | null {
  const found = node[key];
  return isNode(found) ? found : null;
}

export function nodesAt(node: Node, key: string): readonly Node[] {
  const found = node[key];
  return Array.isArray(found) ? found.filter(isNode) : [];
}

export function textAt(node: Node, key: string): string | null {
  const found = node[key];
  return typeof found === 'string' ? found : null;
}

const NOT_CODE: ReadonlySet<string> = new Set([
  'loc',
  'extra',
  'errors',
  'comments',
  'tokens',
  'leadingComments',
  'innerComments',
  'trailingComments',
]);

/** The children in the order of the text, as the parser lists them. */
export function childrenOf(node: Node): readonly (readonly [key: string, child: Node])[] {
  const found: (readonly [string, Node])[] = [];
  for (const [key, value] of Object.entries(node)) {
    if (NOT_CODE.has(key)) continue;
    if (isNode(value)) found.push([key, value]);
    else if (Array.isArray(value)) for (const item of value) if (isNode(item)) found.push([key, item]);
  }
  return found;
}

/** Nodes that are types only; the others that TypeScript adds hold code. */
export function isType(node: Node): boolean {
  return node.type.startsWith('TS') && !HOLDS_CODE.has(node.type);
}

const WRAPPERS: ReadonlySet<string> = new Set([
  'ParenthesizedExpression',
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'TSTypeAssertion',
  'TSInstantiationExpression',
]);

const HOLDS_CODE: ReadonlySet<string> = new Set([
  ...WRAPPERS,
  'TSModuleDeclaration',
  'TSModuleBlock',
  'TSEnumDeclaration',
  'TSEnumBody',
  'TSEnumMember',
  'TSExportAssignment',
  'TSParameterProperty',
  'TSImportEqualsDeclaration',
  'TSExternalModuleReference',
]);

/** The expression that parentheses and types are put around. */
export function unwrapped(node: Node): Node {
  let at = node;
  while (WRAPPERS.has(at.type)) {
    const inner = nodeAt(at, 'expression');
    if (inner === null) return at;
    at = inner;
  }
  return at;
}

export function isWrapper(node: Node): boolean {
  return WRAPPERS.has(node.type);
}

export function isMember(node: Node): boolean {
  return node.type === 'MemberExpression' || node.type === 'OptionalMemberExpression';
}

export function isCall(node: Node): boolean {
  return node.type === 'CallExpression' || node.type === 'OptionalCallExpression';
}

export function isFunction(node: Node): boolean {
  return FUNCTIONS.has(node.type);
}

const FUNCTIONS: ReadonlySet<string> = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'ObjectMethod',
  'ClassMethod',
  'ClassPrivateMethod',
]);

/** The name that a key is written as: `a` of `{ a }`, `x.a`, `{ "a": 1 }`; null where it is computed. */
export function writtenKey(node: Node, key: 'key' | 'property'): string | null {
  const name = nodeAt(node, key);
  if (name === null || node['computed'] === true) return null;
  return textAt(name, name.type === 'Identifier' ? 'name' : 'value');
}
