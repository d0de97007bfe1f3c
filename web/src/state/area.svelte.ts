import { areaApi } from '../api/area'
import type { AreaAnswer } from '../api/area.types'
import type { Corner } from '../map/ring'
import { app } from './app.svelte'
import { readArea, wireOfArea } from './areaText'
import { drawing } from './drawing.svelte'
import { Loading } from './loading.svelte'
import { EMPTY, parsePlan, wireOf } from './plan'

const nowhere: Corner[] = []

/** The area whose people are counted. Which one it is stands in the address. */
class CountedArea {
  readonly loading = new Loading<AreaAnswer>()

  readonly asked = $derived(app.task === 'map' ? readArea(app.within) : null)
  /** what was drawn, for the map */
  readonly ring = $derived(this.asked?.kind === 'ring' ? this.asked.ring : nowhere)
  /** the divisions that it is made of, for the map */
  readonly divisions = $derived(this.asked ? (this.loading.value?.divisions ?? []).map((d) => d.code) : [])
  /** the plan that is counted beside today; '' for none */
  readonly plan = $derived(app.plan === EMPTY ? '' : app.plan)

  draw(): void {
    drawing.start('count', (ring) => app.setWithin(ring))
  }

  clear(): void {
    this.loading.stop()
    this.loading.value = null
    app.setWithin('')
  }

  ask(): void {
    const { asked } = this
    if (!asked) return
    const { query, lang } = app
    const steps = wireOf(parsePlan(this.plan))
    void this.loading.run((signal) => areaApi.ask(query, wireOfArea(asked), steps, lang, signal))
  }
}

export const area = new CountedArea()
