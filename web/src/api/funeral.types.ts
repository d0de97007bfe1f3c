/** The planning of columbaria as the server answers it. Niches are whole numbers; null is
 *  "not known". */

export const fates = ['plan', 'build', 'improve', 'merge', 'ban', 'keep', ''] as const
export type Fate = (typeof fates)[number]

export interface Hall {
  id: string
  version: number
  type: string
  name_zh: string
  name_en: string
  division_code: string
  status: string
  level: string
  fate: Fate
  niches_total: number | null
  niches_used: number | null
  opens_year: number
  serves: string[]
  example: boolean
}

export interface HallYear {
  year: number
  moved: number
  deaths: number
  used: number
  /** below zero: so many are lacking */
  free: number
}

export interface Receiving {
  hall: string
  known: boolean
  years: HallYear[]
  /** first year with a deficit; 0 for none */
  full: number
  /** whole years after the last one; -1 when nothing more comes in */
  years_left: number
  villages: string[]
}

export interface Closing {
  hall: string
  known: boolean
  moves: { transfer: string; year: number; to: string; niches: number; late: boolean }[]
  added: number
  remaining: number
  villages: string[]
  stranded: string[]
}

export interface Village {
  code: string
  name_zh: string
  name_en: string
  subdistrict: string
  people: string | null
  before: string
  after: string
  since: number
  deaths: number
}

export interface BalanceYear {
  year: number
  to_move: number
  free: number
  deaths: number
  moved: number
  homeless: number
  shortfall: number
}

export interface Transfer {
  id: string
  version: number
  from: string
  to: string
  division_code: string
  year: number
  niches: number
  villages: string[]
  note: string
  cancelled: boolean
}

export interface Balance {
  base: string
  bases: string[]
  mortality: number
  share: number
  places: Hall[]
  transfers: Transfer[]
  years: BalanceYear[]
  receiving: Receiving[]
  closing: Closing[]
  villages: Village[]
  demand: number | null
  unknown_halls: string[]
  unknown_people: string[]
  unsorted: string[]
  unassigned: string[]
  late_transfers: string[]
  transfers_aside: string[]
}

/** What decides one balance; what is empty is the usual. */
export interface BalanceQuery {
  from: string
  to: string
  base: string
  mortality: string
  share: string
}

export interface NewTransfer {
  from: string
  to: string
  year: number
  niches: number
  villages: string[]
  note: string
  reason: string
}
