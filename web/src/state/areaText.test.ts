import { describe, expect, it } from 'vitest'
import { formatArea, readArea, wireOfArea } from './areaText'

describe('the area of an address', () => {
  it('is read and written in one form', () => {
    for (const text of ['114.2,30.5;114.3,30.5;114.3,30.6', 'facility:0198-ab', 'area:x_1']) {
      const area = readArea(text)
      expect(area && formatArea(area)).toBe(text)
    }
  })

  it('is none where it is not understood', () => {
    for (const text of ['', 'facility:', 'area:a b', 'other:1', '1,2;3,4', '1,2;3,4;5,91', '1,2;3,4;x,5', 'circle']) expect(readArea(text)).toBeNull()
  })

  it('is what the API takes', () => {
    expect(wireOfArea({ kind: 'ring', ring: [[1, 2], [3, 4], [5, 6]] })).toEqual({ geometry: { type: 'Polygon', coordinates: [[[1, 2], [3, 4], [5, 6]]] } })
    expect(wireOfArea({ kind: 'facility', id: 'f' })).toEqual({ facility: 'f' })
    expect(wireOfArea({ kind: 'area', id: 'a' })).toEqual({ service_area: 'a' })
  })
})
