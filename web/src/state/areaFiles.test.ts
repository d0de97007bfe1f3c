import { describe, expect, it } from 'vitest'
import type { AreaAnswer, AreaCount } from '../api/area.types'
import { csvOf, geojsonOf } from './areaFiles'

const count: AreaCount = { covered: 3, uncovered: 2, unsnapped: 0.5, one: 1, several: 2, population_coverage: 0.5454 }
const answer: AreaAnswer = {
  query: { type: 'elderly_canteen', limit: 900, base: 'resident', tier: null },
  version: 'v1',
  points: 4,
  bands: [{ band: '70+', population: 5.5, before: count, after: { ...count, covered: 4, uncovered: 1 } }],
  facilities: [{ id: 'f', name_zh: '=1+1', name_en: '', lon: 1, lat: 2, inside: true, inside_after: false, open: false, added: false, bands: [] }],
  divisions: [],
  reaching: null,
}

describe('files of an area', () => {
  it('have the question in every row', () => {
    const [head, row] = csvOf(answer, '1,2;3,4;5,6', '').slice(1).split('\r\n')
    expect(head).toBe('band,population,covered,uncovered,unsnapped,one,several,population_coverage,type,limit,base,area,data_version')
    expect(row).toBe('70+,5.5,3,2,0.5,1,2,0.5454,elderly_canteen,900,resident,"1,2;3,4;5,6",v1')
  })

  it('have the plan beside today', () => {
    const [head, row] = csvOf(answer, 'facility:f', 'cf').slice(1).split('\r\n')
    expect(head).toContain('covered_with_plan')
    expect(row).toBe('70+,5.5,3,2,0.5,1,2,0.5454,4,1,0.5,1,2,0.5454,elderly_canteen,900,resident,facility:f,cf,v1')
  })

  it('have the shape closed, and the facilities', () => {
    const drawn = JSON.parse(geojsonOf(answer, { kind: 'ring', ring: [[1, 2], [3, 4], [5, 6]] }, 'x', 'cf'))
    expect(drawn.features[0].geometry.coordinates).toEqual([[[1, 2], [3, 4], [5, 6], [1, 2]]])
    expect(drawn.question).toEqual({ type: 'elderly_canteen', limit: 900, base: 'resident', area: 'x', plan: 'cf', data_version: 'v1' })
    expect(drawn.features[1].properties.name_zh).toBe('=1+1')
    expect(JSON.parse(geojsonOf(answer, { kind: 'facility', id: 'f' }, 'facility:f', '')).features[0].geometry).toBeNull()
  })
})
