import { untrack } from 'svelte'
import { estatesApi, type EstatePatch } from '../api/estates'
import type { Estate, EstateCheck, EstateContent } from '../api/estates.types'
import type { Version } from '../api/records.types'
import { today } from '../text/time'
import { app } from './app.svelte'
import {
  checkEstate, contentOfEstate, draftOfEstate, emptyEstate, freeKey, readable, draftOfPlanned, type EstateDraft, type PlannedDraft, type Wrong,
} from './estateDraft'
import { byKey } from './estateFindings'
import { ApiError } from '../api/http'
import { Loading, Sending } from './loading.svelte'
import { merge, patchOf, same, type Conflict } from './merge'
import { session } from './session.svelte'

/** After the last key until the rules are asked again. */
const PAUSE_MS = 350

/** Somebody else was first: what they made of it, and who they are as far as we may know. */
export interface StaleEstate {
  current: Estate
  merged: Required<EstateContent>
  conflicts: Conflict[]
  taken: string[]
  last: Version | null
}

/** A room that is tried out. */
export interface TrialRoom {
  use: string
  area: number
  floor: string
  name: string
}

/** What was typed of an estate that is not saved. */
interface Parked {
  draft: EstateDraft
  reason: string
  base: Required<EstateContent> | null
  version: number
  begun: string
}

/** A check with the keys of the rooms that it was asked of. */
interface Asked {
  check: EstateCheck
  rooms: string[]
}

/** The estate that is being registered or changed, and what the rules say of it while
 *  somebody types. What is typed stays here until it is saved or given up, whatever else the
 *  screen shows meanwhile; the trial asks the server and keeps nothing there. */
class EstateEdit {
  /** id of the estate; '' for a new one, null while nobody edits */
  id = $state<string | null>(null)
  draft = $state<EstateDraft>(emptyEstate())
  reason = $state('')
  since = $state('')
  correction = $state(false)
  milestone = $state('')
  tried = $state(false)
  stale = $state.raw<StaleEstate | null>(null)
  /** fields that somebody else's change brought into the draft */
  mergedNote = $state(false)
  readonly sending = new Sending()
  readonly asking = new Loading<Asked>()

  private base: Required<EstateContent> | null = null
  private version = 0
  private begun = ''
  private timer = 0
  private readonly parked = new Map<string, Parked>()
  /** what the rules said before: of the record as it is stored, of a new one before anything
   *  was tried out */
  private stored = $state.raw<Asked | null>(null)

  readonly open = $derived(this.id !== null)
  readonly wrong = $derived<Record<string, Wrong>>(this.tried ? checkEstate(this.draft, this.reason) : {})
  readonly readable = $derived(readable(this.draft))
  readonly trials = $derived(this.draft.rooms.filter((room) => room.trial))
  readonly dirty = $derived(this.id !== null && JSON.stringify([this.draft, this.reason]) !== this.begun)
  readonly after = $derived(this.asking.value?.check ?? null)
  /** what it is held against: asked up to the same milestone, or nothing */
  private readonly held = $derived(this.stored && this.stored.check.milestone === (this.after?.milestone ?? null) ? this.stored : null)
  readonly before = $derived(this.held?.check ?? null)
  /** the findings of before by key */
  readonly beforeByKey = $derived(this.held ? byKey(this.held.check, this.held.rooms) : new Map())
  readonly afterRooms = $derived(this.asking.value?.rooms ?? [])
  /** asks the rules again when this changes */
  readonly question = $derived(this.id === null || !this.readable ? '' : JSON.stringify([this.id, this.milestone, contentOfEstate(this.draft)]))

  /** `milestone` is the one that the trial checks for: the next. */
  startNew(milestone = ''): void {
    this.park()
    this.base = null
    this.version = 0
    this.begin('', emptyEstate())
    this.milestone = milestone
    this.restore()
  }

  start(estate: Estate, milestone = ''): void {
    this.park()
    const draft = draftOfEstate(estate)
    this.base = contentOfEstate(draft)
    this.version = estate.version
    this.begin(estate.id, draft)
    this.milestone = milestone
    this.restore()
    void this.askStored()
  }

  /** Keeps what is typed of one estate while another is edited. */
  private park(): void {
    const { id, reason, base, version, begun } = this
    if (id !== null && this.dirty) this.parked.set(id, { draft: $state.snapshot(this.draft), reason, base, version, begun })
  }

  /** Goes on with what was typed of this estate before. */
  private restore(): void {
    const kept = this.parked.get(this.id ?? '')
    if (!kept) return
    this.parked.delete(this.id ?? '')
    Object.assign(this, kept)
  }

  private begin(id: string, draft: EstateDraft): void {
    this.id = id
    this.draft = draft
    this.reason = ''
    this.since = today()
    this.correction = false
    this.milestone = ''
    this.tried = false
    this.stale = null
    this.mergedNote = false
    this.stored = null
    this.asking.stop()
    this.asking.value = null
    this.asking.failure = null
    this.sending.failure = null
    this.begun = JSON.stringify([draft, ''])
  }

  giveUp(): void {
    clearTimeout(this.timer)
    this.asking.stop()
    this.id = null
    this.stale = null
  }

  /** What the rules say of what is stored, which the trial is held against. */
  private async askStored(): Promise<void> {
    const { id, base, milestone } = this
    if (!id || !base) return
    const rooms = (base.rooms ?? []).map((room, i) => room.id ?? `n${i}`)
    try {
      const check = await estatesApi.check(id, milestone, app.lang)
      if (this.id === id && this.milestone === milestone) this.stored = { check, rooms }
    } catch {
      // Without it the trial stands alone; that it cannot be asked shows there.
    }
  }

