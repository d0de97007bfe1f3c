import type { Walker } from '../api/question.types'
import { isDay } from '../text/time'
import { formatFigure, parseFigure } from './figure'
import { noList, readList, writeList, type ListRoute } from './listRoute'
import { pageOf } from './page'
import { formatArea, readArea } from './areaText'
import { formatPlan, parsePlan } from './plan'
import { sortKeys, type Sort } from './rows'

/** The address bar is the state: what is asked, what is selected and where the map
 *  looks. Reading never fails: what is not understood is left out. */

export const kinds = [
  'division',
  'facility',
  'people',
  'gap',
  'circle',
  'road',
  'building',
  'barrier',
  'estate',
  'name',
] as const
export type Kind = (typeof kinds)[number]

export interface Selection {
  kind: Kind
  id: string
}

export interface View {
  zoom: number
  lat: number
  lon: number
}

export type Task = 'map' | 'facilities'

/** What the table tells of divisions: who is covered, by how many, or how far the street
 *  data can be trusted. */
export const columnSets = ['cover', 'overlap', 'streets'] as const
export type Columns = (typeof columnSets)[number]

/** What the map's shades of divisions stand for. */
export type Shade = 'cover' | 'streets'

export interface Route {
  task: Task
  type?: string
  limit?: number
  speed?: number
  /** a distance limit instead of a time */
  metres?: number
  profile?: Exclude<Walker, 'plain'>
  /** the time of day as HH:MM, or always */
  at?: string
  /** the tier of the life circles */
  tier?: string
  band?: string
  base?: string
  level?: string
  selection?: Selection
  /** the day as of which the selected record is shown */
  day?: string
  view?: View
  /** the layers that are switched off, where they differ from the usual */
  off?: string[]
  baseMap?: boolean
  /** what the table tells of divisions, and the map's shades, where not the usual */
  columns?: Exclude<Columns, 'cover'>
  shade?: Exclude<Shade, 'cover'>
  sort?: Sort
  /** a plan that is tried out, and how the map shows it where that is not the plan */
  plan?: string
  trial?: 'today' | 'change'
  /** the area whose people are counted */
  within?: string
  /** the figure whose origin is shown, and the population point whose walk is */
  explain?: string
  walk?: string
  /** what the registry is asked for, where it is not the usual */
  list?: ListRoute
  lang?: 'zh' | 'en'
}

function positive(text: string | null): number | undefined {
  if (text === null || text.trim() === '') return undefined
  const value = Number(text)
  return Number.isFinite(value) && value > 0 ? value : undefined
}

export const MIN_METRES = 50
export const MAX_METRES = 3600
export const walkers = ['elder', 'step_free'] as const
export const tiers = ['5', '10', '15'] as const

/** A time of day as the API takes it. */
export const isHour = (text: string): boolean => text === 'always' || /^([01]\d|2[0-3]):[0-5]\d$/.test(text)

/** What a question says of walks besides limit and speed. A distance goes before a
 *  walker, whose stairs and waits are times. */
function readWalk(params: URLSearchParams): Pick<Route, 'metres' | 'profile' | 'at' | 'tier'> {
  const out: Pick<Route, 'metres' | 'profile' | 'at' | 'tier'> = {}
  const metres = Math.round(positive(params.get('metres')) ?? 0)
  const profile = walkers.find((each) => each === params.get('profile'))
  if (metres >= MIN_METRES && metres <= MAX_METRES) out.metres = metres
  else if (profile) out.profile = profile
  const at = params.get('at')
  if (at && isHour(at)) out.at = at
  const tier = tiers.find((each) => each === params.get('tier'))
  if (tier) out.tier = tier
  return out
}

function readSelection(text: string | null): Selection | undefined {
  if (!text) return undefined
  const slash = text.indexOf('/')
  const kind = kinds.find((k) => k === text.slice(0, slash))
  const id = text.slice(slash + 1)
  return kind && id ? { kind, id } : undefined
}

function readView(text: string | null): View | undefined {
  const [zoom, lat, lon, ...rest] = (text ?? '').split('/').map((part) => (part === '' ? NaN : Number(part)))
  if (zoom === undefined || lat === undefined || lon === undefined || rest.length > 0) return undefined
  const fits = zoom >= 0 && zoom <= 24 && Math.abs(lat) <= 85.06 && Math.abs(lon) <= 180
  return fits ? { zoom, lat, lon } : undefined
}

/** The table's order: a column, with a minus before it from the greatest down. */
function readSort(text: string | null): Sort | undefined {
  const descending = text?.startsWith('-') ?? false
  const key = sortKeys.find((k) => k === text?.slice(descending ? 1 : 0))
  return key ? { key, descending } : undefined
}

