import type { ExpressionSpecification as Expression } from 'maplibre-gl'
import { palette } from '../palette'

/** What decides how the layers look, besides the tiles. */
export interface Look {
  lang: 'zh' | 'en'
  /** index of the chosen age band */
  band: number
  limitS: number
  /** a distance limit; then tiles have metres where else they have seconds */
  metres?: number
  type: string
  /** the division level of table and shares */
  level: string
  /** code → line under a division's name, such as its share */
  figures: Map<string, string>
  mark: string
  selected: { kind: string; id: string } | null
  baseMap: boolean
  /** there is little room at the sides: names of divisions break early, or the edge cuts them */
  narrow?: boolean
  /** the colours of divisions are what is shown, however close the map looks */
  shaded?: boolean
  /** codes of the divisions whose people are counted together */
  areas?: string[]
  /** how a plan that is tried out is shown; null without one */
  trial?: Trial | null
}

export interface Trial {
  /** the map as it is today, as the plan would make it, or what differs */
  view: 'today' | 'plan' | 'change'
  /** the greatest change of a share that the colours tell apart, 0 to 1 */
  most: number
  /** divisions are shaded by what the plan makes of their shares, not by anything else */
  shaded: boolean
  /** a street or a gate is being pointed at */
  picking: boolean
}

/** The name in the language of the screen; Chinese where there is no English one. */
export const nameOf = (lang: 'zh' | 'en'): Expression =>
  lang === 'zh'
    ? ['coalesce', ['get', 'name_zh'], ['get', 'name'], '']
    : [
        'case',
        ['!=', ['coalesce', ['get', 'name_en'], ''], ''],
        ['get', 'name_en'],
        ['coalesce', ['get', 'name_zh'], ''],
      ]

/** A value that grows with the zoom between stops. */
export const byZoom = (...stops: [number, number][]): Expression =>
  ['interpolate', ['exponential', 1.5], ['zoom'], ...stops.flat()] as unknown as Expression

/** No glyph server: the browser draws letters with the fonts it has, by these names. */
export const font = ['Sans Regular']
export const bold = ['Sans Bold']
export const halo = { 'text-halo-color': palette.halo, 'text-halo-width': 1.4 }

