/** A question about places as it stands in the address bar and in the form. Pure. */
import type { CoverageQuery } from '../../api/question.types'
import type { Aim, SitingCandidates, SitingPoint, SitingQuestion } from '../../api/siting.types'
import { isHour, MAX_METRES, MIN_METRES, tiers, walkers } from '../../state/route'
import { parseAreas } from './areas'

export const AIMS: readonly Aim[] = ['most_people', 'fewest_sites', 'shortest_ways', 'shortest_longest']
export const MOST_SITES = 30
export const LEAST_SPACING = 50
export const MOST_SPACING = 2000
export const MOST_TIMES = 10
const USUAL_SITES = 3
const MOST_MONEY = 1e9
const MOST_UNITS = 1e6

/** The map's own question, with the limit and the speed that hold where no distance does. */
export interface Usual extends CoverageQuery {
  limit: number
  speed: number
  band: string
}

/** Which parts of a question an aim knows. The others stay in the address for the next aim
 *  and are not asked. */
export const knows = {
  capacity: (aim: Aim): boolean => aim === 'most_people',
  budget: (aim: Aim): boolean => aim !== 'fewest_sites',
  prefer: (aim: Aim, capacity: boolean): boolean => aim === 'shortest_ways' || (aim === 'most_people' && !capacity),
}

/** A whole or broken number of the address; undefined if it is none within bounds. */
function numberIn(text: string, least: number, most: number): number | undefined {
  const value = text.trim() === '' ? NaN : Number(text)
  return value >= least && value <= most ? value : undefined
}

const whole = (value: number | undefined): number | undefined => (value === undefined ? undefined : Math.round(value))
const listOf = (text: string): string[] => text.split(';').filter((each) => each !== '')

/** What is undefined is left out. */
function given<T extends object>(of: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(of).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: Exclude<T[K], undefined> }
}

/** How people walk: a distance, or a limit, a speed and a walker; when, and to which tier. */
function walkOf(param: (key: string) => string, usual: Usual): Partial<CoverageQuery> {
  const metres = whole(numberIn(param('metres'), MIN_METRES, MAX_METRES)) ?? (param('limit') === '' ? usual.metres : undefined)
  const walker = param('profile') === 'plain' ? undefined : (walkers.find((each) => each === param('profile')) ?? usual.profile)
  const hour = param('at')
  return given({
    ...(metres === undefined
      ? { limit: numberIn(param('limit'), 60, 7200) ?? usual.limit, speed: numberIn(param('speed'), 0.3, 2) ?? usual.speed, profile: walker }
      : { metres }),
    at: hour === 'any' ? undefined : isHour(hour) ? hour : usual.at,
    tier: param('tier') === 'any' ? undefined : (tiers.find((each) => each === param('tier')) ?? usual.tier),
  })
}

function candidatesOf(param: (key: string) => string): SitingCandidates {
  const points = pointsOf(param('points')).points
  const rooms = param('rooms') === '1'
  const spacing = param('spacing')
  const within = param('within')
  const [areas, excluded] = [parseAreas(param('only')), parseAreas(param('not'))]
  return {
    // Along the streets, unless only the places that are given are to be looked at.
    ...(spacing === 'none' && (points.length > 0 || rooms) ? {} : { spacing_m: numberIn(spacing, LEAST_SPACING, MOST_SPACING) ?? 250 }),
    ...(points.length > 0 ? { points } : {}),
    ...(rooms
      ? {
          rooms: given({
            use: param('room_use') || undefined,
            min_area_m2: numberIn(param('room_area'), 0.01, 1e6),
            floor: whole(numberIn(param('room_floor'), -9, 99)) || undefined,
            free: param('room_free') !== '0' || undefined,
          }),
        }
      : {}),
    ...(within ? { within: within.split(',') } : {}),
    ...(areas.length > 0 ? { areas } : {}),
    ...(excluded.length > 0 ? { excluded } : {}),
    ...given({ apart_m: numberIn(param('apart'), 1, 10_000) }),
  }
}

function capacityOf(param: (key: string) => string): SitingQuestion['capacity'] {
  const use = numberIn(param('use'), 0.01, 100)
  const unknown = (['boundless', 'left_out'] as const).find((each) => each === param('unknown'))
  const out = given({ new: whole(numberIn(param('cap'), 1, MOST_UNITS)), use_rate: use === undefined ? undefined : use / 100, unknown })
  return out.new === undefined && out.use_rate === undefined ? undefined : out
}

