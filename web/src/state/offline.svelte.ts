import { sendWrite } from '../api/offline'
import type { SessionAccount } from '../api/session.types'
import { app } from './app.svelte'
import { Full, Queue, type Entry, type Kind, type NewWrite, type Outcome, type Ref, type Write } from './offlineQueue'
import { forget, remember } from './memory'
import { BrowserShelf } from './offlineShelf'
import { shell } from './offlineShell.svelte'
import { session } from './session.svelte'

/** Something that was taken along or begun, and when. */
export interface Kept<T> {
  id: string
  at: number
  value: T
}

interface Boxed {
  topic: string
  at: number
  value: unknown
}

/** Work in the field without a signal, for the account that is signed in; offlineQueue.ts says how
 *  to use it. Everything is bound to the account: another one sees nothing of it. */
class Offline {
  online = $state(navigator.onLine)
  /** the device keeps things for us */
  ready = $state(false)
  /** why it does not: a private window, a browser that forbids it */
  failure = $state.raw<unknown>(null)
  /** there was no room for the last thing that was to be kept */
  full = $state<'' | 'space' | 'count'>('')
  writes = $state.raw<Write[]>([])
  /** what came of the last time of sending */
  outcome = $state<Outcome | ''>('')
  sending = $state(false)
  /** writes and drafts of other accounts on this device */
  ofOthers = $state(0)
  private taken = $state.raw<Entry[]>([])
  private begun = $state.raw<Entry[]>([])

  private readonly shelf = new BrowserShelf()
  private queue: Queue | null = null
  private account = ''
  private readonly others = 'BroadcastChannel' in window ? new BroadcastChannel('yike-field') : null
  private timer: ReturnType<typeof setTimeout> | undefined

  readonly waiting = $derived(this.writes.filter((each) => each.state === 'waiting'))
  readonly refused = $derived(this.writes.filter((each) => each.state === 'refused'))
  readonly sent = $derived(this.writes.filter((each) => each.state === 'sent').toReversed())

