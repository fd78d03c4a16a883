import { MODES } from '../model/mode.ts';
import type { JsonSchema } from '../model/schema.ts';

/** The names in `$defs` of one change window, one pause, and one item of `policy.ignore`. */
export const WINDOW = 'window';
export const PAUSE = 'pause';
export const IGNORE_RULE = 'ignored';

/** The word under `mode`. */
export function modeDef(what: string): JsonSchema {
  return {
    type: 'string',
    enum: MODES,
    description: `What \`converge watch\` does to ${what}: apply heals where it runs with --apply, observe only reports, suspend leaves it out. The more cautious of this and the flag holds. plan and apply are not bound by it.`,
  };
}

const said = (maxLength: number, description: string): JsonSchema => ({
  type: 'string',
  minLength: 1,
  maxLength,
  description,
});

/** How long texts of a pause may be: they stand in every plan. */
export const LONGEST_OWNER = 200;
export const LONGEST_REASON = 1000;

/** The `$defs` of change windows and pauses. */
export const CHANGE_CONTROL_DEFS: Readonly<Record<string, JsonSchema>> = {
  [WINDOW]: {
    type: 'object',
    required: ['schedule', 'duration'],
    properties: {
      schedule: {
        type: 'string',
        minLength: 1,
        description: 'When it opens: cron, five fields (minute hour day month weekday), or six with seconds in front.',
        examples: ['0 22 * * 1-5'],
      },
      duration: {
        type: 'string',
        pattern: '^\\d+(?:\\.\\d+)?(?:ms|s|m|h|d)$',
        description: 'How long it is open, as in 30m or 2h.',
        examples: ['2h'],
      },
      timeZone: {
        type: 'string',
        minLength: 1,
        description: 'The IANA time zone of the schedule; UTC where it is not written.',
        examples: ['Europe/Berlin'],
      },
    },
    additionalProperties: false,
  },
  [PAUSE]: {
    type: 'object',
    required: ['address', 'owner', 'reason', 'expires'],
    properties: {
      address: {
        type: 'string',
        minLength: 1,
        description: 'An address, or an address glob: nobody changes what it matches, nor what that contains.',
      },
      owner: said(LONGEST_OWNER, 'Who asked for it, and may be asked.'),
      reason: said(LONGEST_REASON, 'Why, for everybody who sees the plan.'),
      expires: {
        type: 'string',
        minLength: 1,
        description:
          'When it ends by itself, 30 days from now at most: 2026-12-01 (its beginning in UTC), or 2026-12-01T18:00:00+01:00.',
      },
    },
    additionalProperties: false,
  },
  [IGNORE_RULE]: {
    type: ['string', 'object'],
    minLength: 1,
    description:
      'An address glob of things that others own; or a map with a reason and an expiry, of whole things or of some fields, which reports count.',
    required: ['address', 'reason', 'expires'],
    properties: {
      address: {
        type: 'string',
        minLength: 1,
        description: 'An address, or an address glob: what is ignored, with what it contains.',
      },
      fields: {
        type: 'array',
        minItems: 1,
        items: { type: 'string', minLength: 1, examples: ['value'] },
        description:
          'Only these fields are left as they are, by the names that plans give them; the thing itself is managed. Absent: the whole thing.',
      },
      reason: said(LONGEST_REASON, 'Why, for everybody who sees a report.'),
      expires: {
        type: 'string',
        minLength: 1,
        description:
          'When it ends by itself, and what it hid is reported again: 2026-12-01 (its beginning in UTC), or 2026-12-01T18:00:00+01:00.',
      },
    },
    additionalProperties: false,
  },
};
