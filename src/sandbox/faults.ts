/** Which requests a fault meets. All given keys must hold. */
export interface FaultMatch {
  readonly method?: string;
  /**
   * The whole path without query: a glob (`*` stays within a segment, `**` crosses: `**​/update_environment_variables`)
   * or, between slashes and not ending in a plain segment, a regular expression as `re:^/v1/.*$`.
   */
  readonly path?: string;
  /** The first matching request to meet, counted from 1 (default 1). */
  readonly nth?: number;
  /** How many matching requests in a row, from `nth` on, meet the fault (default 1). */
  readonly times?: number | 'always';
}

/** Whether the platform did the work before things went wrong. */
export type When = 'before' | 'after';
