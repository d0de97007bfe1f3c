import { validateStyleMin } from '@maplibre/maplibre-gl-style-spec'
import { describe, expect, it, vi } from 'vitest'
import type { District } from '../../api/types'
import { sourcesOf } from '../sources'
import { groups, layersOf, type Group, type Look } from './index'
import { paperLayers } from './paper'

vi.stubGlobal('location', { origin: 'http://localhost' })

const look: Look = { lang: 'zh', band: 1, limitS: 900, type: 'elderly_canteen', level: 'subdistrict', figures: new Map(), mark: '', selected: { kind: 'name', id: 'n1' }, baseMap: false }
const none = new Set<Group>()
const of = (source: string, hidden: ReadonlySet<Group> = none) => paperLayers(look, hidden).filter((layer) => 'source' in layer && layer.source === source)

describe('a map on paper', () => {
  it('is a valid style', () => {
    const district = { base_map: { enabled: false, url: '', review_number: '' } } as District
    const query = { type: look.type, limit: 900, speed: 0.9, base: 'resident' }
    const style = { version: 8 as const, sources: sourcesOf(district, query, false), layers: paperLayers(look, none) }
    expect(validateStyleMin(style).map((e) => e.message)).toEqual([])
  })

  it('has estates and place names in black and white, and whatever is chosen looks like the rest', () => {
    const own = JSON.stringify([...of('estates'), ...of('names')])
    const colours = new Set(own.match(/#[0-9A-Fa-f]{6}/g))
    expect([...colours].sort()).toEqual(['#1B1B1A', '#F7F6F3'])
    expect(own).not.toContain('n1"')
    expect(of('estates').length).toBe(2)
  })

  it('tells the three kinds of names apart by their lines, each name by one of them', () => {
    for (const part of ['outline', 'line']) {
      const dashes = of('names').filter((layer) => layer.type === 'line' && layer.id.startsWith(`name-${part}-`)).map((layer) => JSON.stringify((layer.paint as Record<string, unknown>)['line-dasharray']))
      expect(new Set(dashes).size).toBe(3)
    }
  })

  it('leaves out what is hidden, and nothing else', () => {
    expect(of('estates', new Set<Group>(['estates']))).toEqual([])
    expect(of('names', new Set<Group>(['names']))).toEqual([])
    const ids = paperLayers(look, new Set<Group>(['estates', 'names', 'gaps'])).map((layer) => layer.id)
    const gone: string[] = [...groups.estates, ...groups.names, ...groups.gaps]
    expect(ids).toEqual(layersOf(look).map((layer) => layer.id).filter((id) => !gone.includes(id)))
  })

  it('has plates of facilities above names and estates, as on a screen', () => {
    const ids = paperLayers(look, none).map((layer) => layer.id)
    expect(ids.indexOf('facility')).toBeGreaterThan(ids.indexOf('estate-name'))
    expect(ids.indexOf('estate')).toBeGreaterThan(ids.indexOf('name-label'))
    expect(new Set(ids).size).toBe(ids.length)
  })
})
