import { deploymentCaller, deploymentOfKey, managementCaller } from './credentials.ts';
import type { Sender } from './credentials.ts';
import type { Operation, Reply, UrlOf } from './operation.ts';
import { SandboxError, badRequest, forbidden, notFound } from './platform/errors.ts';
import type { Platform } from './platform/platform.ts';
import { regionLabel } from './platform/state.ts';
import type { Deployment } from './platform/state.ts';
import { authorize } from './platform/tokens.ts';
import type { Caller } from './platform/tokens.ts';
import { Misread } from './readers.ts';
import type { Shape } from './readers.ts';
import { createRouter } from './router.ts';
import type { Match } from './router.ts';

/** The routes of one dialect. */
export interface Dialect {
  /** Under `/v1`. */
  readonly management: Readonly<Record<string, Operation>>;
  /** Under `{deploymentUrl}/api/v1`. */
  readonly deployment: Readonly<Record<string, Operation>>;
  /** Under `{deploymentUrl}/api`, without a version: what the official CLI calls. */
  readonly unversioned?: Readonly<Record<string, Operation>>;
  /** The sync socket of deployments is served, for the official CLI. */
  readonly sync?: true;
}

/** A request without its body. */
export interface RequestHead extends Sender {
  readonly method: string;
  /** As sent, without the query. */
  readonly path: string;
  readonly contentType: string | undefined;
}

export type RequestBody =
  | { readonly kind: 'none' }
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'bad'; readonly why: string };

/** What a request is for, known before its body is read. */
export interface Target {
  readonly deployment?: string;
  /** At most one running request for each of these names. */
  readonly exclusive?: string;
  readonly access: 'read' | 'write';
  /** Does the work. Never throws: refusals are replies. */
  readonly answer: (body: RequestBody, query: URLSearchParams) => Reply;
}

/** The last part of a deployment's URL: its name, and outside us-east-1 its region (as in the real URLs). */
export function urlLabel({ name, region }: Pick<Deployment, 'name' | 'region'>): string {
  const label = regionLabel(region);
  return label === '' ? name : `${name}.${label}`;
}

/** An error as the platform's JSON. */
export function refusal(error: unknown): Reply {
  const { status, code, message } =
    error instanceof SandboxError
      ? error
      : { status: 500, code: 'InternalServerError', message: `The sandbox failed: ${String(error)}` };
  return { status, body: { code, message } };
}

function read<Value>(shape: Shape<Value>, value: unknown, code: string): Value {
  try {
    return shape(value, '');
  } catch (error) {
    throw error instanceof Misread ? badRequest(code, error.message) : error;
  }
}

function readQuery(operation: Operation, query: URLSearchParams): unknown {
  const given = Object.fromEntries(query);
  const keys = Object.keys(given);
  if (keys.length !== query.size) throw badRequest('BadQueryArgs', 'A query parameter is given twice.');
  if (operation.query !== null) return read(operation.query, given, 'BadQueryArgs');
  if (keys.length > 0) throw badRequest('BadQueryArgs', `This operation takes no query parameters: ${keys.join(', ')}`);
  return undefined;
}

function readBody(operation: Operation, body: RequestBody, contentType: string | undefined): unknown {
  if (body.kind === 'bad') throw badRequest('BadJsonBody', body.why);
  if (operation.body === null) {
    // Clients that always send JSON send `{}` where nothing is asked for.
    const empty = body.kind === 'none' || JSON.stringify(body.value) === '{}';
    if (!empty) throw badRequest('BadJsonBody', 'This operation takes no body.');
    return undefined;
  }
  if (contentType?.split(';')[0]?.trim().toLowerCase() !== 'application/json') {
    throw badRequest('BadJsonBody', 'Content-Type must be application/json.');
  }
  if (body.kind === 'none') throw badRequest('BadJsonBody', 'This operation needs a JSON body.');
  return read(operation.body, body.value, 'BadJsonBody');
}

