import type { CodeContract } from '../model/code-contract.ts';
import type { CodeModule } from './code-module.ts';
import type { Meaning, Semantics, Spot } from './meaning.ts';
import { childrenOf, isCall, isMember, isType, nodeAt, nodesAt, writtenKey, type Node } from './syntax.ts';

export type Declaration =
  | {
      readonly type: 'declared';
      readonly name: string;
      readonly optional: boolean;
      /** Null: any text. */
      readonly allowed: readonly string[] | null;
      readonly node: Node;
      readonly module: CodeModule;
    }
  /** A part of the declaration is computed; of `name`, or of names that are not known. */
  | { readonly type: 'open'; readonly name: string | null; readonly node: Node; readonly module: CodeModule };

interface Written {
  readonly node: Node;
  readonly at: Spot;
}

/** What the app's definition in this module declares, in the order of the text. */
export function findDeclarations(
  module: CodeModule,
  semantics: Semantics,
  contract: CodeContract,
): readonly Declaration[] {
  const { from, call, option, validators } = contract.declaration;
  const found: Declaration[] = [];

  const followed = (node: Node, at: Spot): Written => {
    const meaning = semantics.meaningOf(node, at);
    return meaning?.is === 'expression' ? { node: meaning.node, at: meaning.at } : { node, at };
  };

  const isForeign = (meaning: Meaning | null, module: string, name: string): boolean =>
    meaning?.is === 'foreign' && meaning.from === module && meaning.name === name;

  const visit = (node: Node, at: Spot): void => {
    const scope = at.module.scopes.get(node);
    const here = scope === undefined ? at : { module, scope };
    const callee = isCall(node) ? nodeAt(node, 'callee') : null;
    if (callee !== null && isForeign(semantics.meaningOf(callee, here), from, call)) {
      const [options] = nodesAt(node, 'arguments');
      if (options !== undefined) readOptions(followed(options, here));
    }
    for (const [, child] of childrenOf(node)) if (!isType(child)) visit(child, here);
  };

  const readOptions = ({ node, at }: Written): void => {
    if (node.type !== 'ObjectExpression') return open(null, { node, at });
    for (const property of nodesAt(node, 'properties')) {
      const value = nodeAt(property, 'value');
      if (property.type === 'SpreadElement') {
        const argument = nodeAt(property, 'argument');
        if (argument !== null) readOptions(followed(argument, at));
      } else if (writtenKey(property, 'key') === option && value !== null) readNames(followed(value, at));
    }
  };

  const readNames = ({ node, at }: Written): void => {
    if (node.type !== 'ObjectExpression') return open(null, { node, at });
    for (const property of nodesAt(node, 'properties')) {
      const value = nodeAt(property, property.type === 'SpreadElement' ? 'argument' : 'value');
      if (value === null) continue;
      if (property.type === 'SpreadElement') {
        readNames(followed(value, at));
        continue;
      }
      const key = nodeAt(property, 'key');
      const name = writtenKey(property, 'key') ?? (key === null ? null : semantics.textOf(key, at));
      if (name === null) open(null, { node: property, at });
      else readValidator(name, property, { node: value, at });
    }
  };

  const readValidator = (name: string, property: Node, written: Written): void => {
    const { module: where } = written.at;
    const outer = validatorCall(written);
    const optional = outer?.method === validators.optional;
    const inner = optional ? (outer.given[0] ?? null) : written;
    const allowed = inner === null ? undefined : textsOf(inner);
    if (allowed === undefined) open(name, { node: property, at: written.at });
    found.push({ type: 'declared', name, optional, allowed: allowed ?? null, node: property, module: where });
  };

  /** The texts that a validator lets through; null: all, undefined: not known. */
  const textsOf = (written: Written): readonly string[] | null | undefined => {
    const made = validatorCall(written);
    if (made === null) return undefined;
    const { method, given } = made;
    if (method === validators.text) return null;
    if (method === validators.literal) {
      const [argument] = given;
      const text = argument === undefined ? null : semantics.textOf(argument.node, argument.at);
      return text === null ? undefined : [text];
    }
    if (method !== validators.union) return undefined;
    const branches = given.map(textsOf);
    if (branches.includes(undefined)) return undefined;
    return branches.includes(null) ? null : branches.flatMap((branch) => branch ?? []);
  };

  const validatorCall = ({
    node,
    at,
  }: Written): { readonly method: string; readonly given: readonly Written[] } | null => {
    const made = followed(node, at);
    const callee = isCall(made.node) ? nodeAt(made.node, 'callee') : null;
    const object = callee !== null && isMember(callee) ? nodeAt(callee, 'object') : null;
    const method = callee !== null && isMember(callee) ? writtenKey(callee, 'property') : null;
    if (object === null || method === null) return null;
    if (!isForeign(semantics.meaningOf(object, made.at), validators.from, validators.object)) return null;
    return { method, given: nodesAt(made.node, 'arguments').map((argument) => ({ node: argument, at: made.at })) };
  };

  const open = (name: string | null, { node, at }: Written): void => {
    found.push({ type: 'open', name, node, module: at.module });
  };

  visit(module.program, { module, scope: module.top });
  return found;
}
