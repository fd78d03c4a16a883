import type { CodeModule } from './code-module.ts';
import type { Semantics, Spot } from './meaning.ts';
import { lookUp } from './scopes.ts';
import { isTolerated } from './surroundings.ts';
import {
  childrenOf,
  isCall,
  isFunction,
  isMember,
  isType,
  nodeAt,
  nodesAt,
  textAt,
  unwrapped,
  type Node,
} from './syntax.ts';

/** A function that reads the variable whose name it is given. */
export interface Reader {
  /** Which of its arguments is the name. */
  readonly index: number;
  readonly tolerant: boolean;
}

export interface Readers {
  of(fn: Node, module: CodeModule): Reader | null;
  /** True for a parameter of a function that is known by its name: what it is given is looked at where that is called. */
  isName(node: Node | null, at: Spot): boolean;
}

/** `function required(name) { return process.env[name] }` and the like: their calls say which names are read. */
export function readersOf(semantics: Semantics): Readers {
  const known = new Map<Node, Reader | null>();
  const named = new Map<CodeModule, ReadonlySet<Node>>();

  const isNamed = (fn: Node, module: CodeModule): boolean => {
    const found = named.get(module) ?? namedFunctions(module);
    named.set(module, found);
    return found.has(fn);
  };

  const parameterOf = (node: Node | null, at: Spot): { readonly of: Node; readonly index: number } | null => {
    const name = node === null ? null : unwrapped(node);
    if (name?.type !== 'Identifier') return null;
    const binding = lookUp(at.scope, textAt(name, 'name') ?? '');
    return binding?.how === 'parameter' ? binding : null;
  };

  const of = (fn: Node, module: CodeModule): Reader | null => {
    const before = known.get(fn);
    if (before !== undefined) return before;
    known.set(fn, null);
    const scope = module.scopes.get(fn);
    const found = scope === undefined || !isNamed(fn, module) ? null : search(fn, { module, scope }, fn, []);
    known.set(fn, found);
    return found;
  };

  /** The first read in the function, or in a function in it, of a variable that a parameter of `fn` names. */
  const search = (node: Node, at: Spot, fn: Node, above: readonly Node[]): Reader | null => {
    const scope = at.module.scopes.get(node);
    const here = scope === undefined ? at : { module: at.module, scope };
    const found = readAt(node, here, fn, above);
    if (found !== null) return found;
    for (const [, child] of childrenOf(node)) {
      const inside = isType(child) ? null : search(child, here, fn, [...above, node]);
      if (inside !== null) return inside;
    }
    return null;
  };

  const readAt = (node: Node, at: Spot, fn: Node, above: readonly Node[]): Reader | null => {
    if (isMember(node) && node['computed'] === true) {
      const parameter = parameterOf(nodeAt(node, 'property'), at);
      const object = nodeAt(node, 'object');
      if (parameter?.of !== fn || object === null) return null;
      if (semantics.meaningOf(object, at)?.is !== 'environment') return null;
      return { index: parameter.index, tolerant: isTolerated(node, above) };
    }
    const callee = isCall(node) ? nodeAt(node, 'callee') : null;
    const called = callee === null ? null : semantics.meaningOf(callee, at);
    if (called?.is !== 'function' || called.of === fn) return null;
    const passed = of(called.of, called.in);
    const given = nodesAt(node, 'arguments');
    const parameter = passed === null ? null : parameterOf(given[passed.index] ?? null, at);
    if (passed === null || parameter?.of !== fn) return null;
    return { index: parameter.index, tolerant: passed.tolerant || isTolerated(node, above) };
  };

  return {
    of,
    isName(node, at) {
      const parameter = parameterOf(node, at);
      return parameter !== null && of(parameter.of, at.module)?.index === parameter.index;
    },
  };
}

/** Functions that a name stands for: every call of them that is in the code can be seen. */
function namedFunctions(module: CodeModule): ReadonlySet<Node> {
  const found = new Set<Node>();
  for (const { names } of new Set(module.scopes.values())) {
    for (const binding of names.values()) {
      if (binding.how === 'function' && binding.of.type === 'FunctionDeclaration') found.add(binding.of);
      if (binding.how !== 'made' || binding.path.length > 0 || binding.of.length !== 1) continue;
      const [value] = binding.of.map(unwrapped);
      if (value !== undefined && isFunction(value)) found.add(value);
    }
  }
  for (const exported of module.exports.values()) {
    if (exported.as === 'value' && isFunction(unwrapped(exported.value))) found.add(unwrapped(exported.value));
  }
  return found;
}
