import { namesApi } from '../api/names'
import type { NameClass, NameCodes, NameDecision, NameKind } from '../api/names.types'
import { capital } from '../text/format'
import { app } from './app.svelte'
import { estates } from './estates.svelte'
import { ledger } from './ledger.svelte'
import { Loading } from './loading.svelte'
import { kindOf } from './nameDraft'

/** What the screens of place names share: the lists of codes, and what records are called. */
class Names {
  readonly loading = new Loading<NameCodes>()
  readonly codes = $derived(this.loading.value)
  readonly classes = $derived<NameClass[]>(this.codes?.classes ?? [])
  /** what a record is called that others refer to */
  private called = $state.raw<ReadonlyMap<string, string>>(new Map())
  private readonly asked = new Set<string>()

  /** Fetches what the words of the screens need; again only where it did not come. */
  async load(): Promise<void> {
    const codes = this.codes ? null : this.loading.run((signal) => namesApi.codes(app.lang, signal))
    await Promise.all([codes, estates.loadPlaces()])
  }

  kind(code: string): NameKind | undefined {
    return kindOf(this.codes, code)
  }

  kindWord(code: string): string {
    const kind = this.kind(code)
    return kind ? capital(app.word(kind)) : code
  }

  classOf(kind: string): NameClass | undefined {
    return this.classes.find((each) => each.kinds.some((of) => of.code === kind))
  }

  word(list: 'states' | 'aliases' | 'decisions' | 'scopes', code: string | null | undefined): string {
    const found = this.codes?.[list].find((each) => each.code === code)
    return found ? capital(app.word(found)) : (code ?? '')
  }

  /** A document in a line. */
  document(decision: NameDecision | null | undefined): string {
    if (!decision) return ''
    const kind = decision.kind === 'observed' ? this.word('decisions', 'observed') : ''
    return [kind, decision.title, decision.number, decision.body, decision.day].filter((part) => part).join(app.lang === 'zh' ? '，' : ', ')
  }

  places(codes: readonly string[]): string {
    return codes.map((code) => ledger.place(code)).join(app.lang === 'zh' ? '、' : ', ')
  }

  /** What a record is called; '' until it was fetched, its id where it cannot be. */
  textOf(id: string): string {
    if (id === '') return ''
    const known = this.called.get(id)
    if (known === undefined && !this.asked.has(id)) {
      this.asked.add(id)
      void this.fetchText(id)
    }
    return known ?? ''
  }

  /** Remembers what records are called that were read anyway. */
  know(rows: readonly { id: string; text: string }[]): void {
    const fresh = rows.filter((row) => this.called.get(row.id) !== row.text)
    if (fresh.length > 0) this.called = new Map([...this.called, ...fresh.map((row): [string, string] => [row.id, row.text])])
  }

  private async fetchText(id: string): Promise<void> {
    try {
      this.know([await namesApi.name(id, '', app.lang)])
    } catch {
      this.know([{ id, text: id }])
    }
  }
}

export const names = new Names()
