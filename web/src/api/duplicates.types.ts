/** Pairs of facilities that may be of one place, and the search by address, as the server
 *  answers. */

export interface PairFacility {
  id: string
  version: number
  type: string
  name_zh: string
  name_en: string
  status: string
  stage: string
  address: string
  contact_phone: string
  operator: string
  capacity: number
  uscc: string
  institution_code: string
  bureau_no: string
  division_code: string
  verified_on: string | null
  lon: number | null
  lat: number | null
}

export interface PairPart {
  part: string
  /** what it adds to the evidence; below 0 it speaks against */
  points: number
  zh: string
  en: string
}

export interface Pair {
  a: PairFacility
  b: PairFacility
  score: number
  likely: boolean
  distance_m: number | null
  decision: '' | 'same'
  parts: PairPart[]
}

export interface PairPage {
  pairs: Pair[]
  total: number
  next: string | null
}

export interface PairFilter {
  type?: string
  division?: string
}

export interface Decided {
  a: string
  b: string
  a_name: string
  b_name: string
  decision: 'same' | 'different'
  reason: string
  decided_by: string
  decided_at: string
}

export interface Merge {
  into: string
  into_version: number
  take: string[]
  reason: string
}

/** One place that an address may mean. */
export interface PlaceCandidate {
  kind: string
  id: string
  name: string
  /** null for a road and a division, which are no position */
  lon: number | null
  lat: number | null
  bounds: [number, number, number, number]
  division_code: string
  confidence: number
  sure: boolean
  zh: string
  en: string
}

export interface PlaceResult {
  candidates: PlaceCandidate[]
  division_code: string
  zh: string
  en: string
}

export interface PlaceQuery {
  q: string
  name?: string
  division?: string
  except?: string
  limit?: number
}
