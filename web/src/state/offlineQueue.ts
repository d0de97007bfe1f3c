/** Work in the field without a signal: what was entered waits on the device and is sent, once and
 *  in its order, when the network is back. This file is the rules; offlineShelf.ts keeps things in
 *  the browser, offline.svelte.ts is what screens use. How to use it:
 *
 *    await offline.open()                                  // in onMount of a field screen
 *    await offline.takeAlong('plate', order.id, order)     // 带上: data for the way, by the user
 *    offline.along<Order>('plate')                         // what was taken along
 *    await offline.saveDraft('plate', id, draft)           // survives a killed tab
 *    const photo = await offline.keepBlob(blob)            // a photo, shrunk before (shrink.ts)
 *    await offline.submit([                                // draft out, writes in: all or nothing
 *      { key: k1, chain: id, topic: 'plate', title, method: 'POST', path: `plates/${token}/events`, body },
 *      { key: k2, chain: id, topic: 'plate', title, method: 'POST', path: `plates/{${k1}}/attachments`,
 *        file: { blob: photo, name: 'a.jpg', fields: { kind: 'photo' } } },
 *    ], { removeDraft: { topic: 'plate', id } })
 *    <OfflineBar topic="plate" />                          // signal, what waits, what was refused
 *
 *  A path may hold {key} of an earlier write of its chain: the id that the server gave it. Writes
 *  of one chain go one after another; where one is refused those behind it are held until a person
 *  sends it again, changes it or gives it up. Nothing is ever dropped by the program. */

import type { Fault } from '../api/http'

/** What was refused, in the server's words. */
export interface Refusal {
  status: number
  code: string
  message: string
  faults: Fault[]
}

/** A write as a screen hands it in. */
export interface NewWrite {
  /** the Idempotency-Key: the same at every try, so that it has one effect */
  key: string
  /** writes of a chain go in order and wait for one another */
  chain: string
  topic: string
  /** what it is, for the list of what waits */
  title: string
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** below /api/v1/ */
  path: string
  body?: unknown
  file?: { blob: string; name: string; fields: Record<string, string> }
  /** the version that was seen: If-Match */
  version?: number
  /** of the answer's words; set when handed in, since it is part of the request */
  lang?: string
}

/** A write as it waits, was sent, or was refused. */
export interface Write extends NewWrite {
  /** the order in which things were handed in */
  no: number
  made: number
  bytes: number
  tries: number
  state: 'waiting' | 'sent' | 'refused'
  refusal?: Refusal
  /** the id that the server gave, and when it had it */
  answer?: { id: string; at: number }
}

export type Kind = 'write' | 'draft' | 'along' | 'blob' | 'account'

export interface Ref {
  account: string
  kind: Kind
  id: string
}

export interface Entry extends Ref {
  value: unknown
}

/** Where things are kept. All changes of one call happen or none does. */
export interface Shelf {
  all(account: string, kind: Kind): Promise<Entry[]>
  one(account: string, kind: Kind, id: string): Promise<unknown>
  /** Throws Full where there is no room. */
  change(put: Entry[], remove: Ref[]): Promise<void>
  wipe(account: string): Promise<void>
  /** how many writes and drafts others than this account have here */
  ofOthers(account: string): Promise<number>
}

/** There is no room: nothing of what was to be kept is kept. */
export class Full extends Error {
  constructor(readonly why: 'space' | 'count') {
    super(why)
    this.name = 'Full'
  }
}

/** What came of sending: everything went, or why it stopped. */
export type Outcome = 'done' | 'offline' | 'signIn' | 'later'

/** How one write is sent; throws something with a status, 0 for no network. */
export type Send = (write: Write, path: string, blob: Blob | null) => Promise<{ id: string }>

/** What one device keeps at most. */
export const MOST_WRITES = 400
export const MOST_BYTES = 400 * 1024 * 1024
const SENT_KEPT = 60
const TRIES_OF_A_BROKEN_SERVER = 5

export class Queue {
  private running: Promise<Outcome> | null = null

  constructor(
    private readonly shelf: Shelf,
    private readonly account: string,
    private readonly send: Send,
    private readonly now: () => number,
    private readonly changed: (writes: Write[]) => void = () => {},
  ) {}

  /** Everything that was handed in, in its order. */
  async list(): Promise<Write[]> {
    const entries = await this.shelf.all(this.account, 'write')
    return entries.map((entry) => entry.value as Write).sort((a, b) => a.no - b.no)
  }

  /** Takes writes, with other changes of the shelf: all or nothing. Throws Full. */
  async add(writes: NewWrite[], also: { put?: Entry[]; remove?: Ref[] } = {}, sizes: Map<string, number> = new Map()): Promise<void> {
    const known = await this.list()
    const gone = new Set((also.remove ?? []).filter((each) => each.kind === 'write').map((each) => each.id))
    const waiting = known.filter((each) => each.state !== 'sent' && !gone.has(each.key))
    const made = writes.map(
      (write, i): Write => ({
        ...write,
        no: (known.at(-1)?.no ?? 0) + 1 + i,
        made: this.now(),
        bytes: (write.file ? (sizes.get(write.file.blob) ?? 0) : 0) + (JSON.stringify(write.body ?? '')?.length ?? 0),
        tries: 0,
        state: 'waiting',
      }),
    )
    const bytes = [...waiting, ...made].reduce((sum, each) => sum + each.bytes, 0)
    if (waiting.length + made.length > MOST_WRITES || bytes > MOST_BYTES) throw new Full('count')
    await this.shelf.change([...(also.put ?? []), ...made.map((write) => this.entry(write))], also.remove ?? [])
    this.changed(await this.list())
  }