  setMilestone(milestone: string): void {
    this.milestone = milestone
    this.stored = null
    void this.askStored()
  }

  /** Asks the rules once nobody has typed for a moment; the latest question wins. */
  ask(question: string): void {
    clearTimeout(this.timer)
    if (question === '') return
    this.timer = window.setTimeout(() => void this.askNow(), this.asking.value ? PAUSE_MS : 0)
  }

  async askNow(): Promise<void> {
    const { id, milestone } = this
    if (id === null || !this.readable) return
    const content = contentOfEstate(this.draft)
    const rooms = this.draft.rooms.map(keyOf)
    const tried = this.trials.length > 0
    await this.asking.run(async (signal) => ({ check: await estatesApi.tryOut(content, id, milestone, app.lang, signal), rooms }))
    // A new estate is not stored: what it was before a trial is what a trial is held against.
    if (id === '' && !tried && this.asking.value && !this.asking.failure) this.stored = this.asking.value
  }

  /** Adds a room that is only tried out. */
  tryRoom(room: TrialRoom): void {
    const planned: PlannedDraft = {
      ...draftOfPlanned({ name: room.name, use: room.use, area: room.area, floor: room.floor, phase: this.draft.phases.length === 1 ? 1 : null }, freeKey(this.draft.rooms)),
      trial: true,
    }
    this.draft.rooms = [...this.draft.rooms, planned]
  }

  keepTrial(key: number): void {
    this.draft.rooms = this.draft.rooms.map((room) => (room.key === key ? { ...room, trial: false } : room))
  }

  dropTrial(key: number | null = null): void {
    this.draft.rooms = this.draft.rooms.filter((room) => !room.trial || (key !== null && room.key !== key))
  }

  /** Whether saving would change something. */
  changed(): boolean {
    return !this.base || Object.keys(this.patch()).length > 0
  }

  private patch(): Partial<EstateContent> {
    const content = contentOfEstate(this.draft)
    return this.base ? patchOf(this.base, content) : content
  }

  /** Sends what is typed; the id of the estate where it is saved, else ''. It stays here until
   *  it is given up, so that the form can be left first. */
  async save(): Promise<string> {
    this.tried = true
    this.mergedNote = false
    if (Object.keys(this.wrong).length > 0) return ''
    return this.id === '' ? this.register() : this.change()
  }

  private async register(): Promise<string> {
    const known = Object.entries(contentOfEstate(this.draft)).filter(([, value]) => value !== null && value !== '')
    const body = { ...(Object.fromEntries(known) as unknown as EstateContent), reason: this.reason.trim() }
    let id = ''
    const sent = await this.sending.run(body, async (key) => {
      id = await estatesApi.register(body, key, app.lang)
    })
    return sent ? id : ''
  }

  private async change(): Promise<string> {
    const { id, version } = this
    if (!id) return ''
    const patch: EstatePatch = { ...this.patch(), reason: this.reason.trim(), ...(this.correction ? { correction: true } : { valid_from: this.since }) }
    const sent = await this.sending.run([id, patch, version], async () => {
      await estatesApi.change(id, patch, version, app.lang)
    })
    if (!sent && this.sending.error?.code === 'stale' && !(await this.foundStale(id))) return ''
    return !sent && this.sending.failure ? '' : id
  }

  /** The record changed meanwhile. If it already says what was to be written, an answer was
   *  lost on the way and all is well; else a person merges. */
  private async foundStale(id: string): Promise<boolean> {
    try {
      const [current, versions] = await Promise.all([
        estatesApi.estate(id, app.lang),
        session.may('history.read') ? estatesApi.history(id, app.lang) : Promise.resolve([]),
      ])
      const theirs = contentOfEstate(draftOfEstate(current))
      const mine = contentOfEstate(this.draft)
      this.sending.failure = null
      if (Object.keys(patchOf(theirs, mine)).length === 0) return true
      const { value, taken, conflicts } = merge(this.base ?? theirs, mine, theirs)
      this.stale = { current, merged: value, taken, conflicts, last: versions[0] ?? null }
    } catch (error) {
      this.sending.failure = error instanceof ApiError ? error : null
    }
    return false
  }

  /** Goes on from what the record says now; `theirs` are the fields in which the other's
   *  version is kept. */
  resolve(theirs: string[]): void {
    const { stale } = this
    if (!stale) return
    const now = contentOfEstate(draftOfEstate(stale.current))
    const kept = Object.fromEntries(Object.entries(now).filter(([field]) => theirs.includes(field)))
    const trials = this.draft.rooms.filter((room) => room.trial).map((room) => room.name)
    this.base = now
    this.version = stale.current.version
    const draft = draftOfEstate({ ...stale.merged, ...kept })
    // A room that was only tried out stays so.
    draft.rooms = draft.rooms.map((room) => ({ ...room, trial: room.id === '' && trials.includes(room.name) }))
    this.draft = draft
    this.stale = null
    this.mergedNote = true
    untrack(() => void this.askStored())
  }

  /** What is wrong with a field, as the server says it. */
  fault(pointer: string): string {
    return (this.sending.error?.faults ?? [])
      .filter((fault) => same(pointerOf(fault.pointer), pointer))
      .map((fault) => (fault.hint ? `${fault.reason} ${fault.hint}` : fault.reason))
      .join(' ')
  }
}

const pointerOf = (pointer: string | undefined): string => (pointer ?? '').replace(/^#?\/?(estate\/)?/, '')

/** The key by which a room is known from one check to the next. */
export const keyOf = (room: PlannedDraft): string => room.id || `n${room.key}`

export const estateEdit = new EstateEdit()
