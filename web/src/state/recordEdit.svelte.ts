import { ApiError } from '../api/http'
import type { Version } from '../api/records.types'
import { today } from '../text/time'
import { Sending } from './loading.svelte'
import { merge, patchOf, type Conflict } from './merge'
import { session } from './session.svelte'

/** Somebody else was first: what they made of it, and who they are as far as we may know. */
export interface Stale<Content, Rec> {
  current: Rec
  merged: Content
  conflicts: Conflict[]
  taken: string[]
  last: Version | null
}

/** Why and since when a record is as it is sent. */
export interface Because {
  reason: string
  valid_from?: string
  correction?: boolean
}

/** What was typed of a record that is not saved. */
interface Parked<Draft, Content> {
  draft: Draft
  reason: string
  base: Content | null
  version: number
  begun: string
}

/** A record that is being registered or changed. What is typed stays here until it is saved or
 *  given up, whatever else the screen shows meanwhile. It knows no kind of record: how one is
 *  drafted, checked and sent, the class of the kind says. */
export abstract class RecordEdit<Draft, Content extends object, Rec extends Content & { id: string; version: number }> {
  /** id of the record; '' for a new one, null while nobody edits */
  id = $state<string | null>(null)
  draft = $state<Draft>(this.empty()) as Draft
  reason = $state('')
  since = $state(today())
  correction = $state(false)
  tried = $state(false)
  stale = $state.raw<Stale<Content, Rec> | null>(null)
  /** fields that somebody else's change brought into the draft */
  mergedNote = $state(false)
  readonly sending = new Sending()

  private base: Content | null = null
  private version = 0
  private begun = ''
  private readonly parked = new Map<string, Parked<Draft, Content>>()

  readonly open = $derived(this.id !== null)
  readonly dirty = $derived(this.id !== null && JSON.stringify([this.draft, this.reason]) !== this.begun)

  protected abstract empty(): Draft
  protected abstract draftOf(record: Content): Draft
  protected abstract contentOf(draft: Draft): Content
  protected abstract read(id: string): Promise<Rec>
  protected abstract history(id: string): Promise<Version[]>
  /** gives the id of the new record */
  protected abstract sendNew(content: Content & Because, key: string): Promise<string>
  protected abstract sendChange(id: string, patch: Partial<Content> & Because, version: number): Promise<void>
  /** whether nothing is wrong with what is typed, as far as the form can tell */
  protected abstract fine(): boolean
  /** the first part of the server's pointers, which says that they are of the record */
  protected abstract readonly prefix: string

  startNew(draft: Draft = this.empty()): void {
    this.park()
    this.base = null
    this.version = 0
    this.begin('', draft)
    this.restore()
  }

  start(record: Rec): void {
    this.park()
    const draft = this.draftOf(record)
    this.base = this.contentOf(draft)
    this.version = record.version
    this.begin(record.id, draft)
    this.restore()
  }

  /** Keeps what is typed of one record while another is edited. */
  private park(): void {
    const { id, reason, base, version, begun } = this
    if (id !== null && this.dirty) this.parked.set(id, { draft: $state.snapshot(this.draft) as Draft, reason, base, version, begun })
  }

  /** Goes on with what was typed of this record before. */
  private restore(): void {
    const kept = this.parked.get(this.id ?? '')
    if (!kept) return
    this.parked.delete(this.id ?? '')
    Object.assign(this, kept)
  }

  private begin(id: string, draft: Draft): void {
    this.id = id
    this.draft = draft
    this.reason = ''
    this.since = today()
    this.correction = false
    this.tried = false
    this.stale = null
    this.mergedNote = false
    this.sending.failure = null
    this.begun = JSON.stringify([draft, ''])
  }

  giveUp(): void {
    this.id = null
    this.stale = null
  }

  /** Whether saving would change something. */
  changed(): boolean {
    return !this.base || Object.keys(this.patch()).length > 0
  }

  private patch(): Partial<Content> {
    const content = this.contentOf(this.draft)
    return this.base ? patchOf(this.base, content) : content
  }

  /** Sends what is typed; the id of the record where it is saved, else ''. It stays here until
   *  it is given up, so that the form can be left first. */
  async save(): Promise<string> {
    this.tried = true
    this.mergedNote = false
    if (!this.fine()) return ''
    return this.id === '' ? this.register() : this.change()
  }

  private async register(): Promise<string> {
    const body = { ...this.contentOf(this.draft), reason: this.reason.trim() }
    let id = ''
    const sent = await this.sending.run(body, async (key) => {
      id = await this.sendNew(body, key)
    })
    return sent ? id : ''
  }

  private async change(): Promise<string> {
    const { id, version } = this
    if (!id) return ''
    const patch = { ...this.patch(), reason: this.reason.trim(), ...(this.correction ? { correction: true } : { valid_from: this.since }) }
    const sent = await this.sending.run([id, patch, version], () => this.sendChange(id, patch, version))
    if (!sent && this.sending.error?.code === 'stale' && !(await this.foundStale(id))) return ''
    return !sent && this.sending.failure ? '' : id
  }

  /** The record changed meanwhile. If it already says what was to be written, an answer was
   *  lost on the way and all is well; else a person merges. */
  private async foundStale(id: string): Promise<boolean> {
    try {
      const [current, versions] = await Promise.all([this.read(id), session.may('history.read') ? this.history(id) : Promise.resolve([])])
      const theirs = this.contentOf(this.draftOf(current))
      const mine = this.contentOf(this.draft)
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
    const now = this.contentOf(this.draftOf(stale.current))
    const kept = Object.fromEntries(Object.entries(now).filter(([field]) => theirs.includes(field)))
    this.base = now
    this.version = stale.current.version
    this.draft = this.draftOf({ ...stale.merged, ...kept })
    this.stale = null
    this.mergedNote = true
  }

  /** What is wrong with a field, as the server says it. */
  fault(pointer: string): string {
    return (this.sending.error?.faults ?? [])
      .filter((fault) => this.pointerOf(fault.pointer) === pointer)
      .map((fault) => (fault.hint ? `${fault.reason} ${fault.hint}` : fault.reason))
      .join(' ')
  }

  /** The pointer of a fault within the record: aliases/0/text. */
  pointerOf(pointer: string | undefined): string {
    const parts = (pointer ?? '').split('/').filter((part) => part !== '' && part !== '#')
    return (parts[0] === this.prefix ? parts.slice(1) : parts).join('/')
  }
}
