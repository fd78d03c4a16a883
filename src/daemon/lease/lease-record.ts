/** A Lease as the cluster keeps it; what we know of it, and all of it. */
export interface LeaseRecord {
  /** Changes with every write of anybody; an update names the one that it stands on. */
  readonly version: string;
  /** Null: nobody; it was given back. */
  readonly holder: string | null;
  /** What others wait after they saw it change, milliseconds. */
  readonly termMs: number;
  readonly transitions: number;
  readonly annotations: Readonly<Record<string, string>>;
  /** As it came: an update sends it back whole, so that nothing of others is lost. */
  readonly whole: JsonObject;
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** Where a Lease is. */
export interface LeaseName {
  readonly namespace: string;
  readonly name: string;
}

/** What a holder writes into it. */
export interface Hold {
  readonly identity: string;
  readonly termMs: number;
  /** Milliseconds since epoch; for people, nobody compares it with a clock. */
  readonly now: number;
}

const API_VERSION = 'coordination.k8s.io/v1';
const KIND = 'Lease';

/** Null: it is no Lease, or one that nothing can be made of. */
export function decodeLease(value: unknown): LeaseRecord | null {
  if (!isObject(value) || value['apiVersion'] !== API_VERSION || value['kind'] !== KIND) return null;
  const metadata = value['metadata'];
  const spec = value['spec'] ?? {};
  if (!isObject(metadata) || !isObject(spec)) return null;
  const version = metadata['resourceVersion'];
  if (typeof version !== 'string' || version === '') return null;
  const { holderIdentity = null, leaseDurationSeconds = 0, leaseTransitions = 0 } = spec;
  if (holderIdentity !== null && typeof holderIdentity !== 'string') return null;
  if (typeof leaseDurationSeconds !== 'number' || typeof leaseTransitions !== 'number') return null;
  const annotations = isObject(metadata['annotations']) ? metadata['annotations'] : {};
  return {
    version,
    holder: holderIdentity === '' ? null : holderIdentity,
    termMs: leaseDurationSeconds * 1000,
    transitions: leaseTransitions,
    annotations: Object.fromEntries(
      Object.entries(annotations).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    ),
    whole: value,
  };
}

/** A first Lease, held. */
export function newLease({ namespace, name }: LeaseName, hold: Hold): JsonObject {
  const spec = { ...heldSpec(hold), acquireTime: microTime(hold.now), leaseTransitions: 0 };
  return { apiVersion: API_VERSION, kind: KIND, metadata: { namespace, name }, spec };
}

/** The Lease taken over from whoever had it. */
export function taken(record: LeaseRecord, hold: Hold): JsonObject {
  const isOurs = record.holder === hold.identity;
  return withSpec(record, {
    ...heldSpec(hold),
    ...(isOurs ? {} : { acquireTime: microTime(hold.now), leaseTransitions: record.transitions + 1 }),
  });
}

export function renewed(record: LeaseRecord, hold: Hold): JsonObject {
  return withSpec(record, heldSpec(hold));
}

/** Given back: others need not wait. */
export function released(record: LeaseRecord, now: number): JsonObject {
  const { holderIdentity: _, ...spec } = specOf(record);
  return { ...record.whole, spec: { ...spec, leaseDurationSeconds: 1, renewTime: microTime(now) } };
}

/** With this annotation, or, for null, without it. */
export function annotated(record: LeaseRecord, name: string, text: string | null): LeaseRecord {
  const { [name]: _, ...others } = record.annotations;
  const annotations = text === null ? others : { ...others, [name]: text };
  const metadata = isObject(record.whole['metadata']) ? record.whole['metadata'] : {};
  return { ...record, annotations, whole: { ...record.whole, metadata: { ...metadata, annotations } } };
}

function heldSpec({ identity, termMs, now }: Hold): JsonObject {
  return { holderIdentity: identity, leaseDurationSeconds: termMs / 1000, renewTime: microTime(now) };
}

function withSpec(record: LeaseRecord, spec: JsonObject): JsonObject {
  return { ...record.whole, spec: { ...specOf(record), ...spec } };
}

function specOf({ whole }: LeaseRecord): JsonObject {
  return isObject(whole['spec']) ? whole['spec'] : {};
}

/** Kubernetes' MicroTime takes six digits, no fewer. */
function microTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z');
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
