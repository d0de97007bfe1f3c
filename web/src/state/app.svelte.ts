import { api, ApiError } from '../api/client'
import { boundsOf, type Bounds, type Status } from '../api/types'
import type { MapController } from '../map/controller'
import { groups, type Group } from '../map/layers'
import { useSigns } from '../map/glyphs'
import type { Pick } from '../map/pick'
import type { Lang } from '../text/format'
import { noList, type ListRoute } from './listRoute'
import { recall, remember } from './memory'
import { nav } from './nav.svelte'
import { withoutFacilities } from './plan'
import { Question, type Asked } from './question.svelte'
import { rowsSort, type Sort } from './rows'
import { formatRoute, routeOf, type Columns, type Route, type Selection, type Shade, type Task, type View } from './route'

const FIRST_POLL_MS = 250
const POLL_MS = 1000
const EXPECT_TRIES = 15

/** The layers that are switched off unless the user wants them. */
const HIDDEN: Group[] = ['estates', 'names', 'others']

/** How the map shows a plan that is tried out. */
export type TrialView = 'today' | 'plan' | 'change'

/** What one failed request leaves on the screen. */
export interface Failure {
  text: string
}

/** The state of the whole screen. Parts read it and call its verbs; only it writes
 *  the address bar. */
export class App extends Question {
  task = $state<Task>('map')
  status = $state.raw<Status | null>(null)
  bootFailure = $state.raw<Failure | null>(null)

  /** the question that `answer` answers */
  answered = $state('')
  failure = $state.raw<Failure | null>(null)
  loading = $state(false)

  selection = $state.raw<Selection | null>(null)
  /** the day as of which the selected record is shown; '' is today */
  day = $state('')
  /** other things under the last click */
  also = $state.raw<Pick[]>([])
  /** what tiles said about the selection */
  properties = $state.raw<Record<string, unknown> | null>(null)
  /** code of the division pointed at in table or map */
  hovered = $state<string | null>(null)
  view = $state.raw<View | null>(null)
  /** whether the map shows the whole district because nobody moved it */
  fitted = $state(false)
  hidden = $state.raw<Set<Group>>(new Set(HIDDEN))
  sort = $state.raw<Sort>(rowsSort)
  /** what the registry is asked for */
  list = $state.raw<ListRoute>(noList)
  baseMap = $state(false)
  columns = $state<Columns>('cover')
  shade = $state<Shade>('cover')
  /** the plan that is tried out, as the address has it; '' is none */
  plan = $state('')
  /** how the map shows it */
  trial = $state<TrialView>('plan')
  /** the area whose people are counted, as the address has it; '' is none */
  within = $state('')
  /** the figure whose origin is shown, as the address has it, and the population point
   *  whose walk is drawn; '' is none */
  figure = $state('')
  walk = $state('')
  /** what the drawer shows, so that one can tell whether it is another thing; '' is none */
  readonly drawn = $derived(this.figure || (this.selection ? `${this.selection.kind}/${this.selection.id}` : ''))
  tilesComplete = $state(true)

  /** why the server does not answer at the moment, if it does not */
  away = $state<'' | 'offline' | 'starting'>('')
  /** the server has newer data than the screen */
  outdated = $state(false)

  /** the record that was reached from one that it took the place of, and that one's name */
  followed = $state.raw<{ id: string; name: string; from: string } | null>(null)
  /** id of a record that is looked at although another took its place */
  private staying = ''

  /** grows with every record written from here */
  writes = $state(0)

  map: MapController | null = null
  private expecting = false
  private abort: AbortController | null = null

  constructor() {
    super()
    const route = routeOf(location)
    const remembered = recall('lang')
    this.lang = route.lang ?? (remembered === 'en' ? 'en' : 'zh')
    this.read(route)
    nav.onmap = () => this.popped()
  }

  // --- the address ---------------------------------------------------------

