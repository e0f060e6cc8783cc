/** One canary pixel that does not hold what masking should have left there. */
export interface MaskFault {
  readonly zone: string;
  readonly plane: 'luma' | 'u' | 'v';
  /** In pixels of that plane. */
  readonly x: number;
  readonly y: number;
  readonly expected: number;
  readonly found: number;
}
