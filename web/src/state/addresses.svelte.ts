import { addressesApi } from '../api/addresses'
import type { AddressCodes, AddressDecision } from '../api/addresses.types'
import { capital } from '../text/format'
import { app } from './app.svelte'
import { estates } from './estates.svelte'
import { Loading } from './loading.svelte'
import { nav } from './nav.svelte'
import { addressOf } from './page'

type List = 'levels' | 'states' | 'position_kinds' | 'position_sources' | 'decision_kinds' | 'custodies'

/** What the screens of addresses share: the lists of codes, and how an address is opened. */
class Addresses {
  readonly loading = new Loading<AddressCodes>()
  readonly codes = $derived(this.loading.value)

  /** Fetches what the words of the screens need; again only where it did not come. */
  async load(): Promise<void> {
    const codes = this.codes ? null : this.loading.run((signal) => addressesApi.codes(app.lang, signal))
    await Promise.all([codes, estates.loadPlaces()])
  }

  word(list: List, code: string | null | undefined): string {
    const found = this.codes?.[list].find((each) => each.code === code)
    return found ? capital(app.word(found)) : (code ?? '')
  }

  /** A document in a line. */
  document(decision: AddressDecision | null | undefined): string {
    if (!decision || !decision.kind) return ''
    return [this.word('decision_kinds', decision.kind), decision.number, decision.body, decision.day].filter((part) => part).join(app.lang === 'zh' ? '，' : ', ')
  }

  /** The states that a state leads to. */
  next(state: string): { to: string; decisions: string[] }[] {
    return (this.codes?.moves ?? []).filter((each) => each.from === state)
  }

  href(id: string): string {
    return `${addressOf('addresses', app.lang)}&address=${encodeURIComponent(id)}`
  }

  open(id: string): void {
    nav.open(this.href(id))
  }
}

export const addresses = new Addresses()

/** The colour of a state. */
export const addressTone = (state: string): string => ({ approved: 'good', provisional: 'warning', reserved: '', historical: '' })[state] ?? ''