/** What the address asks for; what it does not say, or says wrongly, is as usual. */
export function questionOf(param: (key: string) => string, usual: Usual): SitingQuestion {
  const aim = AIMS.find((each) => each === param('aim')) ?? 'most_people'
  const capacity = knows.capacity(aim) ? capacityOf(param) : undefined
  const budget = knows.budget(aim) ? numberIn(param('budget'), 0.01, MOST_MONEY) : undefined
  const times = whole(numberIn(param('times'), 2, MOST_TIMES)) ?? 2
  const prefer = param('prefer') && knows.prefer(aim, capacity !== undefined) ? { band: param('prefer'), times } : undefined
  const [required, replaced] = [listOf(param('must')), listOf(param('replace'))]
  return {
    type: param('type') || usual.type,
    ...walkOf(param, usual),
    base: param('base') || usual.base,
    band: param('band') || usual.band,
    aim,
    // A budget may take the place of a number.
    ...given({ sites: whole(numberIn(param('sites'), 1, MOST_SITES)) ?? (budget === undefined ? USUAL_SITES : undefined) }),
    share: Math.round(numberIn(param('share'), 1, 100) ?? 90) / 100,
    ...given({ price: numberIn(param('price'), 0.01, MOST_MONEY), budget, prefer, capacity }),
    ...(required.length > 0 ? { required } : {}),
    ...(replaced.length > 0 ? { replaced } : {}),
    candidates: candidatesOf(param),
  }
}

/** Where a line's longitude and latitude stand: the first two numbers that may be a place
 *  and have at most a price and a capacity behind them; -1 for nowhere. */
function placeIn(parts: string[]): number {
  const value = (at: number): number => Number(parts[at] || NaN)
  for (let at = Math.max(0, parts.length - 4); at + 1 < parts.length; at++) {
    const rest = parts.slice(at + 2)
    if (Math.abs(value(at)) <= 180 && Math.abs(value(at + 1)) <= 90 && rest.every((each) => each === '' || Number(each) >= 0)) return at
  }
  return -1
}

/** Places as people write them: one a line, "name, longitude, latitude", and where they like
 *  "price, capacity" behind; in an address they are parted by ";". `wrong` are the lines
 *  that say something else, from 1 on. */
export function pointsOf(text: string): { points: SitingPoint[]; wrong: number[] } {
  const points: SitingPoint[] = []
  const wrong: number[] = []
  const had = new Set<string>()
  text.split(/[\n;；]/).forEach((line, i) => {
    if (line.trim() === '') return
    const parts = line.split(/[,，\t]/).map((part) => part.trim())
    const at = placeIn(parts)
    if (at < 0) {
      wrong.push(i + 1)
      return
    }
    const wish = parts.slice(0, at).join(' ').slice(0, 56) || String(i + 1)
    let id = wish
    for (let n = 2; had.has(id); n++) id = `${wish} (${n})`
    had.add(id)
    const [lon, lat, price, capacity] = parts.slice(at).map(Number)
    points.push({ id, lon: lon ?? 0, lat: lat ?? 0, ...(price ? { price } : {}), ...(capacity ? { capacity: Math.round(capacity) } : {}) })
  })
  return { points, wrong }
}

/** Places as one writes them, joined by what stands between them. */
export function linesOf(points: readonly SitingPoint[], between = '\n'): string {
  const word = (id: string) => id.replaceAll(/[;；,，\t\n]/g, ' ')
  const tail = (p: SitingPoint) => (p.capacity ? `,${p.price ?? ''},${p.capacity}` : p.price ? `,${p.price}` : '')
  return points.map((p) => `${word(p.id)},${p.lon},${p.lat}${tail(p)}`).join(between)
}

/** The same for the address. */
export function formatPoints(text: string): string {
  return linesOf(pointsOf(text).points, ';')
}

/** The coverage question that stands in a question about places. */
export function walkOnly({ type, base, limit, speed, metres, profile, at, tier }: SitingQuestion): CoverageQuery {
  return { type, base, ...given({ limit, speed, metres, profile, at, tier }) }
}
