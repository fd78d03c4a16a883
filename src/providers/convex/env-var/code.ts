import type { CodeContract } from '../../../model/code-contract.ts';
import { Secret } from '../../../model/secret.ts';
import { RESERVED } from './checks.ts';
import type { EnvVarSpec } from './kind.ts';

/**
 * How functions read the variables of their deployment (`convex` 1.48: `src/bundler/index.ts` says what is deployed,
 * `src/server/components/index.ts` what `defineApp` takes, `src/cli/codegen_templates/server.ts` what `env` is).
 */
export const envVarCode: CodeContract<EnvVarSpec> = {
  manifest: { file: 'convex.json', key: 'functions', folder: 'convex' },
  generated: '_generated',
  typed: { modules: ['/_generated/server', '/_generated/server.js', '/_generated/server.ts'], name: 'env' },
  partition: 'convex.config.ts',
  declaration: {
    stem: 'convex.config',
    from: 'convex/server',
    call: 'defineApp',
    option: 'env',
    validators: {
      from: 'convex/values',
      object: 'v',
      text: 'string',
      literal: 'literal',
      union: 'union',
      optional: 'optional',
    },
  },
  builtIn: [...RESERVED],
  // The bundler puts a text in its place.
  provided: ['NODE_ENV'],
  isEntry(path) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (/^[.#]/.test(name) || path.includes(' ')) return false;
    // Bundled by themselves, at the top only.
    if (/^(?:auth|convex)\.config\.[cm]?[jt]sx?$/.test(path)) return true;
    return name.split('.').length === 2;
  },
  isOneOf: ({ value }, allowed) =>
    value instanceof Secret ? allowed.some((text) => value.equals(new Secret(text))) : null,
};
