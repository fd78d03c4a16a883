import type { JsonSchema } from '../model/schema.ts';
import { CHECK_CODE_BODY } from './check-code-shape.ts';
import { FORMAT_VERSIONS, type DocumentKind } from './format-version.ts';
import {
  object,
  words,
  define,
  list,
  said,
  text,
  flag,
  amount,
  textOrNull,
  time,
  address,
  addresses,
  tool,
  DEFINITIONS,
  type ObjectSchema,
} from './machine-definitions.ts';

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
      'ignored?': said(
        list(define('ignored')),
        'rules of policy.ignore that say why, in force; what they leave alone is in no other list',
      ),
      diagnostics: list(define('diagnostic')),
      'cost?': define('cost'),
      'coverage?': define('coverage'),
      'parity?': said(
        list(define('parity')),
        'with --parity: what deployments and the like have after this plan, beside each other; no value stands in it',
      ),
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
      'ignored?': said(
        list(define('ignored')),
        'rules of policy.ignore that say why, in force; what they leave alone is in no other list',
      ),
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
      coverage: define('coverage'),
      unmanaged: said(addresses, 'live in a managed collection, not declared, kept'),
      'ignored?': said(
        list(define('ignored')),
        'rules of policy.ignore that say why, in force; what they leave alone is in no other list',
      ),
      unreadable: said(list(define('unreadable')), 'nothing is said of what is under these'),
      diagnostics: list(define('diagnostic')),
      requests: object({ read: amount, logs: said(amount, 'for who did it') }),
      'proposal?': said(define('proposal'), 'with --propose: edits of the files that say what is live'),
    }),
  },
  explain: {
    title: 'What explain --format json prints',
    body: object({
      tool,
      createdAt: said(time, 'when the live side was read'),
      target: define('target'),
      address,
      standing: words(
        'how it stands between the document and the platform',
        'in-sync',
        'differs',
        'missing',
        'absent',
        'unmanaged',
        'ignored',
        'unknown',
      ),
      declared: {
        description: 'null: the document does not ask for it',
        anyOf: [
          object({
            where: define('place'),
            selector: said(textOrNull, 'the selector that asks for it'),
            fields: list(text, 'the managed ones'),
            line: object({
              type: words('what git knows of that line', 'committed', 'uncommitted', 'unknown'),
              'author?': text,
              'commit?': text,
              'at?': time,
              'summary?': text,
              'why?': text,
            }),
          }),
          { type: 'null' },
        ],
      },
      live: {
        description: 'null: it is not there, or could not be read',
        anyOf: [
          object({
            fields: { type: 'object', description: 'values of fields that are not sensitive' },
            hidden: list(text, 'names of the sensitive ones'),
            fingerprint: said(textOrNull, 'of all of it, under CONVERGE_PLAN_KEY; null: that is not set'),
          }),
          { type: 'null' },
        ],
      },
      'lastEqualAt?': said(time, 'when it was last seen as declared, where a history tells'),
      'by?': define('movedBy'),
      'unattributed?': said(text, 'why nobody can be named for its last event'),
      change: { description: 'what the plan does with it; null: nothing', anyOf: [define('change'), { type: 'null' }] },
      refusals: list(define('refusal')),
      pauses: list(object({ address: text, owner: text, reason: text, expires: time })),
      ignored: list(
        object({ address: text, fields: list(text), reason: text, expires: time }),
        'rules of policy.ignore with a reason that act on it',
      ),
      needs: said(addresses, 'what has to be there for it'),
      dependents: said(addresses, 'what is in it, and what needs it'),
      unreadable: list(define('unreadable')),
      diagnostics: list(define('diagnostic')),
      requests: object({ read: amount, logs: said(amount, 'for its last event') }),
    }),
  },
  'check-code': { title: 'What check-code --format json prints', body: CHECK_CODE_BODY },
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
