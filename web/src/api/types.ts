import type { components } from './schema'
import type { CircleDrawing } from './drawing.types'
import type { AnsweredQuery, Judged, Overlap, Served } from './question.types'
import type { GapPlace } from './gaps.types'
import type { TypeDeclared } from './standards.types'

/** What the server answers, under the names the screens use. The shapes are generated
 *  from the server's OpenAPI (npm run api:types), so a change there that a screen does
 *  not know of does not compile. People are decimals with at most four digits; lengths
 *  are metres, times seconds. */
type Schemas = components['schemas']

export type Words = Schemas['Text']
export type Bounds = [west: number, south: number, east: number, north: number]

export type Status = Schemas['Status']
export type District = Omit<Schemas['District'], 'network'> & { network: Schemas['Network'] & { keeps_hours: boolean } }
export type FacilityType = Schemas['FacilityType'] & TypeDeclared
/** A facility of a list; the record asked for by itself has its version and since when
 *  that holds, too, and what may become of it. */
export type Facility = Omit<Schemas['FacilityRecord'], 'version' | 'valid_from' | 'next_statuses' | 'next_stages'> & {
  version?: number
  valid_from?: string | null
  next_statuses?: string[]
  next_stages?: ('draft' | 'submitted' | 'published')[]
}
export type FacilityPage = Schemas['FacilityPage']
export type CoverageAnswer = Omit<Schemas['CoverageAnswer'], 'facilities' | 'gaps' | 'query' | 'bands' | 'divisions' | keyof Judged> &
  Judged & { facilities: SiteRow[]; query: AnsweredQuery; bands: BandTotals[]; divisions: DivisionRow[]; gaps: GapRow[] }
export type BandTotals = Omit<Schemas['BandCoverage'], keyof Overlap> & Overlap
export type DivisionRow = Omit<Schemas['DivisionCoverage'], 'bands'> & { bands: BandTotals[] }
export type SiteRow = Omit<Schemas['FacilityReach'], keyof Served> & Served & { drawing: CircleDrawing | null }
export type GapRow = Schemas['GapFacts'] & { place?: GapPlace | null }
export type PeoplePoint = Schemas['PopulationPoint']

/** Bounds come as a list of four numbers: west, south, east, north. */
export function boundsOf(list: number[]): Bounds | null {
  const [west, south, east, north] = list
  if (west === undefined || south === undefined || east === undefined || north === undefined) return null
  return [west, south, east, north]
}
