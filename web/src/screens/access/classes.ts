/** Classes of places per 1,000 people, for a map and its legend. Pure. */
import { palette } from '../../map/palette'

export const CLASSES = 5

/** The upper ends of classes with about as many values each, ascending; fewer where values
 *  repeat. Nobody's place is a class of its own and not among them. */
export function breaksOf(values: readonly number[], classes = CLASSES): number[] {
  const sorted = values.filter((value) => value > 0).sort((a, b) => a - b)
  const ends: number[] = []
  for (let k = 1; k <= classes; k++) {
    const end = sorted[Math.ceil((sorted.length * k) / classes) - 1]
    if (end !== undefined && end !== ends.at(-1)) ends.push(end)
  }
  return ends
}

/** The class of a value: 0 for none, then 1 to the number of breaks. */
export function classOf(value: number, breaks: readonly number[]): number {
  if (!(value > 0)) return 0
  const at = breaks.findIndex((end) => value <= end)
  return at < 0 ? breaks.length : at + 1
}

/** Where a class lies between the map's palest and deepest colour; none is on the other side,
 *  where the colour of gaps is. */
export function shadeOf(index: number, breaks: readonly number[]): number {
  if (index === 0) return -0.45
  return breaks.length < 2 ? 0.6 : 0.08 + (0.92 * (index - 1)) / (breaks.length - 1)
}

/** A difference on the same scale: less is the colour of gaps, more the map's own. */
export function shadeOfChange(value: number, most: number): number {
  if (!(most > 0) || value === 0) return 0
  return Math.sign(value) * (0.25 + 0.75 * Math.min(1, Math.abs(value) / most))
}

const channels = (colour: string): number[] => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16))

/** The colour that the map draws for a shade, as it mixes it. */
export function colourOf(shade: number): string {
  const [from, to] = [channels(palette.shareLow), channels(shade < 0 ? palette.gap : palette.shareHigh)]
  const share = Math.min(1, Math.abs(shade))
  return `#${from.map((value, i) => Math.round(value + ((to[i] ?? 0) - value) * share).toString(16).padStart(2, '0')).join('')}`
}
