import type { FacilityCounts, ListedFacility, Seen } from '../api/registry.types'
import { registryApi } from '../api/registry'
import { app } from './app.svelte'
import { listQuery, type ListSort } from './listRoute'
import { Loading } from './loading.svelte'
import { recall, remember } from './memory'

const PAGE = 100

export const columns = ['type', 'status', 'stage', 'division', 'address', 'capacity', 'verified', 'operator', 'bureau_no', 'institution_code', 'uscc', 'name_en'] as const
export type Column = (typeof columns)[number]

const usual: Column[] = ['type', 'status', 'stage', 'division', 'address', 'capacity', 'verified']

/** The columns that are shown, as they were chosen last. */
function remembered(): Column[] {
  const kept = (recall('columns') ?? '').split(',')
  const known = columns.filter((column) => kept.includes(column))
  return known.length > 0 ? known : usual
}

/** The list of the registry: what was asked for, its rows as far as they were fetched, and
 *  which of them are chosen. */
class Registry {
  rows = $state.raw<ListedFacility[]>([])
  total = $state<number | null>(null)
  next = $state.raw<string | null>(null)
  failure = $state('')
  /** the first page of the present question has come */
  loaded = $state(false)
  busy = $state(false)
  /** chosen for a change of many: id and version that was seen */
  chosen = $state.raw<ReadonlyMap<string, number>>(new Map())
  /** id of the row or the thing on the map that is pointed at */
  hovered = $state('')
  columns = $state.raw<Column[]>(remembered())
  readonly counts = new Loading<FacilityCounts>()
  /** proposals that wait for a decision, as far as one may see them */
  proposals = $state(0)

  private abort = new AbortController()
  private last = ''

  readonly query = $derived(listQuery(app.list, app.type))
  readonly sort = $derived<`${'' | '-'}${ListSort}`>(`${app.list.descending ? '-' : ''}${app.list.sort}`)

  /** Asks for the first page, or with a cursor for the next. */
  async load(cursor: string | null = null): Promise<void> {
    if (cursor && this.busy) return
    this.abort.abort()
    const mine = new AbortController()
    this.abort = mine
    this.busy = true
    try {
      const asked = { ...this.query, sort: this.sort, limit: PAGE, ...(cursor ? { cursor } : { count: 'true' }) }
      const page = await registryApi.list(asked, app.lang, mine.signal)
      if (mine.signal.aborted) return
      this.rows = cursor ? [...this.rows, ...page.facilities] : page.facilities
      this.next = page.next
      if (!cursor) this.total = page.total ?? null
      this.failure = ''
      this.loaded = true
      if (!cursor) this.forget()
    } catch (error) {
      if (!mine.signal.aborted) this.failure = app.explain(error)
    } finally {
      if (this.abort === mine) this.busy = false
    }
  }

  /** What is asked for changed: rows that were chosen of another list are chosen no more. */
  private forget(): void {
    const asked = JSON.stringify(this.query)
    if (asked !== this.last) this.chosen = new Map()
    this.last = asked
    // What was written from here has another version now.
    if (this.chosen.size > 0) {
      const versions = new Map(this.rows.map((row) => [row.id, row.version]))
      this.chosen = new Map([...this.chosen].map(([id, version]) => [id, versions.get(id) ?? version]))
    }
  }

  stop(): void {
    this.abort.abort()
  }

  loadCounts(): Promise<void> {
    const { division, type } = this.query
    return this.counts.run((signal) => registryApi.counts({ ...(division ? { division } : {}), ...(type ? { type } : {}) }, app.lang, signal))
  }

  async loadProposals(): Promise<void> {
    try {
      this.proposals = (await registryApi.proposals({ state: 'open', limit: 1 }, app.lang)).total
    } catch {
      this.proposals = 0 // the number is a courtesy; the screen of proposals says what is wrong
    }
  }

  choose(row: ListedFacility, chosen: boolean): void {
    const next = new Map(this.chosen)
    if (chosen) next.set(row.id, row.version)
    else next.delete(row.id)
    this.chosen = next
  }

  /** Chooses a stretch of rows, or all that were fetched. */
  chooseRange(from: number, to: number, chosen: boolean): void {
    const next = new Map(this.chosen)
    for (const row of this.rows.slice(Math.min(from, to), Math.max(from, to) + 1)) {
      if (chosen) next.set(row.id, row.version)
      else next.delete(row.id)
    }
    this.chosen = next
  }

  chooseNone(): void {
    this.chosen = new Map()
  }

  get seen(): Seen[] {
    return [...this.chosen].map(([id, version]) => ({ id, version }))
  }

  row(id: string): ListedFacility | undefined {
    return this.rows.find((row) => row.id === id)
  }

  sortBy(key: ListSort): void {
    const { sort, descending } = app.list
    app.setList(sort === key ? { descending: !descending } : { sort: key, descending: false })
  }

  showColumn(column: Column, shown: boolean): void {
    this.columns = columns.filter((each) => (each === column ? shown : this.columns.includes(each)))
    remember('columns', this.columns.join(','))
  }
}

export const registry = new Registry()
