import { expect, it } from 'vitest'
import type { SitingAnswer } from '../../api/siting.types'
import { csvOf, geojsonOf } from './files'
import { formatAreas, parseAreas } from './areas'
import { formatPoints, linesOf, pointsOf, questionOf } from './question'

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
    ...usual, aim: 'fewest_sites', sites: 3, share: 0.75, candidates: { within: ['990101001'], points: [{ id: '甲', lon: 114.1, lat: 30.6 }] },
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

it('a price and a capacity may stand behind a place', () => {
  const { points } = pointsOf('甲,114.1,30.6,50,200\n乙,114.1,30.6,,80\n12,114.1,30.6,7\n甲,114.2,30.6')
  expect(points).toEqual([
    { id: '甲', lon: 114.1, lat: 30.6, price: 50, capacity: 200 }, { id: '乙', lon: 114.1, lat: 30.6, capacity: 80 },
    { id: '12', lon: 114.1, lat: 30.6, price: 7 }, { id: '甲 (2)', lon: 114.2, lat: 30.6 },
  ])
  expect(pointsOf(linesOf(points)).points).toEqual(points)
  expect(linesOf([{ id: 'a;b', lon: 1, lat: 2 }], ';')).toBe('a b,1,2')
})

it('walks are asked for as on the map, and otherwise where the address says so', () => {
  const elders = { ...usual, profile: 'elder' as const, at: '08:00', tier: '5' }
  const of = (query: string, how: Parameters<typeof questionOf>[1] = elders) => {
    const { limit, speed, metres, profile, at, tier } = questionOf((key) => new URLSearchParams(query).get(key) ?? '', how)
    return { limit, speed, metres, profile, at, tier }
  }
  expect(of('')).toEqual({ limit: 900, speed: 0.9, metres: undefined, profile: 'elder', at: '08:00', tier: '5' })
  expect(of('profile=plain&at=any&tier=any')).toEqual({ limit: 900, speed: 0.9, metres: undefined, profile: undefined, at: undefined, tier: undefined })
  expect(of('metres=500&profile=step_free&at=always&tier=15')).toEqual({ limit: undefined, speed: undefined, metres: 500, profile: undefined, at: 'always', tier: '15' })
  const near = { ...usual, metres: 300 }
  expect(of('', near).metres).toBe(300)
  expect(of('limit=600', near)).toEqual({ limit: 600, speed: 0.9, metres: undefined, profile: undefined, at: undefined, tier: undefined })
})

it('an aim is asked only what it knows', () => {
  const terms = 'cap=200&use=12&unknown=left_out&price=60&budget=300&prefer=80%2B&times=3&must=甲;乙&replace=f1'
  const all = ask(terms)
  expect(all.capacity).toEqual({ new: 200, use_rate: 0.12, unknown: 'left_out' })
  expect([all.price, all.budget, all.prefer, all.required, all.replaced]).toEqual([60, 300, undefined, ['甲', '乙'], ['f1']])
  expect('sites' in all).toBe(false)
  expect(ask(`${terms}&sites=4`).sites).toBe(4)
  const ways = ask(`aim=shortest_ways&${terms}`)
  expect([ways.capacity, ways.budget, ways.prefer]).toEqual([undefined, 300, { band: '80+', times: 3 }])
  const few = ask(`aim=fewest_sites&${terms}`)
  expect([few.capacity, few.budget, few.prefer, few.price]).toEqual([undefined, undefined, undefined, 60])
  expect(ask('unknown=left_out').capacity).toBeUndefined()
})

it('rooms are asked for with what they must be, free ones unless it says otherwise', () => {
  expect(ask('rooms=1&spacing=none&room_use=health&room_area=80&room_floor=1').candidates).toEqual({ rooms: { use: 'health', min_area_m2: 80, floor: 1, free: true } })
  expect(ask('rooms=1&room_free=0&apart=300').candidates).toEqual({ spacing_m: 250, rooms: {}, apart_m: 300 })
})

it('drawn areas stand in the address', () => {
  const ring: [number, number][] = [[116.1, 39.1], [116.2, 39.1], [116.2, 39.2]]
  const text = formatAreas([ring, [[1, 1], [1, 1]], ring])
  expect(text).toBe('116.1,39.1;116.2,39.1;116.2,39.2|116.1,39.1;116.2,39.1;116.2,39.2')
  expect(parseAreas(`${text}|1,2;3,4|1,2;3,x;5,6`)).toEqual([ring, ring])
  expect(ask(`only=${text}&not=${formatAreas([ring])}`).candidates).toEqual({ spacing_m: 250, areas: [ring, ring], excluded: [ring] })
})

const answer: SitingAnswer = {
  query: { type: 'elderly_canteen', limit: 900, speed: 0.9, metres: null, profile: 'plain', at: '', tier: '', base: 'resident' }, version: 'v1', aim: 'most_people', band: '70+', existing: 1, replaced: [],
  sites: [{
    id: '=1+1', source: 'room', name: '一号房', required: true, lon: 114.1, lat: 30.6, division_code: '1', division_zh: '甲"乙', division_en: 'A, B', number: 1, only: 5, shared: 2,
    price: 60, capacity: 200, load: { people: 7, units: 0.84 }, runner_up: null, runner_up_loss: 5,
  }],
  candidates: { count: 1, streets: 0, points: 0, rooms: 1, places: [], refused: [], refused_count: 0 },
  result: { unit: 'people', before: 1, value: 6, bound: 6, gap: 0, proven: true, statement_zh: '', statement_en: '' },
  cost: { total: 60, budget: null, newly_covered: 5, per_person: 12 }, capacity: null, left_out: [],
  bands: [], divisions: [],
}

it('the table runs nothing and keeps its columns', () => {
  const [head, row, end] = csvOf(answer).split('\r\n')
  expect(head?.split(',').length).toBe(36)
  expect(row).toBe(`1,'=1+1,room,一号房,true,114.1,30.6,1,"甲""乙","A, B",5,2,200,7,0.84,60,,,,,5,elderly_canteen,900,0.9,,plain,,,resident,70+,most_people,people,6,6,0,v1`)
  expect(end).toBe('')
})

it('the map file holds the places and the bound', () => {
  const file = JSON.parse(geojsonOf(answer))
  expect(file.features[0].geometry).toEqual({ type: 'Point', coordinates: [114.1, 30.6] })
  expect(file.features[0].properties.only).toBe(5)
  expect(file.features[0].properties.load_units).toBe(0.84)
  expect([file.siting.bound, file.siting.cost]).toEqual([6, 60])
})
