import type { Finding } from '../../../model/kind.ts';
import { Secret } from '../../../model/secret.ts';
import type { EnvVarSpec } from './kind.ts';

/** The rules and limits of the deployment server (convex-backend `environment_variables.rs`, `knobs.rs`). */
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const NAME_BYTES = 256;
const VALUE_BYTES = 8192;
const COUNT = 512;
const TOTAL_BYTES = 512 * 1024;

/** The platform sets these itself; a request that sets one is refused as a whole. */
export const RESERVED: ReadonlySet<string> = new Set(['CONVEX_CLOUD_URL', 'CONVEX_SITE_URL']);

/** Offline checks of one variable. Never says anything of a value but its size. */
export function checkVariable({ name, value }: Partial<EnvVarSpec>): readonly Finding[] {
  return [...checkName(name), ...checkValue(name, value)];
}

/** Limits of one deployment's variables together. A value that is not known counts as empty. */
export function checkVariables(members: readonly Partial<EnvVarSpec>[]): readonly Finding[] {
  const findings: Finding[] = [];
  if (members.length > COUNT) {
    findings.push({
      severity: 'error',
      code: 'CVG305',
      summary: `${String(members.length)} variables in one deployment, the platform holds at most ${String(COUNT)}`,
    });
  }
  const bytes = members.reduce((sum, { name, value }) => sum + Buffer.byteLength(name ?? '') + sizeOf(value), 0);
  if (bytes > TOTAL_BYTES) {
    findings.push({
      severity: 'error',
      code: 'CVG305',
      summary: `names and values of one deployment come to ${String(bytes)} bytes, the platform holds at most ${String(TOTAL_BYTES)}`,
    });
  }
  return findings;
}

function checkName(name: string | undefined): readonly Finding[] {
  if (name === undefined) return [];
  if (RESERVED.has(name)) {
    return [
      {
        severity: 'error',
        code: 'CVG303',
        summary: `${name} is set by the platform itself and cannot be an environment variable`,
        field: 'name',
      },
    ];
  }
  if (NAME.test(name) && Buffer.byteLength(name) <= NAME_BYTES) return [];
  return [
    {
      severity: 'error',
      code: 'CVG302',
      summary: `${JSON.stringify(abbreviated(name))} is not a variable name: letters, digits and "_", not a digit first, at most ${String(NAME_BYTES)} bytes`,
      field: 'name',
    },
  ];
}

function checkValue(name: string | undefined, value: EnvVarSpec['value'] | undefined): readonly Finding[] {
  const bytes = sizeOf(value);
  if (bytes <= VALUE_BYTES) return [];
  return [
    {
      severity: 'error',
      code: 'CVG304',
      summary: `the value of ${abbreviated(name ?? '')} has ${String(bytes)} bytes, the platform holds at most ${String(VALUE_BYTES)}`,
      field: 'value',
    },
  ];
}

function sizeOf(value: EnvVarSpec['value'] | undefined): number {
  return value instanceof Secret ? value.byteLength : 0;
}

function abbreviated(name: string): string {
  return name.length <= 80 ? name : `${name.slice(0, 77)}...`;
}
