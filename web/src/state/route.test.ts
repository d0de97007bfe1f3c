import { describe, expect, it } from 'vitest'
import { noList } from './listRoute'
import { formatRoute, parseRoute, routeOf, type Route } from './route'

function through(route: Route): Route {
  const url = new URL(formatRoute(route), 'http://x')
  return parseRoute(url.pathname, url.search)
}

describe('the address', () => {
  it('is empty for the plain map', () => {
    expect(formatRoute({ task: 'map' })).toBe('/')
    expect(parseRoute('/', '')).toEqual({ task: 'map' })
  })

  it('comes back as it was written', () => {
    const full: Route = {
      task: 'facilities',
      type: 'elderly_canteen',
      limit: 900,
      speed: 0.9,
      band: '70+',
      base: 'resident',
      level: 'community',
      selection: { kind: 'road', id: 'way/123#4&5' },
      day: '2026-03-01',
      plan: 'a114.27,30.63;c0198-b',
      view: { zoom: 14.25, lat: 30.63001, lon: 114.27 },
      off: ['gaps', 'others'],
      baseMap: true,
      sort: { key: 'share', descending: false },
      list: { ...noList, q: '食堂', area: '117.1,39;117.2,39;117.2,39.05' },
      lang: 'en',
    }
    expect(through(full)).toEqual(full)
    expect(formatRoute(full)).toContain('area=117.1,39;117.2,39;')
    expect(formatRoute(full)).toContain('plan=a114.27,30.63;c0198-b')
    expect(through({ ...full, task: 'map' }).list).toBeUndefined()
  })

  it('keeps how far, who, when and of which tier', () => {
    const asked: Route = { task: 'map', type: 'elderly_canteen', limit: 900, speed: 0.9, profile: 'step_free', at: '08:30', tier: '5', columns: 'overlap', shade: 'streets' }
    expect(through(asked)).toEqual(asked)
    expect(formatRoute(asked)).toContain('at=08:30')
    const far: Route = { task: 'map', metres: 500, at: 'always', columns: 'streets' }
    expect(through(far)).toEqual(far)
  })

  it('keeps that every layer is on, which is not the usual', () => {
    expect(through({ task: 'map', off: [] }).off).toEqual([])
  })

  it('keeps the plus of a band', () => {
    expect(through({ task: 'map', band: '60+' }).band).toBe('60+')
  })

  it.each([
    ['?limit=-1&speed=fast&sel=house/1&v=1/2', { task: 'map' }],
    ['?sel=division/', { task: 'map' }],
    ['?metres=49&profile=runner&at=8:30&tier=7&cols=all&shade=red', { task: 'map' }],
    ['?metres=3601&profile=plain&at=24:00&tier=&cols=cover', { task: 'map' }],
    ['?metres=500&profile=elder', { task: 'map', metres: 500 }],
    ['?metres=499.6', { task: 'map', metres: 500 }],
    ['?day=2026-03-01', { task: 'map' }],
    ['?sel=facility/1&day=2026-02-30', { task: 'map', selection: { kind: 'facility', id: '1' } }],
    ['?sel=division', { task: 'map' }],
    ['?v=14/91/0', { task: 'map' }],
    ['?v=14//0', { task: 'map' }],
    ['?v=14/1/2/3', { task: 'map' }],
    ['?lang=fr&type=', { task: 'map' }],
    ['?off=none&sort=-beauty&basemap=yes', { task: 'map', off: [] }],
    ['?off=gaps,%3Cb%3E,', { task: 'map', off: ['gaps'] }],
    ['?limit=900.4', { task: 'map', limit: 900 }],
  ])('leaves out what it does not understand: %s', (search, want) => {
    expect(parseRoute('/', search)).toEqual(want)
  })
})

describe('an address of another screen', () => {
  it('says nothing of the map but the language', () => {
    expect(routeOf({ pathname: '/jobs', search: '?lang=en&type=elderly_canteen' })).toEqual({ task: 'map', lang: 'en' })
    expect(routeOf({ pathname: '/facilities', search: '?lang=en&type=elderly_canteen' })).toEqual({ task: 'facilities', lang: 'en', type: 'elderly_canteen' })
  })
})
