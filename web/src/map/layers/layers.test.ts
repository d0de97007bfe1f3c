import { validateStyleMin } from '@maplibre/maplibre-gl-style-spec'
import { describe, expect, it, vi } from 'vitest'
import type { District } from '../../api/types'
import { parsePlate } from '../plates'
import { sourcesOf } from '../sources'
import { groups, layersOf, type Look } from './index'

vi.stubGlobal('location', { origin: 'http://localhost' })

const look: Look = {
  lang: 'zh',
  band: 1,
  limitS: 900,
  type: 'elderly_canteen',
  level: 'subdistrict',
  figures: new Map(),
  mark: '示例',
  selected: null,
  baseMap: false,
}

const looks: [string, Look][] = [
  ['plain', look],
  ['English', { ...look, lang: 'en', mark: 'Example' }],
  ['with figures', { ...look, figures: new Map([['1', '\n80 %'], ['2', '\n10 %']]) }],
  ['communities', { ...look, level: 'community' }],
  ['something selected', { ...look, selected: { kind: 'circle', id: 'f1' } }],
  ['over a base map', { ...look, baseMap: true }],
  ['an area of divisions', { ...look, areas: ['1', '2'] }],
  ['a plan, as it is today', { ...look, trial: { view: 'today', most: 0.1, picking: false } }],
  ['a plan', { ...look, trial: { view: 'plan', most: 0.1, picking: true } }],
  ['what a plan changes', { ...look, trial: { view: 'change', most: 0.1, picking: false } }],
]

describe('layers', () => {
  it.each(looks)('are a valid style: %s', (_, each) => {
    const district = { base_map: { enabled: true, url: '/basemap/{z}/{x}/{y}', review_number: '' } } as District
    const query = { type: each.type, limit: 900, speed: 0.9, base: 'resident' }
    const sources = sourcesOf(district, query, each.baseMap)
    const style = { version: 8 as const, sources, layers: layersOf(each) }
    expect(validateStyleMin(style).map((e) => e.message)).toEqual([])
  })

  it('differ only in content, never in order, so that looks can be exchanged', () => {
    const ids = (each: Look) => layersOf(each).map((layer) => layer.id).filter((id) => id !== 'basemap')
    for (const [, each] of looks) expect(ids(each)).toEqual(ids(look))
  })

  it('are all known to the switches that name them', () => {
    const ids = new Set(layersOf(look).map((layer) => layer.id))
    for (const id of Object.values(groups).flat()) expect(ids).toContain(id)
  })
})

describe('plates', () => {
  it('are read from the name the style puts together', () => {
    const spec = { type: 'columbarium', status: 'planned', chosen: true, mark: '示例', stage: '' }
    expect(parsePlate('plate|columbarium|planned|on|示例')).toEqual(spec)
    expect(parsePlate('plate|columbarium|planned|on|示例|draft')).toEqual({ ...spec, stage: 'draft' })
    expect(parsePlate('plate|columbarium|open|off|')).toEqual({ ...spec, status: 'open', chosen: false, mark: '' })
    expect(parsePlate('hatch')).toBeNull()
    expect(parsePlate('plate|')).toBeNull()
  })
})
