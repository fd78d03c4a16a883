/** Where a replica stands, as it knows it. */
export interface Standing {
  readonly isLeader: boolean;
  /** The cluster has answered, since the start. */
  readonly isSeen: boolean;
  /** Who has the Lease as it was last seen; null: nobody, or it was never seen. */
  readonly holder: string | null;
  /** Why it could not be read or written; null: it could, the last time. */
  readonly problem: string | null;
  /** Calls to the cluster that were not answered, since the start. */
  readonly unanswered: number;
}

/** Before the first look. */
export const UNSEEN: Standing = { isLeader: false, isSeen: false, holder: null, problem: null, unanswered: 0 };

/** Whether it is worth telling: one problem after the other is one problem. */
export function isAnother(before: Standing, after: Standing): boolean {
  return (
    before.isLeader !== after.isLeader ||
    before.isSeen !== after.isSeen ||
    before.holder !== after.holder ||
    (before.problem === null) !== (after.problem === null)
  );
}
