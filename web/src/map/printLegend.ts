import type { PrintSign } from '../api/print.types'
import type { Messages } from '../text/zh'
import { plateImage } from './images'
import type { Reach } from '../state/reach'
import { CLOSE, walkClasses, type Group, type Look } from './layers'
import { palette } from './palette'
import { estateSign, nameSign } from './paperImages'
import type { NamesDrawn } from './print'

/** What the legend of a print needs to know. */
export interface LegendOf {
  look: Look
  hidden: ReadonlySet<Group>
  zoom: number
  reach: Reach
  /** judged by division: there are no circles and no times */
  byDivision: boolean
  /** divisions are shaded by their street data */
  streets: boolean
  bandText: string
  typeTitle: string
  grey: boolean
  names: NamesDrawn
  /** estates that nobody drew, of the whole district; null where estates could not be read */
  unplaced: number | null
  /** a plan is tried out, which a sheet does not show */
  trial: boolean
}

/** What the screen shows and the sheet does not, in words. */
export function unprinted(m: Messages, of: LegendOf): string[] {
  const t = m.print.unprinted
  const out: string[] = []
  if (!of.hidden.has('estates')) {
    if (of.unplaced === null) out.push(t.estatesFailed)
    else if (of.unplaced > 0) out.push(t.unplaced(String(of.unplaced)))
  }
  if (of.names === 'far') out.push(t.namesFar)
  if (of.names === 'some') out.push(t.namesSome)
  if (of.names === 'failed') out.push(t.namesFailed)
  if (of.trial) out.push(t.trial)
  return out
}

const STATUSES = ['open', 'planned', 'building', 'suspended', 'closed']

/** The legend of what is drawn at a zoom, in words, as a print has it. */
export function printLegend(m: Messages, of: LegendOf): PrintSign[] {
  const t = m.legend
  const signs: PrintSign[] = []
  const shown = (group: Group): boolean => !of.hidden.has(group)
  const add = (sign: Omit<PrintSign, 'zh' | 'en'>, text: string): void => {
    signs.push({ ...(of.grey ? inGrey(sign) : sign), [of.look.lang]: text })
  }
  if (shown('gaps')) add({ kind: 'area', color: palette.gapFill, edge: palette.gap, hatch: palette.gap }, of.reach.gaps)
  if (shown('circles') && !of.byDivision) {
    const edge = of.zoom >= CLOSE ? { edge: palette.accent } : {}
    add({ kind: 'area', color: palette.circleFill, ...edge }, of.reach.circles)
  }
  if (shown('divisions')) add({ kind: 'ramp', color: palette.shareLow, to: palette.shareHigh }, of.streets ? `${m.question.shaded} 0–100` : `${t.divisions} 0–100 %`)
  if (shown('people')) {
    const [near, middle, far] = walkClasses(of.look)
    const unit = of.look.metres ? t.metre : t.minute
    add({ kind: 'heading' }, of.zoom < CLOSE ? t.peopleDensity(of.bandText) : of.reach.people(of.bandText))
    const walks = [[palette.near, near], [palette.middle, middle], [palette.far, far]] as const
    if (of.byDivision) add({ kind: 'dot', color: palette.near }, of.reach.within)
    else for (const [color, end] of walks) add({ kind: 'dot', color }, `${t.upTo(String(end))} ${unit}`)
    add({ kind: 'dot', color: palette.gap }, of.reach.beyond)
    add({ kind: 'dot', color: palette.unsnapped }, of.reach.unsnapped)
  }
  if (shown('facilities')) {
    const chosen = { type: of.look.type, chosen: true, mark: '' }
    add({ kind: 'picture', png: plate({ ...chosen, status: 'open' }, of.grey) }, t.facilities(of.typeTitle))
    add({ kind: 'heading' }, m.print.statuses)
    for (const status of STATUSES) add({ kind: 'picture', png: plate({ ...chosen, status }, of.grey) }, m.status[status] ?? status)
  }
  if (shown('others') && of.zoom >= 12) add({ kind: 'picture', png: plate({ type: 'other', status: 'open', chosen: false, mark: '' }, of.grey) }, t.others)
  if (shown('estates') && of.unplaced !== null) {
    add({ kind: 'heading' }, m.print.estates)
    for (const conclusion of ['compliant', 'not_compliant', 'open']) add({ kind: 'picture', png: picture(estateSign(conclusion), of.grey) }, m.estates.conclusion[conclusion] ?? conclusion)
    add({ kind: 'picture', png: picture(estateSign('built'), of.grey) }, m.print.standing)
  }
  if (of.names === 'some' || of.names === 'all') {
    add({ kind: 'heading' }, m.print.names)
    const kinds = [['approved', m.names.map.standard], ['customary', m.names.map.customary], ['pending', m.names.map.pending]] as const
    for (const [kind, text] of kinds) add({ kind: 'picture', png: picture(nameSign(kind), of.grey) }, text)
    add({ kind: 'note' }, `◆ ${m.names.map.heritage}`)
  }
  if (shown('divisions') || shown('labels')) add({ kind: 'line', color: palette.division, dashed: true }, m.print.boundary)
  const missing = unprinted(m, of)
  if (missing.length > 0) add({ kind: 'heading' }, m.print.unprinted.heading)
  for (const text of missing) add({ kind: 'note' }, text)
  return signs
}

/** A plate as the map has it, as PNG in base64. */
const plate = (spec: Parameters<typeof plateImage>[0], grey: boolean): string => picture(plateImage(spec), grey)

/** An image of the map as PNG in base64. */
function picture(data: ImageData, grey: boolean): string {
  const canvas = document.createElement('canvas')
  canvas.width = data.width
  canvas.height = data.height
  const context = canvas.getContext('2d')
  if (!context) return ''
  if (!grey) context.putImageData(data, 0, 0)
  else {
    const raw = new OffscreenCanvas(data.width, data.height)
    raw.getContext('2d')?.putImageData(data, 0, 0)
    context.filter = 'grayscale(1)'
    context.drawImage(raw, 0, 0)
  }
  return canvas.toDataURL('image/png').split(',')[1] ?? ''
}

/** The grey of a colour, as the print's picture has it. */
export function greyOf(colour: string): string {
  const channel = (at: number): number => parseInt(colour.slice(at, at + 2), 16)
  const value = Math.round(0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5))
  const hex = value.toString(16).padStart(2, '0').toUpperCase()
  return `#${hex}${hex}${hex}`
}

function inGrey<T extends Omit<PrintSign, 'zh' | 'en'>>(sign: T): T {
  const out = { ...sign }
  for (const key of ['color', 'to', 'edge', 'hatch'] as const) {
    const colour = out[key]
    if (colour) out[key] = greyOf(colour)
  }
  return out
}
