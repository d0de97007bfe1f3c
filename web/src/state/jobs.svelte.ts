import { jobsApi } from '../api/jobs'
import type { Job } from '../api/jobs.types'
import { app } from './app.svelte'
import { Presence } from './presence'
import { session } from './session.svelte'

const POLL_MS = 3_000
const CALM_MS = 30_000
const PAGE = 50
/** after which nobody is thought to look at the page */
const GONE_MS = 5 * 60_000

/** Follows the unfinished jobs of the account, for the mark beside the task, and tells
 *  the list of jobs when one changed. */
class Jobs {
  /** the newest state of every job that was heard of since the page was opened */
  known = $state.raw<ReadonlyMap<string, Job>>(new Map())
  /** the job that is listened to tells its changes as they happen */
  live = $state(false)

  private source: EventSource | null = null
  private sourceOf = ''
  private timer = 0
  private watching = false
  private readonly presence = new Presence(window)

  readonly unfinished = $derived([...this.known.values()].filter(isUnfinished))
  readonly running = $derived(this.unfinished.filter((job) => job.own).length)


  /** Begins to look from time to time; returns the end of it. */
  watch(): () => void {
    if (!['job.read', 'coverage.report', 'pack.load', 'facility.import'].some((right) => session.may(right))) return () => {}
    this.watching = true
    const now = () => void this.look()
    document.addEventListener('visibilitychange', now)
    now()
    return () => {
      this.watching = false
      document.removeEventListener('visibilitychange', now)
      clearTimeout(this.timer)
      this.close()
    }
  }

  /** A job was asked for here. */
  async begun(): Promise<void> {
    await this.look()
  }

  /** Takes what an answer said of a job, unless a newer state is known already. */
  take(jobs: Job[]): void {
    const known = new Map(this.known)
    for (const job of jobs) {
      const before = known.get(job.id)
      if (!before || before.seq <= job.seq) known.set(job.id, job)
    }
    this.known = known
    this.listen()
  }

  private async look(): Promise<void> {
    clearTimeout(this.timer)
    if (!session.ended && !document.hidden && !this.presence.goneFor(GONE_MS)) await this.ask()
    if (!this.watching) return
    // What is listened to need not be asked for.
    const heard = this.live ? 1 : 0
    this.lookIn(this.unfinished.length > heard ? POLL_MS : CALM_MS)
  }

  private lookIn(ms: number): void {
    clearTimeout(this.timer)
    this.timer = window.setTimeout(() => void this.look(), ms)
  }

  private async ask(): Promise<void> {
    try {
      const before = this.unfinished.map((job) => job.id)
      const page = await jobsApi.list({ limit: PAGE }, app.lang)
      this.take(page.jobs)
      // One that ended while newer ones filled the page is asked for by itself.
      const listed = new Set(page.jobs.map((job) => job.id))
      for (const id of before) if (!listed.has(id)) this.take([await jobsApi.one(id, app.lang)])
    } catch {
      // The next look tries again; the page itself says when the server is away.
    }
  }

  /** Listens to one unfinished job of ours. The browser holds few connections to one
   *  server, so that the others are asked for. */
  private listen(): void {
    const job = this.unfinished.find((each) => each.own) ?? null
    if (!this.watching || job?.id === this.sourceOf) return
    this.close()
    if (!job || typeof EventSource === 'undefined') return
    this.sourceOf = job.id
    const source = new EventSource(jobsApi.eventsUrl(job.id))
    this.source = source
    source.addEventListener('open', () => (this.live = true))
    source.addEventListener('job', (event) => this.take([JSON.parse(event.data) as Job]))
    source.addEventListener('error', () => {
      this.live = false
      this.lookIn(POLL_MS)
      // Refused for good; else the browser tries again by itself, where it left off.
      if (source.readyState === EventSource.CLOSED) this.source = null
    })
  }

  private close(): void {
    this.source?.close()
    this.source = null
    this.sourceOf = ''
    this.live = false
  }
}

export function isUnfinished(job: Job): boolean {
  return job.state === 'queued' || job.state === 'running'
}

export const jobs = new Jobs()
