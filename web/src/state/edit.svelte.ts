import { api } from '../api/client'
import { ApiError } from '../api/http'
import { recordsApi } from '../api/records'
import { registryApi } from '../api/registry'
import type { FacilityContent, FacilityPatch, Version } from '../api/records.types'
import { boundsOf, type Facility } from '../api/types'
import { today } from '../text/time'
import { app } from './app.svelte'
import { check, contentOf, contentOfRecord, draftOf, emptyDraft, placeText, wire, type Draft, type Field, type Since, type Wrong } from './facilityDraft'
import { Sending } from './loading.svelte'
import { merge, patchOf, type Conflict } from './merge'
import { nav } from './nav.svelte'
import { addressOf } from './page'
import { session } from './session.svelte'
import { checkFields } from './typeFields'

/** The zoom at which a place can be told from the next. */
const CLOSE_ENOUGH = 16

/** Somebody else was first: what they made of the record, and who they are as far as we
 *  may know. */
export interface Stale {
  current: Facility
  merged: FacilityContent
  conflicts: Conflict[]
  taken: string[]
  last: Version | null
}

/** The facility that is being registered or changed. What is typed stays here until it
 *  is saved or given up, whatever else the screen shows meanwhile. */
class Edit {
  mode = $state<'' | 'new' | 'change'>('')
  /** what is typed is not written, but proposed to those who may */
  proposing = $state(false)
  id = $state('')
  draft = $state<Draft>(emptyDraft(''))
  reason = $state('')
  since = $state<Since>({ kind: 'day', day: '' })
  tried = $state(false)
  stale = $state.raw<Stale | null>(null)
  /** fields that somebody else's change brought into the draft */
  mergedNote = $state(false)
  readonly sending = new Sending()

  private base: FacilityContent | null = null
  /** the record was not placed when it was opened, and may stay so */
  private nowhere = $state(false)
  private version = 0
  private begun = ''

  /** what the chosen type declares */
  readonly declared = $derived(app.types.find((each) => each.type === this.draft.type))
  readonly fieldFaults = $derived(this.tried ? checkFields(this.declared?.fields ?? [], this.draft.fields) : {})

  readonly wrong = $derived<Partial<Record<Field, Wrong>>>(
    this.tried ? check(this.draft, this.reason, this.since, today(), boundsOf(app.district?.bounds ?? []), this.nowhere) : {},
  )
  /** where the fields say it is, if they say a place */
  readonly placeNow = $derived.by(() => {
    const wrong = check(this.draft, 'x', { kind: 'correction', day: '' }, '', null).place
    return wrong ? null : { lon: Number(this.draft.lon), lat: Number(this.draft.lat) }
  })
  readonly dirty = $derived(this.mode !== '' && JSON.stringify([this.draft, this.reason]) !== this.begun)

  startNew(type: string, proposing = false): void {
    this.begin('new', '', emptyDraft(type))
    this.proposing = proposing
    this.base = null
  }

  start(facility: Facility, proposing = false): void {
    this.base = contentOfRecord(facility, typeOf(facility.type))
    const { lon, lat } = this.base
    this.version = facility.version ?? 0
    this.begin('change', facility.id, draftOf(this.base))
    this.nowhere = lon === null
    this.proposing = proposing
    if (lon !== null && lat !== null) app.map?.goTo(lon, lat, CLOSE_ENOUGH)
  }

  private begin(mode: 'new' | 'change', id: string, draft: Draft): void {
    this.mode = mode
    this.proposing = false
    this.nowhere = false
    this.id = id
    this.draft = draft
    this.reason = ''
    this.since = { kind: 'day', day: today() }
    this.tried = false
    this.stale = null
    this.mergedNote = false
    this.sending.failure = null
    this.begun = JSON.stringify([draft, ''])
  }

  giveUp(): void {
    this.mode = ''
    this.stale = null
  }

  place(lon: number, lat: number): void {
    Object.assign(this.draft, placeText(lon, lat))
  }

  /** The fields that differ from the record as it was opened. */
  changes(): string[] {
    if (!this.base) return []
    return Object.keys(patchOf(this.base, this.content()))
  }

