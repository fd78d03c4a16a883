import type { CodeContract } from '../model/code-contract.ts';
import { requiredBy, type CodeModule } from './code-module.ts';
import { lookUp, type Scope } from './scopes.ts';
import { isCall, isFunction, isMember, nodeAt, nodesAt, textAt, unwrapped, writtenKey, type Node } from './syntax.ts';

/** What an expression is, as far as the environment is concerned. */
export type Meaning =
  | { readonly is: 'environment' }
  | { readonly is: 'process' }
  | { readonly is: 'global' }
  /** A module of ours as a whole, or one that is not read, by its name. */
  | { readonly is: 'module'; readonly of: CodeModule | string }
  /** What a module that is not read exports. */
  | { readonly is: 'foreign'; readonly from: string; readonly name: string }
  | { readonly is: 'function'; readonly of: Node; readonly in: CodeModule }
  /** An expression that is none of these, where it was written. */
  | { readonly is: 'expression'; readonly node: Node; readonly at: Spot };

/** Where an expression stands: what its names stand for. */
export interface Spot {
  readonly module: CodeModule;
  readonly scope: Scope;
}

/** The module that a specifier leads to; null: not one that is read. */
export type Link = (from: CodeModule, specifier: string) => CodeModule | null;

export interface Semantics {
  /** Null: nothing that matters here. */
  meaningOf(node: Node, at: Spot): Meaning | null;
  /** What stands under the key of something. */
  memberOf(holder: Meaning, key: string): Meaning | null;
  /** The text that an expression always has; null: it is computed. */
  textOf(node: Node, at: Spot): string | null;
}

const PROCESS_MODULES: ReadonlySet<string> = new Set(['process', 'node:process']);
const GLOBALS: ReadonlySet<string> = new Set(['globalThis', 'global', 'self', 'window']);
/** Of names that stand for names; more is a circle or a joke. */
const DEEPEST = 64;