function accessOf(method: string, { access }: Pick<Operation, 'access'>): 'read' | 'write' {
  return access ?? (method === 'GET' || method === 'HEAD' ? 'read' : 'write');
}

/** By the URL's label; where the client dropped the URL's path, by the deploy key's name. */
function deploymentOf(platform: Platform, head: Sender, caller: Caller, label: string | null): Deployment {
  const named = deploymentOfKey(head);
  const wanted = label?.split('.')[0] ?? named;
  if (wanted === null) {
    throw notFound('DeploymentNotFound', 'Neither the URL nor the key names a deployment (use NAME|sandbox).');
  }
  const deployment = platform.deployment(caller, wanted);
  if (label !== null && label !== urlLabel(deployment)) {
    throw notFound('DeploymentNotFound', `The deployment ${wanted} does not live here: use its deploymentUrl.`);
  }
  if (named !== null && named !== wanted) {
    throw new SandboxError(403, 'BadDeployKey', `This deploy key is for ${named}, not for ${wanted}.`);
  }
  return deployment;
}

/** The sender of a request to a deployment's API, and the deployment. Throws what the platform refuses. */
export function admitToDeployment(
  platform: Platform,
  sender: Sender,
  label: string | null,
): { readonly caller: Caller; readonly deployment: Deployment } {
  const caller = deploymentCaller(platform, sender);
  return { caller, deployment: deploymentOf(platform, sender, caller, label) };
}

/** Answers requests of one dialect from one platform. Knows no sockets. */
export function createApi(platform: Platform, dialect: Dialect, urlOf: UrlOf): (head: RequestHead) => Target {
  const management = createRouter(dialect.management);
  const deploymentApi = createRouter(dialect.deployment);
  const unversioned = createRouter(dialect.unversioned ?? {});

  const target = (
    head: RequestHead,
    { operation, path }: Match,
    admit: () => { readonly caller: Caller; readonly deployment?: Deployment },
  ): Target['answer'] => {
    const perform = (body: RequestBody, query: URLSearchParams): Reply => {
      const { caller, deployment } = admit();
      authorize(caller, operation.permission, accessOf(head.method, operation));
      if (operation.tokens === 'personal' && caller.token.kind !== 'personal') throw forbidden(operation.permission);
      const call = {
        platform,
        caller,
        urlOf,
        path,
        deployment: () => deployment,
        query: readQuery(operation, query),
        body: readBody(operation, body, head.contentType),
      };
      // The row's own readers made query and body; the table has only forgotten their types.
      return operation.answer(call as never);
    };
    return (body, query) => {
      try {
        return perform(body, query);
      } catch (error) {
        return refusal(error);
      }
    };
  };

  return (head) => {
    const { method, path } = head;
    const managed = path.startsWith('/v1/') ? management.match(method, path.slice('/v1'.length)) : undefined;
    if (managed !== undefined) {
      return {
        access: accessOf(method, managed.operation),
        answer: target(head, managed, () => ({ caller: managementCaller(platform, head) })),
      };
    }
    const [direct, label = null, version, rest = ''] = /^(?:\/([^/]+))?\/api(\/v1)?(\/.*)$/.exec(path) ?? [];
    const table = version === undefined ? unversioned : deploymentApi;
    const found = direct === undefined ? undefined : table.match(method, rest);
    if (found !== undefined) {
      const name = label?.split('.')[0] ?? deploymentOfKey(head);
      return {
        ...(name === null ? {} : { deployment: name }),
        ...(name !== null && found.operation.exclusive ? { exclusive: name } : {}),
        access: accessOf(method, found.operation),
        answer: target(head, found, () => admitToDeployment(platform, head, label)),
      };
    }
    const message = `The sandbox does not serve ${method} ${path}; docs/sandbox.md lists what it does.`;
    return { access: accessOf(method, {}), answer: () => refusal(notFound('SandboxDoesNotServe', message)) };
  };
}
