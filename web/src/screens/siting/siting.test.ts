import { expect, it } from 'vitest'
import type { SitingAnswer } from '../../api/siting.types'
import { csvOf, geojsonOf } from './files'
import { formatPoints, pointsOf, questionOf } from './question'

const usual = { type: 'elderly_canteen', limit: 900, speed: 0.9, base: 'resident', band: '70+' }
const ask = (query: string) => {
  const params = new URLSearchParams(query)
  return questionOf((key) => params.get(key) ?? '', usual)
}

it('an address that says nothing asks what is usual', () => {
  expect(ask('')).toEqual({ ...usual, aim: 'most_people', sites: 3, share: 0.9, candidates: { spacing_m: 250 } })
})

it('an address asks what it says, and what makes no sense is left out', () => {
  const q = ask('aim=fewest_sites&share=75&sites=99&spacing=none&within=990101001&points=甲,114.1,30.6;乙')
  expect(q).toEqual({
    ...usual, aim: 'fewest_sites', sites: 3, share: 0.75, candidates: { within: '990101001', points: [{ id: '甲', lon: 114.1, lat: 30.6 }] },
  })
  expect(ask('spacing=none').candidates.spacing_m).toBe(250)
  expect(ask('aim=fame&limit=x&share=0')).toEqual(ask(''))
})

it('places are read line by line', () => {
  const { points, wrong } = pointsOf('A 座, 114.1, 30.6\n\n114.2\t30.7\n丙，1\n丁,200,3')
  expect(points).toEqual([{ id: 'A 座', lon: 114.1, lat: 30.6 }, { id: '3', lon: 114.2, lat: 30.7 }])
  expect(wrong).toEqual([4, 5])
  expect(formatPoints('A,1,2\nB,3,4')).toBe('A,1,2;B,3,4')
})

const answer: SitingAnswer = {
  query: { type: 'elderly_canteen', limit: 900, speed: 0.9, base: 'resident' }, version: 'v1', aim: 'most_people', band: '70+', existing: 1,
  sites: [{ id: '=1+1', lon: 114.1, lat: 30.6, division_code: '1', division_zh: '甲"乙', division_en: 'A, B', number: 1, given: true, only: 5, shared: 2, runner_up: null, runner_up_loss: 5 }],
  candidates: { count: 1, given: 1, refused: [] },
  result: { unit: 'people', before: 1, value: 6, bound: 6, gap: 0, proven: true, statement_zh: '', statement_en: '' },
  bands: [], divisions: [],
}

it('the table runs nothing and keeps its columns', () => {
  const [head, row, end] = csvOf(answer).split('\r\n')
  expect(head?.split(',').length).toBe(20)
  expect(row).toBe(`1,'=1+1,114.1,30.6,1,"甲""乙","A, B",5,2,,,,5,elderly_canteen,900,0.9,resident,70+,most_people,v1`)
  expect(end).toBe('')
})

it('the map file holds the places and the bound', () => {
  const file = JSON.parse(geojsonOf(answer))
  expect(file.features[0].geometry).toEqual({ type: 'Point', coordinates: [114.1, 30.6] })
  expect(file.features[0].properties.only).toBe(5)
  expect(file.siting.bound).toBe(6)
})