export function semanticsOf(contract: CodeContract, link: Link): Semantics {
  // A node stands in one scope only; null while it is being looked at, which ends circles.
  const known = new Map<Node, Meaning | null>();
  return {
    meaningOf: (node, at) => meaning(node, at, 0),
    memberOf: (holder, key) => member(holder, key, 0),
    textOf: (node, at) => text(node, at, 0),
  };

  function meaning(wrapped: Node, at: Spot, depth: number): Meaning | null {
    const node = unwrapped(wrapped);
    const before = known.get(node);
    if (before !== undefined || depth > DEEPEST) return before ?? null;
    known.set(node, null);
    const found = fresh(node, at, depth);
    known.set(node, found);
    return found;
  }

  function fresh(node: Node, at: Spot, depth: number): Meaning | null {
    if (node.type === 'Identifier') return ofName(textAt(node, 'name') ?? '', at, depth);
    if (isMember(node)) {
      const object = nodeAt(node, 'object');
      const holder = object === null ? null : meaning(object, at, depth + 1);
      if (holder === null) return null;
      const key = keyOf(node, at, depth);
      return key === null ? null : member(holder, key, depth);
    }
    if (isFunction(node)) return { is: 'function', of: node, in: at.module };
    if (isCall(node) || node.type === 'ImportExpression') {
      const from =
        node.type === 'ImportExpression' ? textAt(nodeAt(node, 'source') ?? node, 'value') : requiredBy(node);
      if (from !== null) return imported(at.module, from, '*', depth);
    }
    if (node.type === 'AwaitExpression') return within(nodeAt(node, 'argument'), at, depth);
    if (node.type === 'LogicalExpression' || node.type === 'ConditionalExpression') {
      const branches = node.type === 'LogicalExpression' ? ['left', 'right'] : ['consequent', 'alternate'];
      for (const branch of branches) {
        const found = within(nodeAt(node, branch), at, depth);
        if (found !== null && found.is !== 'expression') return found;
      }
    }
    return { is: 'expression', node, at };
  }

  function within(node: Node | null, at: Spot, depth: number): Meaning | null {
    return node === null ? null : meaning(node, at, depth + 1);
  }

  function ofName(name: string, at: Spot, depth: number): Meaning | null {
    const binding = lookUp(at.scope, name);
    if (binding === null) {
      if (name === 'process') return { is: 'process' };
      return GLOBALS.has(name) ? { is: 'global' } : null;
    }
    switch (binding.how) {
      case 'imported':
        return imported(at.module, binding.from, binding.name, depth);
      case 'function':
        return { is: 'function', of: binding.of, in: at.module };
      case 'parameter':
        return binding.fallback === null ? null : environmentOnly(within(binding.fallback, at, depth));
      case 'made': {
        const meanings = binding.of.map((one) => {
          const whole = meaning(one, { module: at.module, scope: binding.scope }, depth + 1);
          return binding.path.reduce((held, key) => (held === null ? null : member(held, key, depth)), whole);
        });
        return (
          meanings.find((one) => one !== null && one.is !== 'expression') ??
          (meanings.length === 1 ? (meanings[0] ?? null) : null)
        );
      }
      case 'other':
        return null;
      default:
        return binding satisfies never;
    }
  }

  function member(holder: Meaning, key: string, depth: number): Meaning | null {
    switch (holder.is) {
      case 'global':
        return key === 'process' ? { is: 'process' } : GLOBALS.has(key) ? holder : null;
      case 'process':
        return key === 'env' ? { is: 'environment' } : key === 'default' ? holder : null;
      case 'module':
        if (typeof holder.of !== 'string') return exported(holder.of, key, depth);
        return foreign(holder.of, key);
      case 'expression':
        return property(holder, key, depth);
      case 'environment':
      case 'foreign':
      case 'function':
        return null;
      default:
        return holder satisfies never;
    }
  }

  /** Of an object that is written out. */
  function property(holder: Meaning & { is: 'expression' }, key: string, depth: number): Meaning | null {
    if (holder.node.type !== 'ObjectExpression') return null;
    const found = nodesAt(holder.node, 'properties').findLast((one) => writtenKey(one, 'key') === key);
    return found?.type === 'ObjectProperty' ? within(nodeAt(found, 'value'), holder.at, depth) : null;
  }

  function imported(into: CodeModule, from: string, name: string, depth: number): Meaning | null {
    if (contract.typed.modules.some((suffix) => from.endsWith(suffix)) || PROCESS_MODULES.has(from)) {
      return foreign(from, name);
    }
    const module = link(into, from);
    if (module === null) return foreign(from, name);
    return name === '*' ? { is: 'module', of: module } : exported(module, name, depth);
  }

  /** What a module that is not read exports under that name. */
  function foreign(from: string, name: string): Meaning {
    if (PROCESS_MODULES.has(from)) {
      if (name === 'env') return { is: 'environment' };
      if (name === 'default' || name === '*') return { is: 'process' };
    }
    if (contract.typed.modules.some((suffix) => from.endsWith(suffix)) && name === contract.typed.name) {
      return { is: 'environment' };
    }
    return name === '*' ? { is: 'module', of: from } : { is: 'foreign', from, name };
  }

  function exported(module: CodeModule, name: string, depth: number): Meaning | null {
    if (depth > DEEPEST) return null;
    const at = { module, scope: module.top };
    const found = module.exports.get(name);
    if (found === undefined) {
      for (const from of module.stars) {
        const passed = imported(module, from, name, depth + 1);
        if (passed !== null && passed.is !== 'foreign') return passed;
      }
      return null;
    }
    switch (found.as) {
      case 'local':
        return ofName(found.name, at, depth + 1);
      case 'from':
        return imported(module, found.from, found.name, depth + 1);
      case 'value':
        return meaning(found.value, at, depth + 1);
      default:
        return found satisfies never;
    }
  }

  function keyOf(node: Node, at: Spot, depth: number): string | null {
    const written = writtenKey(node, 'property');
    if (written !== null || node['computed'] !== true) return written;
    const property = nodeAt(node, 'property');
    return property === null ? null : text(property, at, depth + 1);
  }

  function text(wrapped: Node, at: Spot, depth: number): string | null {
    if (depth > DEEPEST) return null;
    const node = unwrapped(wrapped);
    if (node.type === 'StringLiteral') return textAt(node, 'value');
    if (node.type === 'TemplateLiteral') return template(node, at, depth);
    if (node.type === 'BinaryExpression' && node['operator'] === '+') {
      const [left, right] = [nodeAt(node, 'left'), nodeAt(node, 'right')];
      const one = left === null ? null : text(left, at, depth + 1);
      const other = right === null || one === null ? null : text(right, at, depth + 1);
      return one === null || other === null ? null : one + other;
    }
    if (node.type !== 'Identifier' && !isMember(node)) return null;
    const found = meaning(node, at, depth + 1);
    if (found?.is !== 'expression' || found.node === node) return null;
    return text(found.node, found.at, depth + 1);
  }

  function template(node: Node, at: Spot, depth: number): string | null {
    const parts = nodesAt(node, 'expressions').map((one) => text(one, at, depth + 1));
    let whole = '';
    for (const [index, quasi] of nodesAt(node, 'quasis').entries()) {
      const { cooked } = quasi['value'] as { readonly cooked?: string | null };
      const part = index === 0 ? '' : parts[index - 1];
      if (typeof cooked !== 'string' || part === null || part === undefined) return null;
      whole += part + cooked;
    }
    return whole;
  }
}

/** A parameter may be given anything; where the environment is its fallback, it is that. */
function environmentOnly(found: Meaning | null): Meaning | null {
  return found?.is === 'environment' || found?.is === 'process' ? found : null;
}
