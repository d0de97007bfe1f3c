import type { View } from '../state/route'
import type { Pick } from './pick'

/** What the map tells the rest of the screen. */
export interface MapEvents {
  click: (picks: Pick[]) => void
  hover: (pick: Pick | null) => void
  /** `fitted`: the whole district is shown and nobody has moved the map since */
  moved: (view: View, fitted: boolean) => void
  /** false from the first missing tile until tiles arrive again */
  complete: (complete: boolean) => void
  /** the server does not let us see a tile */
  refused: () => void
  /** true while something that was asked for is not drawn yet */
  busy: (busy: boolean) => void
}