  private read(route: Route): void {
    this.task = route.task
    this.type = route.type ?? this.district?.defaults.type ?? ''
    this.limit = route.limit ?? this.district?.defaults.limit_s ?? 0
    this.speed = route.speed ?? this.district?.defaults.speed ?? 0
    this.metres = route.metres ?? 0
    this.profile = route.profile ?? 'plain'
    this.at = route.at ?? ''
    this.tier = route.tier ?? ''
    this.base = route.base ?? this.district?.bases[0] ?? ''
    this.band = route.band ?? this.district?.defaults.band ?? ''
    this.level = route.level ?? this.district?.levels[0] ?? ''
    this.selection = route.selection ?? null
    this.day = route.day ?? ''
    if (route.view) this.view = route.view
    const known = Object.keys(groups) as Group[]
    this.hidden = new Set(route.off ? known.filter((group) => route.off?.includes(group)) : HIDDEN)
    this.baseMap = route.baseMap ?? false
    this.columns = route.columns ?? 'cover'
    this.shade = route.shade ?? 'cover'
    this.plan = route.plan ?? ''
    this.trial = route.trial ?? 'plan'
    this.within = route.within ?? ''
    this.figure = route.explain ?? ''
    this.walk = route.walk ?? ''
    this.sort = route.sort ?? rowsSort
    // The map's address says nothing of the list, which stays as it was left.
    if (route.task === 'facilities') this.list = route.list ?? noList
  }

  private route(): Route {
    const isDefault = this.hidden.size === HIDDEN.length && HIDDEN.every((group) => this.hidden.has(group))
    return {
      task: this.task,
      type: this.type,
      // A distance takes the place of both.
      ...(this.metres > 0 ? { metres: this.metres } : { limit: this.limit, speed: this.speed }),
      ...(this.profile === 'plain' ? {} : { profile: this.profile }),
      ...(this.at ? { at: this.at } : {}),
      ...(this.tier ? { tier: this.tier } : {}),
      band: this.band,
      base: this.base,
      level: this.level,
      ...(this.selection ? { selection: this.selection } : {}),
      ...(this.day ? { day: this.day } : {}),
      ...(this.view ? { view: this.view } : {}),
      ...(isDefault ? {} : { off: [...this.hidden].sort() }),
      ...(this.sort.key === rowsSort.key && this.sort.descending === rowsSort.descending ? {} : { sort: this.sort }),
      ...(this.baseMap ? { baseMap: true } : {}),
      ...(this.columns === 'cover' ? {} : { columns: this.columns }),
      ...(this.shade === 'cover' ? {} : { shade: this.shade }),
      ...(this.plan ? { plan: this.plan } : {}),
      ...(this.trial === 'plan' ? {} : { trial: this.trial }),
      ...(this.within ? { within: this.within } : {}),
      ...(this.figure ? { explain: this.figure } : {}),
      ...(this.figure && this.walk ? { walk: this.walk } : {}),
      list: this.list,
      lang: this.lang,
    }
  }

  /** The address of the map, or of a task on it, as it was left. */
  address(task: Task = this.task): string {
    return formatRoute({ ...this.route(), task })
  }

  private write(how: 'push' | 'replace'): void {
    // Other screens have their own addresses.
    if (!this.district || nav.page !== 'map') return
    const address = this.address()
    if (address === location.pathname + location.search) return
    if (how === 'push') history.pushState(null, '', address)
    else history.replaceState(null, '', address)
  }

  /** Shows the map that the address bar says, after the back button or from another
   *  screen. */
  private popped(): void {
    const route = routeOf(location)
    this.lang = route.lang ?? this.lang
    this.read(route)
    this.settle()
    this.also = []
    this.properties = null
    if (route.view) this.map?.jump(route.view)
  }

  // --- starting ------------------------------------------------------------

  /** Finds out who asks; waits while the server cannot say because it is starting. */
  async begin(who: () => Promise<void>, signal: AbortSignal): Promise<void> {
    this.bootFailure = null
    for (let wait = FIRST_POLL_MS; !signal.aborted; wait = POLL_MS) {
      try {
        await who()
        return
      } catch (error) {
        if (!(error instanceof ApiError && error.status === 503)) {
          this.bootFailure = { text: this.explain(error) }
          return
        }
        this.status = await api.status(this.lang).catch(() => this.status)
        await pause(wait)
      }
    }
  }

  /** Waits for the server, then reads the district. Resolves when the screen can
   *  work or a failure is on it. */
  async start(signal: AbortSignal): Promise<void> {
    this.bootFailure = null
    try {
      for (let wait = FIRST_POLL_MS; ; wait = POLL_MS) {
        this.status = await api.status(this.lang)
        if (this.status.ready || signal.aborted) break
        await pause(wait)
      }
      const [district, types] = await Promise.all([api.district(this.lang), api.types(this.lang)])
      if (signal.aborted) return
      useSigns(types)
      this.types = types
      this.district = district
      this.read(routeOf(location))
      this.settle()
      this.write('replace')
    } catch (error) {
      this.bootFailure = { text: this.explain(error) }
    }
  }

