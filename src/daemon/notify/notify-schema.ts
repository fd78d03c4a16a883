/** What a target may be told of. */
export const RULES = [
  'drift',
  'healed',
  'applied',
  'failed',
  'held',
  'stalled',
  'invalid',
  'unreachable',
  'recovered',
] as const;

export type Rule = (typeof RULES)[number];

/** Without `rules`: what a team wants to hear of, and not what it does itself. */
export const USUAL_RULES: readonly Rule[] = [
  'drift',
  'healed',
  'failed',
  'stalled',
  'invalid',
  'unreachable',
  'recovered',
];

export const USUAL_PER_MINUTE = 6;

const PLACE = {
  type: 'object',
  additionalProperties: false,
  minProperties: 1,
  maxProperties: 1,
  properties: {
    env: { type: 'string', pattern: '^[A-Za-z_][A-Za-z0-9_]*$', description: 'A variable of the environment.' },
    file: { type: 'string', minLength: 1, description: 'A file, relative to this one; read for every message.' },
  },
};

const COMMON = {
  name: {
    type: 'string',
    pattern: '^[a-z0-9][a-z0-9-]{0,39}$',
    description: 'What logs and metrics call it: a-z, 0-9 and hyphens.',
  },
  urlFrom: {
    $ref: '#/$defs/place',
    description: 'Where its URL is: the URL itself is a secret and never stands here.',
  },
  rules: {
    type: 'array',
    minItems: 1,
    uniqueItems: true,
    items: { enum: RULES },
    description: `What it is told of (default: ${USUAL_RULES.join(', ')}).`,
  },
  addresses: {
    type: 'array',
    minItems: 1,
    items: { type: 'string', minLength: 1 },
    description: 'Only of what these globs match; what concerns no address is told all the same.',
  },
  perMinute: {
    type: 'integer',
    minimum: 1,
    maximum: 60,
    description: `Messages a minute at most (default ${USUAL_PER_MINUTE}); what is more is summed up in the next.`,
  },
  plainHttp: { type: 'boolean', description: 'Its URL may be http: for a receiver in the same cluster.' },
};

/** The schema of a `--notify` file, for editors and for us. */
export const NOTIFY_SCHEMA: Readonly<Record<string, unknown>> = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Notifications of converge watch',
  type: 'object',
  additionalProperties: false,
  required: ['version', 'targets'],
  properties: {
    version: { const: 1 },
    targets: { type: 'array', minItems: 1, maxItems: 20, items: { $ref: '#/$defs/target' } },
  },
  $defs: {
    place: PLACE,
    target: {
      type: 'object',
      required: ['name', 'type', 'urlFrom'],
      properties: { type: { enum: ['webhook', 'slack'] } },
      // One of them says what is wrong, not both.
      if: { properties: { type: { const: 'slack' } } },
      // oxlint-disable-next-line unicorn/no-thenable -- a word of JSON Schema
      then: { additionalProperties: false, properties: { type: true, ...COMMON } },
      else: {
        additionalProperties: false,
        properties: {
          type: true,
          ...COMMON,
          secretFrom: { $ref: '#/$defs/place', description: 'Where the key is that signs the messages.' },
        },
      },
    },
  },
};

export function notifySchemaText(): string {
  return `${JSON.stringify(NOTIFY_SCHEMA, null, 2)}\n`;
}
