/** A cluster to test with: the stand-in, or a real API server. One namespace, one service account with the Role of deploy/. */
export interface Backend extends AsyncDisposable {
  readonly name: string;
  readonly port: number;
  /** PEM that its certificate is verified with. */
  readonly ca: string;
  /** A token that holds what the Role permits. */
  readonly token: () => Promise<string>;
  /** As an administrator: the Lease as it is; null: there is none. */
  readonly lease: (name: string) => Promise<LeaseSeen | null>;
  readonly remove: (name: string) => Promise<void>;
}

export interface LeaseSeen {
  readonly version: string;
  readonly holder: string | null;
  readonly durationSeconds: number;
  readonly transitions: number;
  readonly annotations: Readonly<Record<string, string>>;
}

export const NAMESPACE = 'converge';
/** The name that the Role permits. */
export const LEASE = 'converge';

export function leaseSeen(body: unknown): LeaseSeen {
  const { metadata, spec } = body as {
    readonly metadata: { readonly resourceVersion: string; readonly annotations?: Readonly<Record<string, string>> };
    readonly spec?: {
      readonly holderIdentity?: string;
      readonly leaseDurationSeconds?: number;
      readonly leaseTransitions?: number;
    };
  };
  return {
    version: metadata.resourceVersion,
    holder: spec?.holderIdentity ?? null,
    durationSeconds: spec?.leaseDurationSeconds ?? 0,
    transitions: spec?.leaseTransitions ?? 0,
    annotations: metadata.annotations ?? {},
  };
}