  /** Asks anew what was refused while nobody was signed in. */
  resume(): void {
    if (this.failure) void this.ask()
    if (!this.tilesComplete) this.map?.renew()
  }

  /** Asks the server how it is: notices that it went away, that it is back, and that it
   *  has other data than the screen, which then renews itself or offers to. */
  async look(): Promise<{ away: boolean }> {
    if (!this.district) return { away: false }
    const before = this.away
    try {
      const status = await api.status(this.lang)
      this.away = status.ready ? '' : 'starting'
      if (status.ready) await this.found(status.version, before !== '')
    } catch {
      this.away = 'offline'
    }
    return { away: this.away !== '' }
  }

  private async found(version: string, back: boolean): Promise<void> {
    this.outdated = version !== this.district?.version
    if (this.outdated) {
      // With something selected a change under the eyes would take away what is read,
      // unless the reader made it.
      if (!this.selection || this.expecting) await this.refresh()
      return
    }
    if (back) this.resume()
  }

  /** Something was written from here: looks until the server counts with it, for a while. */
  async wrote(): Promise<void> {
    const before = this.district?.version
    this.writes += 1
    this.expecting = true
    for (let i = 0; i < EXPECT_TRIES && this.district?.version === before; i++) {
      await pause(POLL_MS)
      await this.look()
    }
    this.expecting = false
  }

  /** Reads everything anew where it stands: the question, the selection and the view
   *  stay, as far as the new data have them. */
  async refresh(): Promise<void> {
    try {
      const [district, types] = await Promise.all([api.district(this.lang), api.types(this.lang)])
      const elsewhere = district.adcode !== this.district?.adcode
      if (useSigns(types)) this.map?.redrawPlates()
      this.types = types
      this.district = district
      this.outdated = false
      if (elsewhere) this.selection = null
      this.properties = null
      this.also = []
      this.settle()
      this.answered = ''
      this.map?.renew(district)
      if (elsewhere) this.map?.fitDistrict()
      this.write('replace')
    } catch {
      this.away = 'offline'
    }
  }

  // --- asking --------------------------------------------------------------

  /** Fetches the answer to the present question; the last answer stays until then. */
  async ask(): Promise<void> {
    const question = this.question
    if (!this.district || !question || (question === this.answered && !this.failure)) return
    this.abort?.abort()
    const abort = new AbortController()
    this.abort = abort
    this.loading = true
    this.failure = null
    try {
      const answer = await api.coverage(this.query, this.lang, abort.signal)
      if (abort.signal.aborted) return
      this.answer = answer
      this.answered = question
    } catch (error) {
      if (abort.signal.aborted) return
      this.failure = { text: this.explain(error) }
    } finally {
      if (this.abort === abort) this.loading = false
    }
  }

  setQuestion(change: Partial<Asked>): void {
    if (change.type !== undefined && change.type !== this.type) {
      this.type = change.type
      this.plan = withoutFacilities(this.plan)
    }
    if (change.limit !== undefined) this.limit = change.limit
    if (change.speed !== undefined) this.speed = change.speed
    if (change.metres !== undefined) this.metres = change.metres
    if (change.profile !== undefined) this.profile = change.profile
    // Stairs and waits are times: a distance is anybody's.
    if (this.metres > 0) this.profile = 'plain'
    if (change.at !== undefined) this.at = change.at
    if (change.tier !== undefined) this.tier = change.tier
    if (change.base !== undefined) this.base = change.base
    if (change.band !== undefined) this.band = change.band
    // A gap belongs to one question; its id means nothing to the next.
    if (this.selection?.kind === 'gap') this.selection = null
    if (this.figure.includes('/gap/') || (change.type !== undefined && this.figure.includes('/facility/'))) this.figure = ''
    if (change.base !== undefined) this.walk = ''
    this.write('push')
  }

  setLevel(level: string): void {
    this.level = level
    this.write('push')
  }

  setTask(task: Task): void {
    this.task = task
    this.write('push')
  }

  setLang(lang: Lang): void {
    this.lang = lang
    remember('lang', lang)
    if (nav.page === 'map') this.write('replace')
    else nav.setParams({ lang })
  }

  moved(view: View, fitted: boolean): void {
    this.view = view
    this.fitted = fitted
    this.write('replace')
  }

  // --- selecting -----------------------------------------------------------