  constructor() {
    addEventListener('online', () => void this.came())
    addEventListener('offline', () => (this.online = false))
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') void this.sendNow()
    })
    this.others?.addEventListener('message', () => void this.read())
  }

  /** Makes things ready for the account that is signed in; a field screen calls it first. */
  async open(): Promise<void> {
    const { account } = session
    if (!account) return
    if (this.account !== account.id) {
      this.account = account.id
      this.queue = new Queue(this.shelf, account.id, sendWrite, Date.now, (writes) => this.changed(writes))
    }
    try {
      await this.read()
      if (!session.away) await this.shelf.change([rememberedAs(account)], [])
      remember('field', '1')
      this.ready = true
      this.failure = null
    } catch (error) {
      this.failure = error
    }
    void shell.install()
    void this.sendNow()
  }

  private changed(writes: Write[]): void {
    this.writes = writes
    this.others?.postMessage('changed')
  }

  private async read(): Promise<void> {
    if (!this.account || !this.queue) return
    this.writes = await this.queue.list()
    this.taken = await this.shelf.all(this.account, 'along')
    this.begun = await this.shelf.all(this.account, 'draft')
    this.ofOthers = await this.shelf.ofOthers(this.account)
  }

  /** The network is back: find out who we are to the server, then send. */
  private async came(): Promise<void> {
    this.online = true
    await this.sendNow()
  }

  /** Sends what waits. Of several windows one sends. */
  async sendNow(): Promise<Outcome | ''> {
    // Away means that the server was not asked yet who we are.
    if (session.away && navigator.onLine) await session.back(app.lang).catch(() => {})
    const { queue } = this
    if (!queue || this.sending || session.away || session.ended || !session.account) {
      return this.outcome
    }
    this.sending = true
    try {
      const run = async (): Promise<Outcome | null> => await queue.run()
      const outcome = navigator.locks ? await navigator.locks.request('yike-field-send', { ifAvailable: true }, async (lock) => (lock ? await run() : null)) : await run()
      if (outcome) this.outcome = outcome
      if (outcome === 'offline') this.online = navigator.onLine
      if (outcome === 'done' && !this.online) this.online = true
      this.again(outcome)
    } catch (error) {
      this.full = error instanceof Full ? error.why : this.full
    } finally {
      this.sending = false
    }
    await this.read().catch(() => {})
    return this.outcome
  }

  /** Tries again after a while where something waits and nothing else would say so. */
  private again(outcome: Outcome | null): void {
    clearTimeout(this.timer)
    if (outcome === 'later' || outcome === 'offline') this.timer = setTimeout(() => void this.sendNow(), 30_000)
  }

  /** Puts writes in, and a draft away where they take its place: all or nothing. Throws Full. */
  async submit(writes: NewWrite[], more: { removeDraft?: { topic: string; id: string }; draft?: { topic: string; id: string; value: unknown }; replace?: readonly string[] } = {}): Promise<void> {
    const { queue } = this
    if (!queue) throw new Error('offline: not open')
    const remove: Ref[] = (more.replace ?? []).map((key) => this.ref('write', key))
    if (more.removeDraft) remove.push(this.ref('draft', `${more.removeDraft.topic}/${more.removeDraft.id}`))
    const sizes = new Map<string, number>()
    for (const { file } of writes) {
      const blob = file ? await this.blob(file.blob) : null
      if (file && blob) sizes.set(file.blob, blob.size)
    }
    const put = more.draft ? [this.boxed('draft', more.draft.topic, more.draft.id, more.draft.value)] : []
    await this.room(() => queue.add(($state.snapshot(writes) as NewWrite[]).map((each) => ({ lang: app.lang, ...each })), { remove, put }, sizes))
    await this.read()
    void this.sendNow()
  }

  /** Sends a refused write again as it is. */
  async retry(key: string): Promise<void> {
    await this.queue?.again(key)
    await this.sendNow()
  }

  /** Gives up a write by a person's word. */
  async giveUp(key: string): Promise<void> {
    await this.queue?.giveUp(key)
    await this.read()
  }

  /** Keeps data for the way, by the user's wish. Throws Full. */
  async takeAlong(topic: string, id: string, value: unknown): Promise<void> {
    await this.room(() => this.shelf.change([this.boxed('along', topic, id, value)], []))
    void navigator.storage?.persist?.()
    await this.read()
  }

  async putBack(topic: string, id: string): Promise<void> {
    await this.shelf.change([], [this.ref('along', `${topic}/${id}`)])
    await this.read()
  }

  /** What was taken along of a topic. */
  along<T>(topic: string): Kept<T>[] {
    return unboxed<T>(this.taken, topic)
  }

  /** Keeps work that is not ready. Throws Full. */
  async saveDraft(topic: string, id: string, value: unknown): Promise<void> {
    await this.room(() => this.shelf.change([this.boxed('draft', topic, id, value)], []))
    await this.read()
  }

  async removeDraft(topic: string, id: string, blobs: readonly string[] = []): Promise<void> {
    await this.shelf.change([], [this.ref('draft', `${topic}/${id}`), ...blobs.map((key) => this.ref('blob', key))])
    await this.read()
  }

  /** What was begun of a topic. */
  drafts<T>(topic: string): Kept<T>[] {
    return unboxed<T>(this.begun, topic)
  }

  /** Keeps a photo and gives the key by which a write names it. Throws Full. */
  async keepBlob(blob: Blob): Promise<string> {
    const id = crypto.randomUUID()
    await this.room(() => this.shelf.change([{ ...this.ref('blob', id), value: blob }], []))
    return id
  }

  async blob(key: string): Promise<Blob | null> {
    const kept = await this.shelf.one(this.account, 'blob', key)
    return kept instanceof Blob ? kept : null
  }

  async dropBlob(key: string): Promise<void> {
    await this.shelf.change([], [this.ref('blob', key)])
  }

  /** How much of the account's work has not reached the server. */
  async unsent(): Promise<number> {
    const account = session.account?.id
    if (!account) return 0
    const writes = (await this.shelf.all(account, 'write')).filter((each) => (each.value as Write).state !== 'sent')
    return writes.length + (await this.shelf.all(account, 'draft')).length
  }

  /** Forgets everything of the account, and that it was here. */
  async wipe(): Promise<void> {
    const account = session.account?.id
    if (account) await this.shelf.wipe(account)
    await this.shelf.wipe('')
    forget('field')
    await shell.remove()
  }

  private async room(work: () => Promise<void>): Promise<void> {
    try {
      await work()
      this.full = ''
    } catch (error) {
      if (error instanceof Full) this.full = error.why
      throw error
    }
  }

  private ref(kind: Kind, id: string): Ref {
    return { account: this.account, kind, id }
  }

  private boxed(kind: Kind, topic: string, id: string, value: unknown): Entry {
    const box: Boxed = { topic, at: Date.now(), value: $state.snapshot(value) }
    return { ...this.ref(kind, `${topic}/${id}`), value: box }
  }
}

function unboxed<T>(entries: readonly Entry[], topic: string): Kept<T>[] {
  return entries.flatMap((entry) => {
    const box = entry.value as Boxed
    return box.topic === topic ? [{ id: entry.id.slice(topic.length + 1), at: box.at, value: box.value as T }] : []
  })
}

/** How the device remembers who works with it, so that a field screen opens without a signal. */
const rememberedAs = (account: SessionAccount): Entry => ({ account: '', kind: 'account', id: 'last', value: { account: $state.snapshot(account), at: Date.now() } })

export const offline = new Offline()
