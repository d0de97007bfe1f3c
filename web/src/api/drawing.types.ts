/** How far a service circle as drawn is from the walking times that count, of the widest
 *  band. Shares are null where there is nobody to take a share of. */
export interface CircleDrawing {
  inside_late: number | null
  outside_in_time: number | null
  /** Seconds beyond the limit; the limit itself stands for as late as that, or later, or
   *  without a way. */
  worst_late_s: number
}
