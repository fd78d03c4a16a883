import type { LiveResource } from '../../../model/resource.ts';
import { reveal, Secret } from '../../../model/secret.ts';
import type { ConvexApi } from '../api.ts';
import type { EnvVarSpec } from './kind.ts';

/** The text of a value for the wire. */
export function textOf(name: string | undefined, value: EnvVarSpec['value'] | undefined): string {
  if (!(value instanceof Secret)) throw new Error(`the value of ${name ?? 'a variable'} is not resolved`);
  return reveal(value);
}

/** No message of the platform about this deployment may show one of them (law C). */
export function noteSecrets(api: ConvexApi, deployment: LiveResource, specs: readonly Partial<EnvVarSpec>[]): void {
  api.scrubber.note(
    deployment.address,
    specs.map(({ value }) => value).filter((value) => value instanceof Secret),
  );
}
