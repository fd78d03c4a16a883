import type { JsonSchema } from '../model/schema.ts';
import { FORMAT_VERSIONS, type DocumentKind } from './format-version.ts';

/**
 * The JSON Schema (2020-12) of a machine document, whole. Objects are open and named sets of words are open too: a
 * later minor adds to both, and readers built on these schemas must not break.
 */
export function machineSchema(kind: DocumentKind): JsonSchema {
  const { title, body } = DOCUMENTS[kind];
  const [major] = FORMAT_VERSIONS[kind].split('.');
  const { required, properties } = body;
  const envelope = {
    kind: { const: kind },
    formatVersion: { type: 'string', pattern: `^${major}\\.\\d+$`, description: 'major.minor; a minor only adds' },
  };
  const whole = { ...envelope, ...properties };
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title,
    type: 'object',
    required: [...Object.keys(envelope), ...required],
    properties: whole,
    $defs: definitionsIn(whole),
  };
}

/** The bytes of `schema/<kind>.schema.json`. */
export function machineSchemaText(kind: DocumentKind): string {
  return `${JSON.stringify(machineSchema(kind), null, 2)}\n`;
}

/** The definitions that a schema refers to, and those that these refer to, in the order of {@link DEFINITIONS}. */
function definitionsIn(schema: JsonSchema): JsonSchema {
  const needed = new Set<string>();
  const visit = (part: JsonSchema): void => {
    for (const [, name = ''] of JSON.stringify(part).matchAll(/"#\/\$defs\/(\w+)"/g)) {
      if (needed.has(name)) continue;
      needed.add(name);
      visit(DEFINITIONS[name] ?? {});
    }
  };
  visit(schema);
  return Object.fromEntries(Object.entries(DEFINITIONS).filter(([name]) => needed.has(name)));
}

interface ObjectSchema extends JsonSchema {
  readonly type: 'object';
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, JsonSchema>>;
}

/** All keys are required but those that end with `?`. */
function object(keys: Readonly<Record<string, JsonSchema>>): ObjectSchema {
  const entries = Object.entries(keys);
  return {
    type: 'object',
    required: entries.map(([key]) => key).filter((key) => !key.endsWith('?')),
    properties: Object.fromEntries(entries.map(([key, schema]) => [key.replace(/\?$/, ''), schema])),
  };
}

/** Words of an open set: the known ones are named, others may come. */
function words(description: string, ...known: readonly string[]): JsonSchema {
  return { type: 'string', description, examples: known };
}

const define = (name: string): JsonSchema => ({ $ref: `#/$defs/${name}` });
const list = (items: JsonSchema, description?: string): JsonSchema => ({
  type: 'array',
  items,
  ...(description === undefined ? {} : { description }),
});
const said = (schema: JsonSchema, description: string): JsonSchema => ({ ...schema, description });

const text: JsonSchema = { type: 'string' };
const flag: JsonSchema = { type: 'boolean' };
const amount: JsonSchema = { type: 'integer', minimum: 0 };
const textOrNull: JsonSchema = { type: ['string', 'null'] };
const time: JsonSchema = {
  type: 'string',
  pattern: String.raw`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$`,
  description: 'RFC 3339, UTC',
};
const address: JsonSchema = { type: 'string', description: 'kind:key segments joined with /, keys percent-encoded' };
const addresses = define('addresses');
const action = words('what is done to it', 'create', 'update', 'replace', 'delete');
const tool = said(text, 'version of the tool that wrote the document');

const DEFINITIONS: Readonly<Record<string, JsonSchema>> = {
  addresses: list(address, 'sorted by code point'),
  place: object({ file: text, line: { type: 'integer', minimum: 1 }, column: { type: 'integer', minimum: 1 } }),
  error: object({ code: text, message: text }),
  target: object({ apiUrl: text, dialect: text, teamId: { type: 'integer' }, teamSlug: textOrNull }),
  scope: said(
    object({ target: list(text), exclude: list(text) }),
    '--target and --exclude as given; both empty: everything',
  ),
  diagnostic: object({
    severity: words('errors stop the command', 'error', 'warning'),
    code: said(text, 'stable, CVG and three digits'),
    summary: text,
    'hint?': text,
    'where?': define('place'),
    'also?': said(define('place'), 'the other place of a conflict'),
    'address?': address,
  }),
  refusal: object({
    rule: words(
      'the guard that refuses',
      'protect',
      'threshold',
      'consent',
      'window',
      'empty-document',
      'unsupported',
      'default',
      'budget',
      'claim',
    ),
    addresses,
    message: text,
    override: said(textOrNull, 'what to add to the command, for one run; null: nothing lifts it'),
  }),
  unreadable: object({ collection: said(text, 'its key under the address of its parent'), error: define('error') }),
  field: object({
    field: text,
    sensitive: flag,
    unknown: said(flag, 'the desired value was not resolved'),
    forcesReplacement: flag,
    'before?': { description: 'only where it may be shown' },
    'after?': { description: 'only where it may be shown' },
  }),
  change: object({
    address,
    kind: text,
    action,
    reason: words(
      'why it is there',
      'absent',
      'differs',
      'undeclared',
      'declared-absent',
      'releases-claim',
      'recreated',
    ),
    selector: said(textOrNull, 'the selector that asks for it'),
    takes: said(addresses, 'what dies with it'),
    fields: list(define('field')),
    comparable: said(flag, 'false: the platform withholds the live value'),
    dependsOn: said(addresses, 'changes that must succeed first'),
    'where?': said(define('place'), 'the line that asks for it'),
    'effect?': said(text, 'when it takes effect where that is not at once, such as "at the next push"'),
    'interrupts?': said(text, 'what is interrupted by it, such as "down until verified"'),
    'records?': said(list(define('record')), 'what has to be set up elsewhere for it'),
  }),
  unsettled: object({ address, because: text, records: list(define('record')) }),
  paused: object({
    address: said(text, 'an address, or a glob over addresses'),
    owner: text,
    reason: text,
    expires: time,
    held: said(addresses, 'the changes that it holds, with what depends on them'),
    'where?': said(define('place'), 'its line in the document; absent: a running daemon was asked for it'),
  }),
  record: object({
    type: said(text, 'CNAME, TXT'),
    name: text,
    value: said(textOrNull, 'null: known after apply'),
    why: text,
  }),
  driftItem: object({
    address,
    moved: words('how it is not what the document says', 'changed', 'missing', 'unexpected'),
    fields: list(text, 'names of the fields that differ; empty where the thing itself is missing or unexpected'),
    'since?': said(time, 'when it was last seen equal, where a history tells'),
    'by?': define('movedBy'),
    'unattributed?': said(text, 'why nobody can be named'),
  }),
  movedBy: object({
    actor: words('converge: this tool, with whatever token', 'member', 'token', 'integration', 'system', 'converge'),
    'id?': { type: ['integer', 'string'] },
    'name?': said(text, 'of a member, where the token may list them'),
    'via?': words('as the user agent tells', 'dashboard', 'CLI', 'API'),
    at: time,
    'ip?': said(text, 'only with --show-ip'),
  }),
  outcome: object({
    address,
    action,
    status: words('what became of it', 'succeeded', 'failed', 'blocked', 'pending', 'cancelled', 'uncertain'),
    attempts: said(amount, 'write requests made for it'),
    'error?': define('error'),
    'because?': said(text, 'what it waited for'),
  }),
};

