import type { paths as DeploymentPaths } from '@convex-dev/platform/deploymentApi';
import type { paths as ManagementPaths } from '@convex-dev/platform/managementApi';
import { expect, expectTypeOf, test } from 'vitest';
import { officialDialect } from '../../src/sandbox/official-routes.ts';
import type { Operation } from '../../src/sandbox/operation.ts';

/*
 * Every reply of the sandbox is held to the official package's types at compile time: a wrong path, method, field or
 * type does not compile. Closed sets of strings are opened first, because the platform adds regions, classes and
 * actions without asking; the words that tell unions apart stay as they are.
 */

type Discriminant =
  | 'cloud'
  | 'local'
  | 'selfHosted'
  | 'teamToken'
  | 'projectToken'
  | 'system'
  | 'member'
  | 'token'
  | 'integration';
type Opened<T> = T extends string
  ? T extends Discriminant
    ? T
    : string
  : T extends readonly (infer Item)[]
    ? readonly Opened<Item>[]
    : T extends object
      ? { readonly [K in keyof T]: Opened<T[K]> }
      : T;

type Success<R> = R extends { 200: infer Ok } ? Ok : R extends { 204: infer Ok } ? Ok : 'no such success';
type Json<Ok> = Ok extends { content: { 'application/json': infer Body } } ? Body : never;

/** The official reply body of `METHOD /path`; never where the specification has none. */
type Official<Paths, Key> = Key extends `${infer Method} ${infer Path}`
  ? Path extends keyof Paths
    ? Lowercase<Method> extends keyof Paths[Path]
      ? Paths[Path][Lowercase<Method>] extends { responses: infer R }
        ? Json<Success<R>>
        : 'no such method'
      : 'no such method'
    : 'no such path'
  : never;

type Ours<Row> = Row extends Operation<infer Result> ? Result : 'not a row';

/** The keys of rows whose reply the official type would not take. Empty when all is well. */
type Wrong<Table, Paths> = {
  [Key in keyof Table]: [Ours<Table[Key]>] extends [Opened<Official<Paths, Key>>] ? never : Key;
}[keyof Table];

/** The keys of rows that answer nothing where the specification has a body. */
type Missing<Table, Paths> = {
  [Key in keyof Table]: [Ours<Table[Key]>] extends [never]
    ? [Official<Paths, Key>] extends [never]
      ? never
      : Key
    : never;
}[keyof Table];

test('every management reply has the official type', () => {
  type Table = typeof officialDialect.management;
  expectTypeOf<Wrong<Table, ManagementPaths>>().toBeNever();
  expectTypeOf<Missing<Table, ManagementPaths>>().toBeNever();
  expect(Object.keys(officialDialect.management)).toHaveLength(25);
});

test('every deployment API reply has the official type', () => {
  type Table = typeof officialDialect.deployment;
  expectTypeOf<Wrong<Table, DeploymentPaths>>().toBeNever();
  expectTypeOf<Missing<Table, DeploymentPaths>>().toBeNever();
  expect(Object.keys(officialDialect.deployment)).toHaveLength(6);
});

test('the comparison has teeth', () => {
  type Right = { 'GET /token_details': Operation<{ type: 'teamToken'; id: 1; teamId: 41; name: 'x'; createTime: 1 }> };
  type WrongField = {
    'GET /token_details': Operation<{ type: 'teamToken'; id: 1; teamId: '41'; name: 'x'; createTime: 1 }>;
  };
  type WrongPath = { 'GET /token_detail': Operation<object> };
  type NoBody = { 'GET /token_details': Operation<never> };
  expectTypeOf<Wrong<Right, ManagementPaths>>().toBeNever();
  expectTypeOf<Wrong<WrongField, ManagementPaths>>().toEqualTypeOf<'GET /token_details'>();
  expectTypeOf<Wrong<WrongPath, ManagementPaths>>().toEqualTypeOf<'GET /token_detail'>();
  expectTypeOf<Missing<NoBody, ManagementPaths>>().toEqualTypeOf<'GET /token_details'>();
});