  private content(): FacilityContent {
    return contentOf(this.draft, this.declared)
  }

  /** Sends what is typed; true when it is saved. */
  async save(): Promise<boolean> {
    this.tried = true
    this.mergedNote = false
    if (Object.keys(this.wrong).length + Object.keys(this.fieldFaults).length > 0) return false
    if (this.proposing) return this.propose()
    const saved = this.mode === 'new' ? await this.register() : await this.change()
    if (saved) {
      const { id } = this
      this.mode = ''
      app.select({ kind: 'facility', id })
      void app.wrote()
    }
    return saved
  }

  /** Sends what is typed to those who may decide; shows it beside the facility, or among
   *  the own proposals where there is none yet. */
  private async propose(): Promise<boolean> {
    const fresh = this.mode === 'new'
    const content = this.content()
    const known = Object.fromEntries(Object.entries(content).filter(([, value]) => value !== null && value !== '')) as Partial<FacilityContent>
    const patch = wire(fresh || !this.base ? known : patchOf(this.base, content))
    const seen = fresh ? null : { id: this.id, version: this.version }
    const sent = await this.sending.run([seen, patch, this.reason], async (key) => {
      await registryApi.propose(seen, patch, this.reason.trim(), key, app.lang)
    })
    if (!sent) return false
    const { id } = this
    this.mode = ''
    app.writes += 1
    if (fresh) nav.open(`${addressOf('proposals', app.lang)}&mine=1`)
    else app.select({ kind: 'facility', id })
    return true
  }

  private async register(): Promise<boolean> {
    const known = Object.entries(this.content()).filter(([, value]) => value !== null && value !== '')
    const body = { ...wire(Object.fromEntries(known) as Partial<FacilityContent>), reason: this.reason.trim(), valid_from: this.since.day }
    return this.sending.run(body, async (key) => {
      this.id = await recordsApi.register(body, key, app.lang)
    })
  }

  private async change(): Promise<boolean> {
    const content = this.content()
    const patch: FacilityPatch = {
      ...wire(this.base ? patchOf(this.base, content) : content),
      reason: this.reason.trim(),
      ...(this.since.kind === 'correction' ? { correction: true } : { valid_from: this.since.day }),
    }
    const { id, version } = this
    const saved = await this.sending.run([id, patch, version], async () => {
      await recordsApi.change(id, patch, version, app.lang)
    })
    if (saved || this.sending.error?.code !== 'stale') return saved
    return this.foundStale(content)
  }

  /** The record changed meanwhile. If it already says what was to be written, an answer
   *  was lost on the way and all is well; else a person merges. */
  private async foundStale(mine: FacilityContent): Promise<boolean> {
    try {
      const [current, versions] = await Promise.all([
        api.facility(this.id, '', app.lang),
        session.may('history.read') ? recordsApi.history(this.id, app.lang) : Promise.resolve([]),
      ])
      const theirs = contentOfRecord(current, typeOf(current.type))
      if (Object.keys(patchOf(theirs, mine)).length === 0) {
        this.sending.failure = null
        return true
      }
      const { value, taken, conflicts } = merge(this.base ?? theirs, mine, theirs)
      this.stale = { current, merged: value, taken, conflicts, last: versions[0] ?? null }
      this.sending.failure = null
    } catch (error) {
      this.sending.failure = error instanceof ApiError ? error : null
    }
    return false
  }

  /** Goes on from what the record says now; `theirs` are the fields in which the other's
   *  version is kept. */
  resolve(theirs: string[]): void {
    const stale = this.stale
    if (!stale) return
    const now = contentOfRecord(stale.current, typeOf(stale.current.type))
    this.base = now
    this.version = stale.current.version ?? 0
    this.draft = draftOf({ ...stale.merged, ...pick(now, theirs) } as FacilityContent)
    this.stale = null
    this.mergedNote = true
  }
}

function typeOf(type: string) {
  return app.types.find((each) => each.type === type)
}

function pick(content: FacilityContent, names: string[]): Partial<FacilityContent> {
  return Object.fromEntries(Object.entries(content).filter(([name]) => names.includes(name)))
}

export const edit = new Edit()
