import { namesApi } from '../api/names'
import type { NameCount, NameFilter, NameRow } from '../api/names.types'
import { app } from './app.svelte'
import { Loading } from './loading.svelte'
import { names } from './names.svelte'

const PAGE = 200

interface Listed {
  rows: NameRow[]
  counts: NameCount[]
  next: string | null
}

/** The list of the gazetteer, page after page in its order; it stays while a record of it is
 *  looked at, so that one goes on to the next. */
class Gazetteer {
  readonly loading = new Loading<Listed>()
  readonly rows = $derived(this.loading.value?.rows ?? [])
  private filter: NameFilter = {}

  /** Reads the list from its beginning. */
  load(filter: NameFilter): Promise<void> {
    this.filter = filter
    return this.read([], null)
  }

  /** Reads the page after the last. */
  more(): Promise<void> {
    const { value } = this.loading
    return value?.next ? this.read(value.rows, value.next) : Promise.resolve()
  }

  again(): Promise<void> {
    return this.load(this.filter)
  }

  private read(before: NameRow[], cursor: string | null): Promise<void> {
    const { filter } = this
    return this.loading.run(async (signal) => {
      const [page, all] = await Promise.all([
        namesApi.list({ ...filter, limit: PAGE, ...(cursor ? { cursor } : {}) }, app.lang, signal),
        // The states are counted whichever of them is asked for.
        filter.state && !cursor ? namesApi.list({ ...filter, state: '', limit: 1 }, app.lang, signal) : null,
      ])
      names.know(page.names)
      const counts = cursor ? (this.loading.value?.counts ?? []) : (all ?? page).counts
      return { rows: [...before, ...page.names], counts, next: page.next }
    })
  }
}

export const gazetteer = new Gazetteer()
