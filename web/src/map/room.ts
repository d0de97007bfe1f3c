/** How much of the map's sides panels cover. */
export interface Padding {
  top: number
  right: number
  bottom: number
  left: number
}

/** The least width and height of the map that panels leave free. */
const LEAST_PX = 120

/** The padding, less where panels would leave next to nothing of a small window. */
export function roomFor(map: { clientWidth: number; clientHeight: number }, padding: Padding): Padding {
  const { left, right, top, bottom } = padding
  const across = Math.min(1, Math.max(0, map.clientWidth - LEAST_PX) / (left + right || 1))
  const down = Math.min(1, Math.max(0, map.clientHeight - LEAST_PX) / (top + bottom || 1))
  return { left: left * across, right: right * across, top: top * down, bottom: bottom * down }
}
