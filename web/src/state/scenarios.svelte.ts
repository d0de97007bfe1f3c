import { scenariosApi } from '../api/scenarios'
import type { Scenario } from '../api/scenarios.types'
import { app } from './app.svelte'
import { Loading } from './loading.svelte'
import { recall, remember } from './memory'
import { nav } from './nav.svelte'
import { mapAddress, planOf, questionOf, sameQuestion } from './scenario'

export const MOST_COMPARED = 8

/** The scenarios beside the map: those that can be opened, the one that was, and those that
 *  are picked to be set side by side. */
class Scenarios {
  readonly known = new Loading<Scenario[]>()
  /** the one that was opened or saved last, which changes on the map are changes of */
  opened = $state.raw<Scenario | null>(null)
  basket = $state.raw<string[]>((recall('basket') ?? '').split(',').filter(Boolean))

  /** The scenario that the map shows as it is kept. */
  readonly shown = $derived.by(() => {
    const asked = questionOf(app.question)
    const fits = (each: Scenario) => planOf(each.steps) === app.plan && sameQuestion(each.question, asked)
    if (this.opened && fits(this.opened)) return this.opened
    return this.known.value?.find(fits) ?? null
  })

  async load(): Promise<void> {
    await this.known.run(async (signal) => (await scenariosApi.list({}, app.lang, signal)).scenarios)
  }

  open(scenario: Scenario): void {
    this.opened = scenario
    nav.open(mapAddress(scenario, app.lang, app.band))
  }

  saved(scenario: Scenario): void {
    this.opened = scenario
    void this.load()
  }

  has(id: string): boolean {
    return this.basket.includes(id)
  }

  toggle(id: string): void {
    this.keep(this.has(id) ? this.basket.filter((each) => each !== id) : [...this.basket, id].slice(-MOST_COMPARED))
  }

  keep(ids: string[]): void {
    this.basket = ids
    remember('basket', ids.join(','))
  }

  compareAddress(ids: readonly string[] = this.basket): string {
    return `/scenarios/compare?ids=${ids.join(',')}&lang=${app.lang}`
  }
}

export const scenarios = new Scenarios()