  /** Sends what waits; a call while it sends gives the same outcome. */
  run(): Promise<Outcome> {
    this.running ??= this.work().finally(() => (this.running = null))
    return this.running
  }

  private async work(): Promise<Outcome> {
    const seen = new Set<string>()
    for (;;) {
      const all = await this.list()
      const next = all.find((each) => !seen.has(each.key) && ready(each, all))
      if (!next) return 'done'
      seen.add(next.key)
      const outcome = await this.one(next, all)
      this.changed(await this.list())
      if (outcome !== 'done') return outcome
    }
  }

  private async one(write: Write, all: readonly Write[]): Promise<Outcome> {
    const path = pathOf(write, all)
    if (path === null) return await this.refuse(write, { status: 0, code: 'lost_before', message: '', faults: [] })
    try {
      const blob = write.file ? ((await this.shelf.one(this.account, 'blob', write.file.blob)) as Blob | undefined) : undefined
      if (write.file && !blob) return await this.refuse(write, { status: 0, code: 'lost_photo', message: '', faults: [] })
      const { id } = await this.send(write, path, blob ?? null)
      await this.sent(write, id, all)
      return 'done'
    } catch (error) {
      return await this.failed(write, error)
    }
  }

  private async sent(write: Write, id: string, all: readonly Write[]): Promise<void> {
    const { body: _, ...rest } = write
    const done: Write = { ...rest, state: 'sent', answer: { id, at: this.now() } }
    const remove: Ref[] = write.file ? [{ account: this.account, kind: 'blob', id: write.file.blob }] : []
    await this.shelf.change([this.entry(done)], [...remove, ...old(all, done).map((each) => this.ref(each.key))])
  }

  private async failed(write: Write, error: unknown): Promise<Outcome> {
    const { status = -1, code = '', message = '', faults = [] } = (typeof error === 'object' && error !== null ? error : {}) as Partial<Refusal>
    if (status === 0 || (error instanceof DOMException && error.name === 'AbortError')) return 'offline'
    if (status === 401) return 'signIn'
    const broken = status === -1 || status === 408 || status === 429 || status >= 500
    if (!broken) return await this.refuse(write, { status, code, message, faults })
    const tries = write.tries + 1
    const passing = status === 408 || status === 429 || status === 502 || status === 503 || status === 504
    if (!passing && tries >= TRIES_OF_A_BROKEN_SERVER) return await this.refuse({ ...write, tries }, { status: Math.max(status, 0), code, message: message || String(error), faults })
    await this.shelf.change([this.entry({ ...write, tries })], [])
    return 'later'
  }

  private async refuse(write: Write, refusal: Refusal): Promise<Outcome> {
    await this.shelf.change([this.entry({ ...write, state: 'refused', refusal })], [])
    return 'done'
  }

  /** Sends a refused write again as it is. */
  async again(key: string): Promise<void> {
    const write = (await this.list()).find((each) => each.key === key)
    if (!write || write.state !== 'refused') return
    const { refusal: _, ...rest } = write
    await this.shelf.change([this.entry({ ...rest, state: 'waiting', tries: 0 })], [])
    this.changed(await this.list())
  }

  /** Gives up a write that was not sent, by a person's word, with what waits behind it in its chain. */
  async giveUp(key: string): Promise<void> {
    const all = await this.list()
    const write = all.find((each) => each.key === key)
    if (!write || write.state === 'sent') return
    const behind = all.filter((each) => each === write || (needs(each, write.key) && each.state !== 'sent'))
    await this.shelf.change([], behind.flatMap((each) => [this.ref(each.key), ...this.blobOf(each)]))
    this.changed(await this.list())
  }

  private blobOf(write: Write): Ref[] {
    return write.file ? [{ account: this.account, kind: 'blob', id: write.file.blob }] : []
  }

  private ref(key: string): Ref {
    return { account: this.account, kind: 'write', id: key }
  }

  private entry(write: Write): Entry {
    return { ...this.ref(write.key), value: write }
  }
}

/** Whether a write needs the id that another one got. */
const needs = (write: NewWrite, key: string): boolean => write.path.includes(`{${key}}`)

/** Whether a write may go now: it waits, and nothing before it in its chain is in its way. A
 *  refused one is in the way of all behind it, but for a photo, which only those need that say so. */
function ready(write: Write, all: readonly Write[]): boolean {
  return write.state === 'waiting' && !all.some((each) => each.chain === write.chain && each.no < write.no && each.state !== 'sent' && (needs(write, each.key) || !(each.file && each.state === 'refused')))
}

/** What stands behind a refused write of its chain. */
export function held(write: Write, all: readonly Write[]): boolean {
  return write.state === 'waiting' && all.some((each) => each.chain === write.chain && each.no < write.no && each.state === 'refused' && (needs(write, each.key) || !each.file))
}

/** The path with the ids that earlier writes got; null where one of them is not known any more. */
function pathOf(write: NewWrite, all: readonly Write[]): string | null {
  let lost = false
  const path = write.path.replace(/\{([^}]+)\}/g, (_, key: string) => {
    const id = all.find((each) => each.key === key)?.answer?.id
    if (!id) lost = true
    return encodeURIComponent(id ?? '')
  })
  return lost ? null : path
}

/** What was sent so long ago that it need not be shown; never one whose chain still waits. */
function old(all: readonly Write[], done: Write): Write[] {
  const waiting = new Set(all.filter((each) => each.state !== 'sent' && each.key !== done.key).map((each) => each.chain))
  const sent = all.filter((each) => each.state === 'sent')
  return sent.slice(0, Math.max(0, sent.length + 1 - SENT_KEPT)).filter((each) => !waiting.has(each.chain) && each.chain !== done.chain)
}
