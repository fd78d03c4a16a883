import type { Spec } from './resource.ts';

/**
 * How the code of an app reads the members of a kind: as variables of its process. The kind says where that code is, how
 * it declares what it needs and what the platform gives without being asked; the rest is JavaScript.
 */
export interface CodeContract<S extends object = Spec> {
  /** The app's own file, JSON, and its key that names the folder of the code. */
  readonly manifest: { readonly file: string; readonly key: string; readonly folder: string };
  /** Folders that a tool writes: not read. */
  readonly generated: string;
  /** A module whose export is all variables, typed: its specifier ends with one of these. */
  readonly typed: { readonly modules: readonly string[]; readonly name: string };
  /** Whether what is deployed begins with this file. `path`: relative to the folder of the code, with `/`. */
  isEntry(path: string): boolean;
  /** The file's name says that its folder is a part with an environment of its own, unless it is the folder of the code. */
  readonly partition: string;
  readonly declaration: CodeDeclaration;
  /** Set by the platform itself. */
  readonly builtIn: readonly string[];
  /** There without being declared, and what for: `NODE_ENV`. */
  readonly provided: readonly string[];
  /** Whether the member has one of these texts; null: its value is not known. Never tells what it is. */
  isOneOf(spec: Partial<S>, allowed: readonly string[]): boolean | null;
}

/** `call({ option: { NAME: validator } })` in the file `stem.ts`. */
export interface CodeDeclaration {
  /** Of the file at the top of the folder, without its extension. */
  readonly stem: string;
  readonly from: string;
  readonly call: string;
  readonly option: string;
  /** The module that validators come from, the object that makes them, and its methods. */
  readonly validators: {
    readonly from: string;
    readonly object: string;
    readonly text: string;
    readonly literal: string;
    readonly union: string;
    readonly optional: string;
  };
}