const DOCUMENTS: Readonly<Record<DocumentKind, { readonly title: string; readonly body: ObjectSchema }>> = {
  plan: {
    title: 'What plan --format json prints, and --out saves',
    body: object({
      tool,
      createdAt: time,
      target: define('target'),
      scope: define('scope'),
      changes: said(list(define('change')), 'sorted by address; what needs no change is only counted'),
      summary: object({ create: amount, update: amount, replace: amount, delete: amount, 'no-op': amount }),
      refusals: said(list(define('refusal')), 'not empty: apply writes nothing'),
      unmanaged: said(addresses, 'live in a managed collection, not declared, kept'),
      unreadable: said(list(define('unreadable')), 'nothing is planned under these'),
      'unsettled?': said(list(define('unsettled')), 'as declared, and not finished on the platform; sorted by address'),
      'paused?': said(list(define('paused')), 'pauses in force; what they hold is not in changes'),
      diagnostics: list(define('diagnostic')),
      requests: object({ read: amount, predictedWrites: amount, invalidations: amount }),
      'digests?': { type: 'object', description: 'only in files that --out saves; opaque' },
    }),
  },
  apply: {
    title: 'What apply --format json prints, on every way out',
    body: object({
      tool,
      createdAt: time,
      result: words('refused and stale: nothing was written', 'applied', 'refused', 'stale'),
      target: { anyOf: [define('target'), { type: 'null' }] },
      scope: define('scope'),
      outcomes: said(list(define('outcome')), 'one for each change that was to be made, sorted by address'),
      summary: object({
        succeeded: amount,
        failed: amount,
        blocked: amount,
        pending: amount,
        cancelled: amount,
        uncertain: amount,
      }),
      proof: {
        description: 'what reading again showed; null: nothing was read again',
        anyOf: [object({ converged: flag, remaining: addresses, pending: addresses }), { type: 'null' }],
      },
      requests: object({
        reads: amount,
        writes: amount,
        throttled: said(amount, 'replies 429'),
        waitedMs: said({ type: 'number', minimum: 0 }, 'milliseconds spent waiting for the rate limit'),
      }),
      notApplied: said(addresses, 'differences beyond the saved plan'),
      'unsettled?': said(list(define('unsettled')), 'as declared, and not finished on the platform; sorted by address'),
      'paused?': said(list(define('paused')), 'pauses in force; what they hold was left alone'),
      moved: said(list(text), 'why a saved plan is stale'),
      interrupted: said(textOrNull, 'the signal that ended it'),
      refusals: list(define('refusal')),
      unmanaged: addresses,
      unreadable: list(define('unreadable')),
      diagnostics: list(define('diagnostic')),
    }),
  },
  drift: {
    title: 'What drift --format json prints',
    body: object({
      tool,
      createdAt: said(time, 'when the live side was read'),
      target: define('target'),
      scope: define('scope'),
      items: said(list(define('driftItem')), 'sorted by address; no value stands in them'),
      coverage: {
        type: 'object',
        description: 'by kind, inside of the collections that the document declares',
        additionalProperties: object({
          declared: amount,
          live: said(amount, 'declared and there'),
          unmanaged: said(amount, 'there, not declared, kept'),
        }),
      },
      unmanaged: said(addresses, 'live in a managed collection, not declared, kept'),
      unreadable: said(list(define('unreadable')), 'nothing is said of what is under these'),
      diagnostics: list(define('diagnostic')),
      requests: object({ read: amount, logs: said(amount, 'for who did it') }),
    }),
  },
  validate: {
    title: 'What validate --format json prints',
    body: object({
      tool,
      valid: flag,
      declared: {
        description:
          'how much is declared, by kind, and `selector` for the selectors; null when the document is not valid',
        type: ['object', 'null'],
        additionalProperties: amount,
      },
      diagnostics: list(define('diagnostic')),
    }),
  },
  error: {
    title: 'What stdout carries with --format json when a command ends in errors',
    body: object({ diagnostics: list(define('diagnostic')) }),
  },
};
