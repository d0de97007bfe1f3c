import { glyphOf, pathsOf } from './glyphs'
import { palette } from './palette'
import type { PlateSpec } from './plates'

/** The images of the map are drawn here, in code, when the map first asks for them:
 *  there is no sprite file to load and none to keep in step. */

const RATIO = 2
const PLATE = 24
const MARGIN = 3
const TAG = 13

/** A canvas that is drawn on in the pixels of a screen. */
export function canvas(width: number, height: number): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(width * RATIO, height * RATIO).getContext('2d')
  if (!context) throw new Error('no 2d canvas')
  context.scale(RATIO, RATIO)
  return context
}

/** The head of an arrow that points to the right, as lines run. */
export function arrowImage(): ImageData {
  const side = 16
  const c = canvas(side, side)
  c.beginPath()
  c.moveTo(2, 2)
  c.lineTo(14, 8)
  c.lineTo(2, 14)
  c.lineTo(5, 8)
  c.closePath()
  c.fillStyle = palette.selected
  c.strokeStyle = palette.halo
  c.lineWidth = 1.5
  c.stroke()
  c.fill()
  return c.getImageData(0, 0, side * RATIO, side * RATIO)
}

function ring(c: OffscreenCanvasRenderingContext2D, spec: PlateSpec, x: number, y: number): void {
  const radius = PLATE / 2 - 1
  const colour = spec.status === 'suspended' || spec.status === 'closed' ? palette.unsnapped : palette.accent
  c.lineWidth = 2
  c.strokeStyle = colour
  if (spec.status === 'planned') c.setLineDash([3.2, 2.6])
  c.beginPath()
  // Half a ring is half a building.
  if (spec.status === 'building') c.arc(x, y, radius, Math.PI / 2, (3 * Math.PI) / 2)
  else c.arc(x, y, radius, 0, 2 * Math.PI)
  c.stroke()
  c.setLineDash([])
}

/** What is not published stands in a dashed outline. */
function outline(c: OffscreenCanvasRenderingContext2D, x: number, y: number): void {
  c.lineWidth = 1.5
  c.strokeStyle = palette.gap
  c.setLineDash([3, 3])
  c.beginPath()
  c.arc(x, y, PLATE / 2 + 2, 0, 2 * Math.PI)
  c.stroke()
  c.setLineDash([])
}

function mark(c: OffscreenCanvasRenderingContext2D, word: string, width: number): void {
  c.font = "600 9px 'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif"
  const w = Math.min(width, c.measureText(word).width + 6)
  const x = (width - w) / 2
  const y = PLATE + MARGIN + 1
  c.fillStyle = '#FFFFFF'
  c.strokeStyle = palette.gap
  c.lineWidth = 1
  c.beginPath()
  c.roundRect(x + 0.5, y, w - 1, TAG - 2, 3)
  c.fill()
  c.stroke()
  c.fillStyle = '#7A4E0E'
  c.textAlign = 'center'
  c.textBaseline = 'middle'
  c.fillText(word, width / 2, y + TAG / 2 - 0.5)
}

/** A facility's round plate: the type by its glyph, the status by its ring. The
 *  chosen type is filled, so that it leads among the others. */
export function plateImage(spec: PlateSpec): ImageData {
  const width = spec.mark.length > 3 ? 48 : PLATE + 2 * MARGIN + 4
  const below = spec.mark === '' ? 0 : TAG
  // The same room above as below keeps the plate's centre on the place.
  const height = PLATE + 2 * MARGIN + 2 * below
  const c = canvas(width, height)
  const x = width / 2
  const y = height / 2
  c.translate(0, below)
  c.save()
  c.shadowColor = 'rgba(40, 36, 30, .35)'
  c.shadowBlur = 3 * RATIO
  c.shadowOffsetY = RATIO
  const solid = spec.chosen && spec.status === 'open'
  c.fillStyle = solid ? palette.accent : '#FFFFFF'
  c.beginPath()
  c.arc(x, y - below, PLATE / 2, 0, 2 * Math.PI)
  if (spec.status !== 'closed') c.fill()
  c.restore()
  ring(c, spec, x, y - below)
  if (spec.stage) outline(c, x, y - below)
  c.save()
  const size = 15
  c.translate(x - size / 2, y - below - size / 2)
  c.scale(size / 24, size / 24)
  c.lineWidth = 2.1
  c.lineCap = 'round'
  c.lineJoin = 'round'
  c.strokeStyle = solid ? '#FFFFFF' : spec.status === 'open' ? palette.accentDeep : palette.textSoft
  for (const path of pathsOf(glyphOf(spec.type))) c.stroke(path)
  c.restore()
  if (spec.mark !== '') mark(c, spec.mark, width)
  return c.getImageData(0, 0, width * RATIO, height * RATIO)
}

/** Hatching for gaps: a gap must be found in grey print and by any eye. */
export function hatchImage(): ImageData {
  const size = 8
  const c = canvas(size, size)
  c.strokeStyle = palette.gap
  c.lineWidth = 1.1
  c.beginPath()
  for (const shift of [-size, 0, size]) {
    c.moveTo(shift - 1, size + 1)
    c.lineTo(shift + size + 1, -1)
  }
  c.stroke()
  return c.getImageData(0, 0, size * RATIO, size * RATIO)
}

export const imageRatio = RATIO
