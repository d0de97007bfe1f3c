import { untrack } from 'svelte'
import { explainApi, type FigureParams, type Plan } from '../api/explain'
import type { ExplainedFigure, ExplainedPoint, ExplainedRoute, ExplainedSources, ExplainedUnits } from '../api/explain.types'
import type { PeoplePoint } from '../api/types'
import type { Pick } from '../map/pick'
import { app } from './app.svelte'
import { figureKey, formatFigure, parseFigure, type FigureKey } from './figure'
import { Loading } from './loading.svelte'
import { wireOf } from './plan'
import { whatif } from './whatif.svelte'

/** Points of the first page and of each further one. */
const PAGE = 200

/** Where the figure in the address bar comes from: the people behind it page by page, the
 *  walk of one of them, and the data and rules. */
class Explain {
  readonly key = $derived<FigureKey | null>(parseFigure(app.figure))
  readonly on = $derived(this.key !== null && app.task === 'map')
  readonly band = $derived(this.key?.band || app.band)
  readonly plan = $derived<Plan>(this.key?.plan && whatif.on ? wireOf(whatif.steps) : null)

  figure = new Loading<ExplainedFigure>()
  units = new Loading<ExplainedUnits>()
  route = new Loading<ExplainedRoute>()
  sources = new Loading<ExplainedSources>()
  more = new Loading<ExplainedFigure>()
  /** of all pages read so far */
  rows = $state.raw<ExplainedPoint[]>([])
  next = $state('')

  /** what the API is asked for; null where the figure is no sum of people */
  readonly params = $derived.by<FigureParams | null>(() => {
    const { key } = this
    if (!key || key.part === 'units' || key.part === 'gaps') return null
    const of = (place: string) => (key.place === place ? key.id : '')
    return {
      part: key.part === 'share' ? 'covered' : key.part,
      band: this.band,
      division: key.place === 'outside' ? 'outside' : of('division'),
      facility: of('facility'),
      gap: of('gap'),
    }
  })

  /** Reads the first page, or the communities, of the present figure. */
  async load(): Promise<void> {
    const { key, params } = this
    this.more.stop()
    if (!key) return
    if (!params) {
      this.rows = []
      if (key.part === 'units') await this.units.run((signal) => explainApi.units(app.query, key.place === 'division' ? key.id : '', app.lang, signal))
      return
    }
    await this.figure.run(async (signal) => {
      const page = await explainApi.points(app.query, this.plan, params, PAGE, '', app.lang, signal)
      if (!signal.aborted) this.take(page, [])
      return page
    })
  }

  private take(page: ExplainedFigure, before: ExplainedPoint[]): void {
    this.rows = [...before, ...page.rows]
    this.next = page.next ?? ''
  }

  async loadMore(): Promise<void> {
    const { params, next } = this
    if (!params || !next) return
    await this.more.run(async (signal) => {
      const page = await explainApi.points(app.query, this.plan, params, PAGE, next, app.lang, signal)
      if (!signal.aborted) this.take(page, this.rows)
      return page
    })
  }

  /** Reads the walk of the point in the address bar: to the figure's own facility, or to
   *  the nearest. */
  async loadWalk(): Promise<void> {
    const { key } = this
    const from = app.walk
    this.route.value = null
    this.route.failure = null
    if (!key || from === '') {
      this.route.stop()
      return
    }
    const to = key.place === 'facility' && key.part !== 'nearest' ? key.id : ''
    await this.route.run((signal) => explainApi.route(app.query, this.plan, from, to, app.lang, signal))
  }

  loadSources(): Promise<void> {
    return this.sources.run((signal) => explainApi.sources(app.query, app.lang, signal))
  }

  open(key: FigureKey): void {
    app.openFigure(formatFigure(key))
  }

  /** Opens the figure of its community, or of all, that counts somebody, at their walk. */
  openWalk(point: PeoplePoint): void {
    const place = point.division_code === '' ? figureKey(point.state, { place: 'outside' }) : figureKey(point.state, { place: 'division', id: point.division_code })
    app.openFigure(formatFigure(place), 'push', point.id)
  }

  close(): void {
    app.openFigure('')
  }

  isOpen(key: FigureKey): boolean {
    return app.figure !== '' && app.figure === formatFigure(key)
  }

  /** A click on the map: on somebody behind the figure it draws their walk. */
  clicked(picks: readonly Pick[]): boolean {
    if (!this.on) return false
    const hit = picks.find((pick) => pick.selection.kind === 'people' && this.rows.some((row) => row.id === pick.selection.id))
    if (!hit) return false
    untrack(() => app.setWalk(hit.selection.id))
    return true
  }
}

export const explain = new Explain()
