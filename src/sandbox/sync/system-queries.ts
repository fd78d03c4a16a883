import { badRequest, notFound } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import type { Deployment } from '../platform/state.ts';
import { authorize } from '../platform/tokens.ts';
import type { Caller } from '../platform/tokens.ts';
import { Misread, shape, text } from '../readers.ts';
import type { Shape } from '../readers.ts';
import type { AddQuery } from './messages.ts';

/** For whom and on what a query runs. */
export interface QueryContext {
  readonly platform: Platform;
  readonly caller: Caller;
  readonly deployment: Deployment;
}

function readArgs<Value>(args: Shape<Value>, given: readonly unknown[]): Value {
  try {
    if (given.length !== 1) throw new Misread('args must hold one object');
    return args(given[0], 'args[0]');
  } catch (error) {
    throw error instanceof Misread ? badRequest('ArgumentValidationError', error.message) : error;
  }
}

const variables = ({ platform, deployment }: QueryContext) =>
  Object.entries(platform.listEnvironment(deployment)).map(([name, value]) => ({ name, value }));

const noArgs = shape({});
const oneName = shape({ name: text });

type SystemQuery = (context: QueryContext, args: readonly unknown[]) => unknown;

/** By canonical path, as the official CLI names them (npm convex 1.48.0, `src/cli/lib/env.ts`). */
const QUERIES: Readonly<Record<string, SystemQuery>> = {
  '_system/cli/queryEnvironmentVariables:default'(context, args) {
    readArgs(noArgs, args);
    return variables(context);
  },
  '_system/cli/queryEnvironmentVariables:get'(context, args) {
    const wanted = readArgs(oneName, args).name;
    return variables(context).find(({ name }) => name === wanted) ?? null;
  },
};

/** The value of a system query. Throws a refusal for what the sandbox does not serve and for wrong arguments. */
export function runSystemQuery(context: QueryContext, { udfPath, args, componentPath }: AddQuery): unknown {
  const query = componentPath === undefined && Object.hasOwn(QUERIES, udfPath) ? QUERIES[udfPath] : undefined;
  if (query === undefined) {
    const where = componentPath === undefined ? '' : ` in the component '${componentPath}'`;
    throw notFound('SandboxDoesNotServe', `The sandbox has no query '${udfPath}'${where}; docs/sandbox.md lists them.`);
  }
  authorize(context.caller, 'deployment:env:view', 'read');
  return query(context, args);
}
