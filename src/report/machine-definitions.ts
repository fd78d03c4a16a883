import type { JsonSchema } from '../model/schema.ts';

export interface ObjectSchema extends JsonSchema {
  readonly type: 'object';
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, JsonSchema>>;
}

/** All keys are required but those that end with `?`. */
export function object(keys: Readonly<Record<string, JsonSchema>>): ObjectSchema {
  const entries = Object.entries(keys);
  return {
    type: 'object',
    required: entries.map(([key]) => key).filter((key) => !key.endsWith('?')),
    properties: Object.fromEntries(entries.map(([key, schema]) => [key.replace(/\?$/, ''), schema])),
  };
}

/** Words of an open set: the known ones are named, others may come. */
export function words(description: string, ...known: readonly string[]): JsonSchema {
  return { type: 'string', description, examples: known };
}

export const define = (name: string): JsonSchema => ({ $ref: `#/$defs/${name}` });
export const list = (items: JsonSchema, description?: string): JsonSchema => ({
  type: 'array',
  items,
  ...(description === undefined ? {} : { description }),
});
export const said = (schema: JsonSchema, description: string): JsonSchema => ({ ...schema, description });

export const text: JsonSchema = { type: 'string' };
export const flag: JsonSchema = { type: 'boolean' };
export const amount: JsonSchema = { type: 'integer', minimum: 0 };
export const textOrNull: JsonSchema = { type: ['string', 'null'] };
export const time: JsonSchema = {
  type: 'string',
  pattern: String.raw`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$`,
  description: 'RFC 3339, UTC',
};
export const address: JsonSchema = {
  type: 'string',
  description: 'kind:key segments joined with /, keys percent-encoded',
};
export const addresses = define('addresses');
export const action = words('what is done to it', 'create', 'update', 'replace', 'delete');
export const tool = said(text, 'version of the tool that wrote the document');

/** What several documents are made of, by name. */
export const DEFINITIONS: Readonly<Record<string, JsonSchema>> = {
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
      'policy',
      'invariant',
    ),
    addresses,
    message: text,
    override: said(textOrNull, 'what to add to the command, for one run; null: nothing lifts it'),
  }),
  parity: object({
    group: said(textOrNull, 'address of what contains the containers; null: they stand at the top'),
    kind: said(text, 'the kind of the members that are compared'),
    listed: said(flag, 'false: which containers there are is not known'),
    columns: list(
      object({
        containers: said(addresses, 'with equal contents'),
        unseen: {
          description: 'why not all that is in them is known; null: all is',
          anyOf: [words('why', 'undeclared', 'unreadable', 'unresolved', 'new'), { type: 'null' }],
        },
      }),
      'by the address of the first container',
    ),
    rows: list(
      object({
        key: text,
        standing: words('what the row comes to', 'same', 'differs', 'missing', 'unknown'),
        cells: list(
          object({
            state: words('what is there', 'set', 'missing', 'withheld', 'unresolved', 'unknown'),
            'letter?': said(text, 'of what is set: equal letters in one row are equal values'),
          }),
          'one for each column',
        ),
      }),
      'by key',
    ),
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
  coverage: {
    type: 'object',
    description: 'by kind, inside of the collections that the document declares',
    additionalProperties: object({
      declared: amount,
      live: said(amount, 'declared and there'),
      unmanaged: said(amount, 'there, not declared, kept'),
    }),
  },
  cost: object({
    requests: said(amount, 'of an apply that begins now, reading and proof included, when nothing goes wrong'),
    seconds: said(amount, 'that these take at the rate'),
    rate: said({ type: 'number', exclusiveMinimum: 0 }, 'requests per second'),
    containers: list(
      object({
        address,
        writes: said(amount, 'write requests in it'),
        invalidations: said(amount, 'times that its clients read again what they have subscribed to'),
      }),
      'only where something is written; sorted by address',
    ),
  }),
  ignored: object({
    address: said(text, 'an address or a glob over addresses'),
    fields: list(text, 'only these are left as they are; empty: the whole things'),
    reason: text,
    expires: time,
    things: said(addresses, 'what it matches'),
    differing: said(addresses, 'of them those whose fields are not as declared; whole things are not compared'),
    'where?': define('place'),
  }),
  driftItem: object({
    address,
    moved: words('how it is not what the document says', 'changed', 'missing', 'unexpected'),
    fields: list(text, 'names of the fields that differ; empty where the thing itself is missing or unexpected'),
    severity: words('how much it matters', 'high', 'medium', 'low'),
    'where?': said(define('place'), 'the line that declares it, or the collection that it is in'),
    'since?': said(time, 'when it was last seen equal, where a history tells'),
    'by?': define('movedBy'),
    'unattributed?': said(text, 'why nobody can be named'),
  }),
  proposal: object({
    written: said(flag, 'the files hold the edits now'),
    files: list(
      object({
        path: text,
        edits: list(
          object({
            addresses: said(addresses, 'everything that the line speaks for'),
            does: words('what becomes of the line', 'changed', 'added', 'removed'),
            line: said(amount, 'of the file before the edits'),
          }),
        ),
        diff: said(text, 'unified; values that are not plainly harmless are masked'),
      }),
      'by path',
    ),
    refused: list(object({ address, why: said(text, 'and what to do instead') }), 'what drifted and is not edited'),
    toSet: list(
      object({
        name: text,
        known: said(flag, 'the files take a value from there already'),
        finalNewline: said(flag, 'the value ends with a newline, of which one is taken away: give it one more'),
        uses: addresses,
      }),
      'variables that must hold what is live where the tool runs',
    ),
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