/** Reads path and query of an address. */
export function parseRoute(pathname: string, search: string): Route {
  const params = new URLSearchParams(search)
  const lang = params.get('lang')
  const route: Route = { task: pathname.replace(/\/+$/, '') === '/facilities' ? 'facilities' : 'map' }
  const texts = { type: params.get('type'), band: params.get('band'), base: params.get('base'), level: params.get('level') }
  if (texts.type) route.type = texts.type
  if (texts.band) route.band = texts.band
  if (texts.base) route.base = texts.base
  if (texts.level) route.level = texts.level
  const limit = positive(params.get('limit'))
  if (limit !== undefined) route.limit = Math.round(limit)
  const speed = positive(params.get('speed'))
  if (speed !== undefined) route.speed = speed
  Object.assign(route, readWalk(params))
  const selection = readSelection(params.get('sel'))
  if (selection) route.selection = selection
  const day = params.get('day')
  if (selection && day && isDay(day)) route.day = day
  const view = readView(params.get('v'))
  if (view) route.view = view
  const off = params.get('off')
  if (off !== null) route.off = off.split(',').filter((name) => /^[a-z]+$/.test(name) && name !== 'none')
  if (params.get('basemap') === '1') route.baseMap = true
  const columns = params.get('cols')
  if (columns === 'overlap' || columns === 'streets') route.columns = columns
  if (params.get('shade') === 'streets') route.shade = 'streets'
  const sort = readSort(params.get('sort'))
  if (sort) route.sort = sort
  const plan = params.get('plan')
  if (plan) route.plan = formatPlan(parsePlan(plan))
  const trial = params.get('trial')
  if (plan && (trial === 'today' || trial === 'change')) route.trial = trial
  const within = readArea(params.get('within') ?? '')
  if (within) route.within = formatArea(within)
  const figure = parseFigure(params.get('explain') ?? '')
  if (figure) route.explain = formatFigure(figure)
  const walk = params.get('walk')
  if (figure && walk) route.walk = walk
  if (route.task === 'facilities') {
    const list = readList(params)
    if (JSON.stringify(list) !== JSON.stringify(noList)) route.list = list
  }
  if (lang === 'zh' || lang === 'en') route.lang = lang
  return route
}

/** Writes the address of a state; the inverse of parseRoute up to rounding of the
 *  view (zoom to 0.01, place to about a metre). */
export function formatRoute(route: Route): string {
  const params = new URLSearchParams()
  const put = (key: string, value: string | number | undefined) => {
    if (value !== undefined && value !== '') params.set(key, String(value))
  }
  put('type', route.type)
  put('limit', route.limit)
  put('speed', route.speed)
  put('metres', route.metres)
  put('profile', route.profile)
  put('at', route.at)
  put('tier', route.tier)
  put('band', route.band)
  put('base', route.base)
  put('level', route.level)
  if (route.selection) put('sel', `${route.selection.kind}/${route.selection.id}`)
  put('day', route.day)
  if (route.view) {
    const { zoom, lat, lon } = route.view
    put('v', `${Number(zoom.toFixed(2))}/${Number(lat.toFixed(5))}/${Number(lon.toFixed(5))}`)
  }
  if (route.off) put('off', route.off.join(',') || 'none')
  if (route.baseMap) put('basemap', 1)
  put('cols', route.columns)
  put('shade', route.shade)
  if (route.sort) put('sort', `${route.sort.descending ? '-' : ''}${route.sort.key}`)
  put('plan', route.plan)
  if (route.plan) put('trial', route.trial)
  put('within', route.within)
  put('explain', route.explain)
  put('walk', route.walk)
  if (route.task === 'facilities' && route.list) writeList(route.list, put)
  put('lang', route.lang)
  // Slashes and commas are legal in a query and read better than %2F and %2C.
  const query = params.toString().replaceAll('%2F', '/').replaceAll('%2C', ',').replaceAll('%3B', ';').replaceAll('%3A', ':')
  const path = route.task === 'facilities' ? '/facilities' : '/'
  return query ? `${path}?${query}` : path
}

/** What an address says of the map; the queries of other screens are their own, but for
 *  the language. */
export function routeOf({ pathname, search }: { pathname: string; search: string }): Route {
  if (pageOf(pathname) === 'map') return parseRoute(pathname, search)
  const { lang } = parseRoute('/', search)
  return { task: 'map', ...(lang ? { lang } : {}) }
}
