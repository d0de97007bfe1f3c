/** The counts of an area as files, for a spreadsheet and for a map program, with the question
 *  that they answer. Pure. */
import type { AreaAnswer, AreaCount } from '../api/area.types'
import type { AreaAsked } from './areaText'

/** What a spreadsheet would run as a formula is made text. */
function cell(value: string | number | null): string {
  let text = value === null ? '' : String(value)
  if (typeof value === 'string' && /^[=+\-@\t\r＝＋－＠]/.test(text)) text = `'${text}`
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

const figures = ['covered', 'uncovered', 'unsnapped', 'one', 'several', 'population_coverage'] as const

/** The question in the order of its members, as two columns could have it. */
function question(answer: AreaAnswer, area: string, plan: string): [string, string | number][] {
  const asked = Object.entries(answer.query).flatMap(([key, value]): [string, string | number][] => (typeof value === 'string' || typeof value === 'number' ? [[key, value]] : []))
  return [...asked, ['area', area], ...(plan ? [['plan', plan] as [string, string]] : []), ['data_version', answer.version]]
}

/** A row for each band; every row has the question. */
export function csvOf(answer: AreaAnswer, area: string, plan: string): string {
  const asked = question(answer, area, plan)
  const of = (count: AreaCount) => figures.map((key) => count[key])
  const head = ['band', 'population', ...figures, ...(plan ? figures.map((key) => `${key}_with_plan`) : []), ...asked.map(([key]) => key)]
  const rows = answer.bands.map(({ band, population, before, after }) => [
    band, population, ...of(before), ...(plan ? of(after) : []), ...asked.map(([, value]) => value),
  ])
  return '\ufeff' + [head, ...rows].map((row) => row.map(cell).join(',') + '\r\n').join('')
}

/** The area with its counts, and the facilities in it and used from outside. An area of
 *  divisions has no shape of its own and names their codes. */
export function geojsonOf(answer: AreaAnswer, asked: AreaAsked, area: string, plan: string): string {
  const [first] = asked.kind === 'ring' ? asked.ring : []
  const ring = asked.kind === 'ring' && first ? [...asked.ring, first] : null
  return JSON.stringify({
    type: 'FeatureCollection',
    question: Object.fromEntries(question(answer, area, plan)),
    features: [
      {
        type: 'Feature',
        geometry: ring && { type: 'Polygon', coordinates: [ring] },
        properties: { kind: 'area', points: answer.points, divisions: answer.divisions.map((d) => d.code), bands: answer.bands },
      },
      ...answer.facilities.map(({ lon, lat, ...rest }) => ({
        type: 'Feature',
        geometry: { type: 'Point', coordinates: [lon, lat] },
        properties: { kind: 'facility', ...rest },
      })),
    ],
  })
}
