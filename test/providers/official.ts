import type { components as DeploymentApi } from '@convex-dev/platform/deploymentApi';
import type { components as ManagementApi } from '@convex-dev/platform/managementApi';
import { HttpResponse } from 'msw';
import { onTestFinished } from 'vitest';
import type { RunEvent } from '../../src/model/event.ts';
import type { Listed, ResourceKind, Singly, Together } from '../../src/model/kind.ts';
import type { Provider } from '../../src/model/provider.ts';
import type { LiveResource, Spec } from '../../src/model/resource.ts';
import { PlatformError } from '../../src/model/error.ts';
import { Secret } from '../../src/model/secret.ts';
import type { ConvexApi } from '../../src/providers/convex/api.ts';
import { NO_PROXIES } from '../../src/providers/http/proxies.ts';
import { openProvider, type ProviderOptions } from '../../src/providers/registry.ts';
import { virtualClock } from './virtual-clock.ts';

/* The platform's replies, held to the official package's types. */

type Schemas = ManagementApi['schemas'];
export type CloudDeployment = Extract<Schemas['PlatformDeploymentResponse'], { kind: 'cloud' }>;
export type CreateProjectBody = Schemas['PlatformCreateProjectArgs'];
export type UpdateProjectBody = Schemas['PlatformUpdateProjectArgs'];
export type CreateDeploymentBody = Schemas['PlatformCreateDeploymentArgs'];
export type UpdateDeploymentBody = Schemas['PlatformUpdateDeploymentArgs'];
export type UpdateEnvBody = DeploymentApi['schemas']['UpdateEnvVarsRequest'];

export const API = 'https://api.convex.dev/v1';
export const TOKEN = 'team:acme|tok-3141592653';
export const T0 = 1_795_132_800_000;

export function projectReply(fields: Partial<Schemas['ProjectResponse']> = {}): Schemas['ProjectResponse'] {
  return { id: 7, name: 'Shop', slug: 'shop', teamId: 41, teamSlug: 'acme', createTime: T0, ...fields };
}

export function deploymentReply(fields: Partial<CloudDeployment> = {}): CloudDeployment {
  return {
    kind: 'cloud',
    id: 11,
    name: 'happy-otter-123',
    createTime: T0,
    deploymentType: 'prod',
    projectId: 7,
    creator: 5,
    previewIdentifier: null,
    region: 'aws-us-east-1',
    isDefault: true,
    reference: 'production',
    dashboardEditConfirmation: null,
    deploymentUrl: 'https://happy-otter-123.convex.cloud',
    expiresAt: null,
    class: 's256',
    sendLogsToClient: null,
    ...fields,
  };
}

export function localDeploymentReply(): Schemas['PlatformDeploymentResponse'] {
  return {
    kind: 'local',
    name: 'local-acme-shop',
    createTime: T0,
    deploymentType: 'dev',
    projectId: 7,
    creator: 5,
    previewIdentifier: null,
    port: 3210,
    deviceName: 'laptop',
    isActive: true,
  };
}

export function tokenReply(): Schemas['PlatformTokenDetailsResponse'] {
  return { type: 'teamToken', id: 3, teamId: 41, name: 'ci', createTime: T0 };
}

export function refused(status: number, code: string, message: string, headers: Record<string, string> = {}): Response {
  return HttpResponse.json({ code, message }, { status, headers });
}

/* The provider under test. */

export interface Opened {
  readonly provider: Provider<ConvexApi>;
  readonly api: ConvexApi;
  readonly events: readonly RunEvent[];
  readonly kind: (name: string) => ResourceKind<Spec, ConvexApi>;
}

export const never = new AbortController().signal;

export function open(options: Partial<ProviderOptions> = {}): Opened {
  const events: RunEvent[] = [];
  const provider = openProvider({
    dialect: 'official',
    apiUrl: API,
    token: new Secret(TOKEN),
    allowHosts: [],
    ca: null,
    proxies: NO_PROXIES,
    rate: 50,
    concurrency: 8,
    timeoutMs: 5000,
    clock: virtualClock(),
    chance: () => 0.5,
    onEvent: (event) => events.push(event),
    version: '0.1.0',
    ...options,
  });
  onTestFinished(() => provider.close());
  return {
    provider,
    api: provider.api,
    events,
    kind(name) {
      const found = provider.kinds.find((kind) => kind.name === name);
      if (found === undefined) throw new Error(`no kind ${name}`);
      return found;
    },
  };
}

/** What is listed, as the engine hands it on. */
export function liveOf(kind: ResourceKind<Spec, ConvexApi>, listed: Listed): LiveResource {
  const key = kind.key(listed.spec);
  const address = `${kind.name}:${key}` as LiveResource['address'];
  return { address, kind: kind.name, key, parent: null, id: listed.id, spec: listed.spec, facts: listed.facts };
}

/** The platform error that a promise must end in. */
export async function failure(promise: Promise<unknown>): Promise<PlatformError> {
  const error = await promise.then(
    () => new Error('it succeeded'),
    (caught: unknown) => caught,
  );
  if (!(error instanceof PlatformError)) throw error;
  return error;
}

export const page = (items: readonly unknown[], nextCursor?: string) => ({
  items: [...items] as never[],
  pagination: nextCursor === undefined ? { hasMore: false } : { hasMore: true, nextCursor },
});

/** Live things as an earlier listing showed them. */
export const liveProject = ({ kind }: Opened, id = '7'): LiveResource =>
  liveOf(kind('project'), {
    id,
    parentId: null,
    spec: { slug: 'shop', name: 'Shop' },
    facts: { createTime: T0, teamSlug: 'acme' },
  });

export const liveDeployment = (
  { kind }: Opened,
  {
    spec = {},
    id = '11',
    name = 'happy-otter-123',
  }: { readonly spec?: Spec; readonly id?: string; readonly name?: string } = {},
): LiveResource =>
  liveOf(kind('deployment'), {
    id,
    parentId: '7',
    spec: { reference: 'production', type: 'prod', default: true, ...spec },
    facts: {
      name,
      isDefault: spec['default'] !== false,
      deploymentUrl: `https://${name}.convex.cloud`,
      createTime: T0,
      creator: 5,
      lastDeployTime: null,
    },
  });

export function singly({ kind }: Opened, name: string): Required<Singly<Spec, ConvexApi>> {
  const { write } = kind(name);
  if (write.how !== 'singly' || write.update === undefined || write.delete === undefined) {
    throw new Error(`${name} is not written one by one`);
  }
  return write as Required<Singly<Spec, ConvexApi>>;
}

export function together({ kind }: Opened, name: string): Together<Spec, ConvexApi> {
  const { write } = kind(name);
  if (write.how !== 'together') throw new Error(`${name} is not written together`);
  return write;
}
