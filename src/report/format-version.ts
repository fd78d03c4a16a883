/**
 * The version of each kind of document. The minor part grows when something is added, the major part when a reader of
 * the old form would be wrong; one kind's version says nothing of another's.
 */
export const FORMAT_VERSIONS = {
  plan: '1.0',
  apply: '1.0',
  drift: '1.0',
  explain: '1.0',
  'check-code': '1.0',
  validate: '1.0',
  error: '1.0',
} as const;

export type DocumentKind = keyof typeof FORMAT_VERSIONS;
