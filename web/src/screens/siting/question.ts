/** A question about places as it stands in the address bar and in the form. Pure. */
import type { Aim, SitingPoint, SitingQuestion } from '../../api/siting.types'

export const AIMS: readonly Aim[] = ['most_people', 'fewest_sites', 'shortest_ways']
export const MOST_SITES = 30
export const LEAST_SPACING = 50
export const MOST_SPACING = 2000

export interface Usual {
  type: string
  limit: number
  speed: number
  base: string
  band: string
}

/** A whole or broken number of the address, or what is usual if it is none within bounds. */
function numberOf(text: string, least: number, most: number, usual: number): number {
  const value = text.trim() === '' ? NaN : Number(text)
  return value >= least && value <= most ? value : usual
}

/** What the address asks for; what it does not say, or says wrongly, is as usual. */
export function questionOf(param: (key: string) => string, usual: Usual): SitingQuestion {
  const aim = AIMS.find((each) => each === param('aim')) ?? 'most_people'
  const within = param('within')
  const points = pointsOf(param('points')).points
  const spacing = param('spacing')
  return {
    type: param('type') || usual.type,
    limit: numberOf(param('limit'), 60, 7200, usual.limit),
    speed: numberOf(param('speed'), 0.3, 2, usual.speed),
    base: param('base') || usual.base,
    band: param('band') || usual.band,
    aim,
    sites: Math.round(numberOf(param('sites'), 1, MOST_SITES, 3)),
    share: Math.round(numberOf(param('share'), 1, 100, 90)) / 100,
    candidates: {
      // Along the streets, unless only the places that are given are to be looked at.
      ...(spacing === 'none' && points.length > 0 ? {} : { spacing_m: numberOf(spacing, LEAST_SPACING, MOST_SPACING, 250) }),
      ...(within ? { within } : {}),
      ...(points.length > 0 ? { points } : {}),
    },
  }
}

/** Places as people write them: one a line, "name, longitude, latitude"; in an address they
 *  are parted by ";". `wrong` are the lines that say something else, from 1 on. */
export function pointsOf(text: string): { points: SitingPoint[]; wrong: number[] } {
  const points: SitingPoint[] = []
  const wrong: number[] = []
  text.split(/[\n;；]/).forEach((line, i) => {
    if (line.trim() === '') return
    const parts = line.split(/[,，\t]/).map((part) => part.trim())
    const [lat, lon] = [Number(parts.at(-1) || NaN), Number(parts.at(-2) || NaN)]
    const id = parts.slice(0, -2).join(' ').slice(0, 64) || String(i + 1)
    if (parts.length < 2 || !(Math.abs(lon) <= 180) || !(Math.abs(lat) <= 90)) wrong.push(i + 1)
    else points.push({ id, lon, lat })
  })
  return { points, wrong }
}

/** The same for the address. */
export function formatPoints(text: string): string {
  return pointsOf(text)
    .points.map((p) => `${p.id.replaceAll(';', ' ')},${p.lon},${p.lat}`)
    .join(';')
}
