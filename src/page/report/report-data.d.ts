/** What stands in a report for its script: see `listData` in src/report/html/list.ts. Every text in it is one line of plain characters. */
export interface ReportData {
  /** In the singular. */
  readonly noun: string;
  /** Word and tone of each. */
  readonly facets: readonly (readonly [word: string, tone: string])[];
  readonly rows: readonly Row[];
}

export interface Row {
  /** Address. */
  readonly a: string;
  /** Index of its facet. */
  readonly t: number;
  /** What differs: name, text, and whether it forces the rest. */
  readonly d?: readonly (readonly [name: string, text: string, forces?: 1])[];
  readonly y?: readonly string[];
  /** How many things go with it. */
  readonly x?: number;
  /** `file:line`. */
  readonly w?: string;
}

/** A container with what is in it. */
export interface Group {
  readonly address: string;
  /** Its own, and of what in it holds nothing else. */
  readonly rows: readonly Row[];
  readonly inside: readonly Group[];
  /** All of them. */
  readonly total: number;
  /** By facet, all of them. */
  readonly counts: readonly number[];
}
