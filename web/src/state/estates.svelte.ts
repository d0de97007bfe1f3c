import { estatesApi } from '../api/estates'
import type { Conclusion, EstateCodes, EstateFilter, EstateRow } from '../api/estates.types'
import { premisesApi } from '../api/premises'
import type { Code } from '../api/premises.types'
import { number } from '../text/format'
import { app } from './app.svelte'
import { ledger } from './ledger.svelte'
import { Loading } from './loading.svelte'

/** Rows of a request; the list is read whole, since it is sorted and counted as a whole. */
const PAGE = 1000
/** More estates than any district has. */
const MOST_PAGES = 40

/** What the screens of estates share: the lists of codes, and what places are called. */
class Estates {
  readonly loading = new Loading<EstateCodes>()
  readonly codes = $derived(this.loading.value)

  /** Fetches what the words of the screens need; again only where it did not come. */
  async load(): Promise<void> {
    const codes = this.codes ? null : this.loading.run((signal) => estatesApi.codes(app.lang, signal))
    await Promise.all([codes, ledger.load(), this.loadPlaces()])
  }

  /** Places and their tree, as the forms offer them. */
  async loadPlaces(): Promise<void> {
    if (ledger.places.size > 0) return
    try {
      const summary = await premisesApi.summary({}, app.lang)
      ledger.places = new Map([...summary.subdistricts, ...summary.communities].map((line) => [line.code, line]))
    } catch {
      // Places are shown by their names on the map, or by their codes, until they come.
    }
  }

  word(list: keyof EstateCodes, code: string | null | undefined): string {
    const found = ((this.codes?.[list] ?? []) as Code[]).find((each) => each.code === code)
    return found ? app.word(found) : (code ?? '')
  }

  use(code: string | null | undefined): string {
    return code ? ledger.use(code) : ''
  }

  readonly milestones = $derived((this.codes?.milestones ?? []).map((each) => each.code))
}

export const estates = new Estates()

export interface Listed {
  rows: EstateRow[]
  /** by conclusion, whichever conclusion is asked for */
  counts: Record<Conclusion, number>
}

/** All estates that a filter lets through. */
export async function allEstates(filter: EstateFilter, signal: AbortSignal): Promise<Listed> {
  const rows: EstateRow[] = []
  let cursor = ''
  for (let page = 0; ; page++) {
    const answer = await estatesApi.list({ ...filter, limit: PAGE, ...(cursor ? { cursor } : {}) }, app.lang, signal)
    rows.push(...answer.estates)
    if (!answer.next || page >= MOST_PAGES) return { rows, counts: answer.counts }
    cursor = answer.next
  }
}

/** Square metres as a figure, with two decimals only where there are any. */
export function metres(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–'
  return number(value, app.lang, Math.round(value * 100) % 100 === 0 ? 0 : 2)
}
