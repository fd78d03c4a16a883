/** How much of one kind the document manages, inside of the collections that it declares. */
export interface KindCoverage {
  readonly kind: string;
  readonly declared: number;
  /** Declared and there. */
  readonly live: number;
  /** There, not declared, and kept. */
  readonly unmanaged: number;
}
