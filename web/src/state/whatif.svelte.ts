import { ApiError } from '../api/http'
import { whatIfApi } from '../api/whatif'
import type { WhatIfAnswer, WhatIfBand, WhatIfFacility } from '../api/whatif.types'
import type { Fate, ShareChange } from '../map/controller'
import type { Pick } from '../map/pick'
import { app, type TrialView } from './app.svelte'
import { EMPTY, formatPlan, letterOf, MOST_STEPS, mostOf, parsePlan, wireOf, type Step } from './plan'

/** A facility of the plan that has a marker: added, or moved. */
export interface Pin {
  /** index of its step */
  step: number
  lon: number
  lat: number
  text: string
  label: string
}

/** Trying plans out on the map. The plan is in the address bar; only what is in the hand
 *  of somebody who drags is here before it is there. */
class WhatIf {
  answer = $state.raw<WhatIfAnswer | null>(null)
  failure = $state('')
  /** the step that cannot be taken, by its index; -1 where the failure is of something else */
  faulty = $state(-1)
  busy = $state(false)
  /** a click on the map puts a new facility, or moves the one of this id */
  placing = $state<'' | 'add' | 'path' | 'street' | { move: string; name: string }>('')
  /** where a new path begins, once that was clicked */
  pathFrom = $state.raw<[number, number] | null>(null)
  private dragged = $state.raw<Step[] | null>(null)
  private past = $state.raw<string[]>([])
  private future = $state.raw<string[]>([])
  /** the plan in the address that was answered last */
  private answered = $state('')

  private wanted: { ask: () => Promise<WhatIfAnswer>; plan: string } | null = null
  private flying = false
  private frame = 0
  private abort: AbortController | null = null

  readonly on = $derived(app.plan !== '' && app.task === 'map')
  readonly steps = $derived(this.dragged ?? parsePlan(app.plan))
  readonly full = $derived(this.steps.length >= MOST_STEPS)
  readonly mayUndo = $derived(this.past.length > 0)
  readonly mayRedo = $derived(this.future.length > 0)
  /** how the map shows the plan; null where it is to show today alone */
  readonly view = $derived<TrialView | null>(this.on ? app.trial : null)
  /** the plan that the tiles are to follow: what is in the hand changes too fast for them */
  readonly tiles = $derived(this.on && app.trial !== 'today' && this.answered !== EMPTY && !this.failure ? this.answered : '')
  /** what the plan does to points */
  readonly fates = $derived.by(() => {
    const out = new Map<string, Fate>()
    for (const { fate, ids, before, after } of this.answer?.points ?? []) {
      ids.forEach((id, i) => out.set(id, { fate, before: before[i] ?? -1, now: after[i] ?? -1 }))
    }
    return out
  })
  /** what it does to the shares of divisions, by code; only where something differs */
  readonly shares = $derived.by(() => {
    const out = new Map<string, ShareChange>()
    for (const { code, bands } of this.answer?.divisions ?? []) {
      const band = bands[app.bandIndex]
      const before = band?.before.population_coverage ?? null
      const after = band?.after.population_coverage ?? null
      out.set(code, { after, change: before === null || after === null ? null : after - before })
    }
    return out
  })
  /** the greatest change of a share that the map's colours tell apart */
  readonly most = $derived(
    mostOf((this.answer?.divisions ?? []).filter((d) => d.level === app.level).map((d) => this.shares.get(d.code)?.change ?? 0)),
  )
  /** the band's totals */
  readonly band = $derived<WhatIfBand | null>(this.answer?.bands[app.bandIndex] ?? null)
  readonly pins = $derived.by(() => {
    const out: Pin[] = []
    let added = 0
    this.steps.forEach((step, index) => {
      if (step.do === 'add') {
        const text = letterOf(added++).toUpperCase()
        out.push({ step: index, lon: step.lon, lat: step.lat, text, label: app.m.whatif.added(text) })
      } else if (step.do === 'move') {
        out.push({ step: index, lon: step.lon, lat: step.lat, text: '→', label: app.m.whatif.movedPin(this.nameOf(step.id)) })
      }
    })
    return out
  })

  /** The plan's facility of an id of the registry or of the plan. */
  site(id: string): WhatIfFacility | null {
    return this.answer?.facilities.find((each) => each.id === id) ?? null
  }

  nameOf(id: string): string {
    const letter = /^new-([a-z]\d*)$/.exec(id)?.[1]
    if (letter) return app.m.whatif.added(letter.toUpperCase())
    const known = app.site(id) ?? this.site(id)
    return known ? app.nameOf(known) : id
  }

  /** Whether the plan closes a facility or a way, opens or shuts a gate: the last step of
   *  its id says. */
  last(id: string): Step['do'] | '' {
    return this.steps.findLast((step) => 'id' in step && step.id === id && step.do !== 'move')?.do ?? ''
  }

