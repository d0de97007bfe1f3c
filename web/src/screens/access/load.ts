/** From which load on, the mean being 1, a facility is called crowded or has room to spare. */
export const CROWDED = 1.25
export const SPARE = 1 / CROWDED