  select(selection: Selection | null, properties: Record<string, unknown> | null = null, also: Pick[] = []): void {
    this.selection = selection
    if (selection) this.figure = ''
    this.day = ''
    this.properties = properties
    this.also = also
    this.write('push')
  }

  /** Goes on to the record that took the place of another, unless that is what somebody
   *  wants to see; true when it did. */
  follow(from: { id: string; replaced_by: string[] }, name: string): boolean {
    const [heir, ...more] = from.replaced_by
    if (heir === undefined || more.length > 0 || this.staying === from.id) return false
    this.followed = { id: heir, name, from: from.id }
    this.selection = { kind: 'facility', id: heir }
    this.properties = null
    this.write('replace')
    return true
  }

  /** Shows a record although another took its place. */
  stayAt(id: string): void {
    this.staying = id
    this.followed = null
    this.select({ kind: 'facility', id })
  }

  /** Shows the selected record as it was on a day; '' is today. */
  setDay(day: string): void {
    this.day = day
    this.write('push')
  }

  isSelected(kind: string, id: string): boolean {
    return this.selection?.kind === kind && this.selection.id === id
  }

  /** Selects what was clicked; the second click on the same thing zooms to it. */
  clicked(picks: Pick[]): void {
    const [first, ...rest] = picks
    if (!first) {
      if (this.selection) this.select(null)
      return
    }
    const { kind, id } = first.selection
    if (this.isSelected(kind, id)) this.zoomTo(first.selection)
    else this.select(first.selection, first.properties, rest)
  }

  /** One of the other things under the last click takes the lead. */
  pickAlso(pick: Pick): void {
    const before = this.selection
    const rest = this.also.filter((other) => other !== pick)
    const back: Pick[] =
      before && this.properties
        ? [{ selection: before, properties: this.properties, source: '', sourceLayer: '' }]
        : []
    this.select(pick.selection, pick.properties, [...back, ...rest])
  }

  /** A row or list entry: click selects and shows, a second click zooms. */
  pickRow(selection: Selection): void {
    if (this.isSelected(selection.kind, selection.id)) this.zoomTo(selection)
    else this.select(selection)
  }

  zoomTo(selection: Selection): void {
    const { kind, id } = selection
    const site = this.site(id)
    const gap = this.gap(id)
    if (kind === 'division') this.fit(this.map?.boundsOf(id))
    else if (kind === 'gap' && gap) this.fit(boundsOf(gap.bbox))
    else if (kind === 'circle' && site) this.map?.goTo(site.lon, site.lat, 14.5)
    else if (kind === 'facility' && site) this.map?.goTo(site.lon, site.lat, 16)
    else this.map?.goToClick(17)
  }

  private fit(bounds: Bounds | null | undefined): void {
    if (bounds) this.map?.fit(bounds)
  }

  toggle(group: Group): void {
    const hidden = new Set(this.hidden)
    if (!hidden.delete(group)) hidden.add(group)
    this.hidden = hidden
    this.write('replace')
  }

  /** Shows where a figure comes from, and the walk of somebody behind it; '' ends that. */
  openFigure(figure: string, how: 'push' | 'replace' = 'push', walk = ''): void {
    this.figure = figure
    this.walk = walk
    this.write(how)
  }

  /** Draws the walk of somebody behind the figure; '' draws none. */
  setWalk(point: string): void {
    this.walk = point
    this.write('replace')
  }

  /** Tries out another plan; '' ends trying. */
  setPlan(plan: string): void {
    this.plan = plan
    if (plan === '' && this.figure.startsWith('plan.')) this.figure = ''
    this.write('push')
  }

  /** Shows the map as it is today, as the plan would make it, or what differs. */
  setTrial(trial: TrialView): void {
    this.trial = trial
    this.write('replace')
  }

  /** Counts the people of another area; '' of none. */
  setWithin(within: string): void {
    this.within = within
    this.write('push')
  }

  showColumns(columns: Columns): void {
    this.columns = columns
    this.write('replace')
  }

  shadeBy(shade: Shade): void {
    this.shade = shade
    this.write('replace')
  }

  showBaseMap(shown: boolean): void {
    this.baseMap = shown
    this.write('replace')
  }

  /** Asks the registry for something else. */
  setList(change: Partial<ListRoute>): void {
    this.list = { ...this.list, ...change }
    this.write('replace')
  }

  sortBy(sort: Sort): void {
    this.sort = sort
    this.write('replace')
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms))
}

export const app = new App()