  begin(): void {
    app.setPlan(app.plan || EMPTY)
  }

  end(): void {
    this.placing = ''
    this.past = []
    this.future = []
    this.answered = ''
    this.abort?.abort()
    this.wanted = null
    this.answer = null
    this.failure = ''
    this.faulty = -1
    app.setPlan('')
  }

  private commit(steps: readonly Step[]): void {
    const next = formatPlan(steps)
    this.dragged = null
    if (next === app.plan) return
    this.past = [...this.past, app.plan || EMPTY]
    this.future = []
    app.setPlan(next)
  }

  take(step: Step): void {
    if (this.full) return
    // What undoes an earlier step takes its place.
    const steps = 'id' in step ? this.steps.filter((each) => !('id' in each && each.id === step.id && (each.do === 'move') === (step.do === 'move'))) : this.steps
    this.commit([...steps, step])
  }

  put(lon: number, lat: number): void {
    const what = this.placing
    if (what === 'path' && !this.pathFrom) {
      this.pathFrom = [lon, lat]
      return
    }
    this.placing = ''
    if (typeof what === 'object') this.take({ do: 'move', id: what.move, lon, lat })
    else if (what === 'path' && this.pathFrom) this.take({ do: 'add_path', line: [this.pathFrom, [lon, lat]] })
    else this.take({ do: 'add', lon, lat })
  }

  /** A street or a gate was clicked: what the plan does to it is taken back, or else a street
   *  closes, and a gate becomes what it is not. */
  toggle({ selection: { kind, id }, properties }: Pick): void {
    if (this.last(id) !== '') this.drop(id)
    else if (kind === 'road') this.take({ do: 'close_way', id })
    else this.take({ do: properties['passable'] === true ? 'shut_gate' : 'open_gate', id })
  }

  startPath(): void {
    this.pathFrom = null
    this.placing = 'path'
  }

  putInMiddle(): void {
    const { view } = app
    this.placing = 'add'
    if (view) this.put(view.lon, view.lat)
  }

  remove(index: number): void {
    this.commit(this.steps.filter((_, i) => i !== index))
  }

  /** Drops what the plan does to the thing of an id. */
  drop(id: string): void {
    this.commit(this.steps.filter((step) => !('id' in step && step.id === id && step.do !== 'move')))
  }

  reset(): void {
    this.placing = ''
    this.commit([])
  }

  undo(): void {
    const before = this.past.at(-1)
    if (before === undefined) return
    this.past = this.past.slice(0, -1)
    this.future = [...this.future, app.plan || EMPTY]
    this.dragged = null
    app.setPlan(before)
  }

  redo(): void {
    const next = this.future.at(-1)
    if (next === undefined) return
    this.future = this.future.slice(0, -1)
    this.past = [...this.past, app.plan || EMPTY]
    this.dragged = null
    app.setPlan(next)
  }

  /** A marker is being dragged: asked for at once, written when it is let go. */
  drag(index: number, lon: number, lat: number): void {
    this.dragged = this.steps.map((step, i) => (i === index && (step.do === 'add' || step.do === 'move') ? { ...step, lon, lat } : step))
  }

  letGo(): void {
    if (this.dragged) this.commit(this.dragged)
  }

  /** Asks for what the screen shows, at most once a frame and one at a time: of what comes
   *  in between only the last is asked. */
  ask(): void {
    const { steps } = this
    const { query, lang } = app
    const wire = wireOf(steps)
    this.wanted = { ask: () => whatIfApi.ask(query, wire, lang, this.abort?.signal), plan: this.dragged ? '' : app.plan }
    if (this.flying || this.frame) return
    this.frame = requestAnimationFrame(() => {
      this.frame = 0
      void this.run()
    })
  }

  private failed(error: unknown): void {
    const [fault] = error instanceof ApiError ? error.faults : []
    const step = /^#\/steps\/(\d+)$/.exec(fault?.pointer ?? '')?.[1]
    this.faulty = step === undefined ? -1 : Number(step)
    this.failure = [app.explain(error), this.faulty >= 0 ? fault?.hint : ''].filter(Boolean).join(app.lang === 'zh' ? '。' : '. ')
  }

  private async run(): Promise<void> {
    this.flying = true
    this.busy = true
    while (this.wanted) {
      const next = this.wanted
      this.wanted = null
      this.abort = new AbortController()
      const { signal } = this.abort
      try {
        const answer = await next.ask()
        if (!signal.aborted) {
          this.answer = answer
          if (next.plan !== '') this.answered = next.plan
          this.failure = ''
          this.faulty = -1
        }
      } catch (error) {
        if (!signal.aborted) this.failed(error)
      }
    }
    this.flying = false
    this.busy = false
  }
}

export const whatif = new WhatIf()
