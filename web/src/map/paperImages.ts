import { canvas } from './images'
import { palette } from './palette'

/** The signs of a printed map that a screen has in colours: black on white, told apart by
 *  hatch and line. The style of paper asks for them by these names:
 *  "estate|conclusion|radius" and "name|kind of state". */

/** How far the lines of a hatch are apart. */
const STEP = 3.5

/** Half the height of a sign in the legend, as pixels of a screen. */
const HALF = 10

/** How a map on paper tells names apart: decided on, in use only, and yet to come. */
export type NameKind = 'approved' | 'customary' | 'pending'

/** The dashes of each kind's lines, in widths of the line; none is a whole line. */
export const nameDashes: Record<NameKind, number[]> = { approved: [], customary: [0.1, 2.2], pending: [4, 2.5] }

export const NAME_LINE = 1.4

function hatch(c: OffscreenCanvasRenderingContext2D, side: number, slope: 1 | -1): void {
  c.beginPath()
  for (let at = -side; at < 2 * side; at += STEP) {
    c.moveTo(at, slope > 0 ? side : 0)
    c.lineTo(at + side, slope > 0 ? 0 : side)
  }
  c.stroke()
}

/** An estate's disc: crossed hatch where it breaks the rules, hatch where it keeps them,
 *  empty where nobody knows; a standing estate has a dashed outline. */
export function estateImage(conclusion: string, radius: number): ImageData {
  const side = 2 * (radius + 2)
  const c = canvas(side, side)
  c.strokeStyle = palette.selected
  c.fillStyle = '#FFFFFF'
  c.beginPath()
  c.arc(side / 2, side / 2, radius, 0, 2 * Math.PI)
  c.fill()
  c.save()
  c.clip()
  c.lineWidth = 0.9
  if (conclusion === 'compliant' || conclusion === 'not_compliant') hatch(c, side, 1)
  if (conclusion === 'not_compliant') hatch(c, side, -1)
  c.restore()
  c.lineWidth = 1.6
  if (conclusion === 'built') c.setLineDash([2.5, 2])
  c.beginPath()
  c.arc(side / 2, side / 2, radius, 0, 2 * Math.PI)
  c.stroke()
  return c.getImageData(0, 0, c.canvas.width, c.canvas.height)
}

function spot(c: OffscreenCanvasRenderingContext2D, kind: string, x: number, y: number): void {
  const radius = 4
  c.lineWidth = 1.4
  c.strokeStyle = palette.selected
  c.fillStyle = '#FFFFFF'
  c.beginPath()
  c.arc(x, y, radius, 0, 2 * Math.PI)
  c.fill()
  c.stroke()
  c.fillStyle = palette.selected
  c.beginPath()
  if (kind === 'approved') c.arc(x, y, radius, 0, 2 * Math.PI)
  if (kind === 'customary') c.arc(x, y, radius, Math.PI / 2, (3 * Math.PI) / 2)
  c.fill()
}

/** The point of a place name: full where it was decided on, half where it is only in use,
 *  empty where it is yet to come. */
export function nameImage(kind: string): ImageData {
  const c = canvas(12, 12)
  spot(c, kind, 6, 6)
  return c.getImageData(0, 0, c.canvas.width, c.canvas.height)
}

/** The line and the point of a place name, beside one another, for a legend. */
export function nameSign(kind: NameKind): ImageData {
  const c = canvas(3.6 * HALF, 2 * HALF)
  c.strokeStyle = palette.selected
  c.lineWidth = NAME_LINE
  c.lineCap = kind === 'customary' ? 'round' : 'butt'
  c.setLineDash(nameDashes[kind].map((each) => each * NAME_LINE))
  c.beginPath()
  c.moveTo(1, HALF)
  c.lineTo(2.2 * HALF, HALF)
  c.stroke()
  c.setLineDash([])
  spot(c, kind, 3 * HALF, HALF)
  return c.getImageData(0, 0, c.canvas.width, c.canvas.height)
}

/** An estate's disc with the room of a sign around it. */
export const estateSign = (conclusion: string): ImageData => estateImage(conclusion, HALF - 2)

/** The image of a name that the style of paper asks for; null for any other. */
export function paperImage(name: string): ImageData | null {
  const [prefix, kind = '', radius] = name.split('|')
  if (prefix === 'estate') return estateImage(kind, Number(radius))
  if (prefix === 'name') return nameImage(kind)
  return null
}
