/** One record that people have to make elsewhere, as they would type it. */
export interface AdvisedRecord {
  /** `CNAME`, `TXT`. */
  readonly type: string;
  readonly name: string;
  /** Null: known once its container is made. */
  readonly value: string | null;
  /** What it is for, in a few words. */
  readonly why: string;
}
