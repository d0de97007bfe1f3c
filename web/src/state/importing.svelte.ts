import { importsApi } from '../api/imports'
import type { Column, ImportDetail, ImportOptions } from '../api/imports.types'
import { jobsApi } from '../api/jobs'
import type { Job } from '../api/jobs.types'
import { app } from './app.svelte'
import { jobs } from './jobs.svelte'
import { nav } from './nav.svelte'

/** The steps of an import, in their order. */
export const importSteps = ['file', 'columns', 'crs', 'check', 'take'] as const
export type ImportStep = (typeof importSteps)[number]

const POLL_MS = 400
const CALM_MS = 1500
const CALM_AFTER = 20

/** Where a file stands: the furthest step that makes sense for it now. */
export function furthest(d: ImportDetail): ImportStep {
  if (d.state === 'committing' || d.state === 'committed' || d.state === 'undoing' || d.state === 'undone') return 'take'
  if (d.state === 'checked' && d.current) return 'take'
  if (d.state === 'mapped' || d.state === 'checked') return 'check'
  return 'columns'
}

/** Whether what its columns mean may be said anew. */
export const changeable = (d: ImportDetail): boolean => d.state === 'uploaded' || d.state === 'mapped' || d.state === 'checked'

/** Whether some column has coordinates. */
export const hasCoordinates = (columns: Column[]): boolean => columns.some(({ field }) => field === 'lon' || field === 'lonlat')

/** One file on its way into the registry: what the server knows of it, and what a person
 *  is saying of its columns. */
export class Importing {
  detail = $state.raw<ImportDetail | null>(null)
  failure = $state.raw<unknown>(null)
  columns = $state<Column[]>([])
  options = $state<ImportOptions>({ mode: 'upsert', key: 'none', blank: 'keep', duplicates: true })
  job = $state.raw<Job | null>(null)
  private following = ''
  private timer = 0

  get step(): ImportStep {
    const asked = nav.param('step') as ImportStep
    if (!this.detail) return 'file'
    if (importSteps.includes(asked)) return asked
    return changeable(this.detail) ? 'file' : 'take'
  }

  /** What was said differs from what is kept. */
  readonly dirty = $derived.by(() => {
    const d = this.detail
    return d !== null && (JSON.stringify(this.columns) !== JSON.stringify(d.mapping.columns) || JSON.stringify(this.options) !== JSON.stringify(d.options))
  })

  take(detail: ImportDetail): void {
    this.detail = detail
    this.failure = null
    this.columns = structuredClone(detail.mapping.columns)
    this.options = structuredClone(detail.options)
    const job = [detail.undo_job, detail.commit_job, detail.check_job].find((id) => id !== '') ?? ''
    const under = { committing: detail.commit_job, undoing: detail.undo_job }[detail.state as string] ?? (detail.current ? '' : detail.check_job)
    if (under !== '' && this.job?.id !== under) void this.follow(under)
    else if (job === '') this.job = null
  }

  async load(id: string): Promise<void> {
    try {
      const detail = await importsApi.one(id, app.lang)
      if (nav.param('batch') === id) this.take(detail)
    } catch (error) {
      this.failure = error
    }
  }

  go(step: ImportStep, how: 'push' | 'replace' = 'push'): void {
    nav.setParams({ batch: this.detail?.id ?? '', step }, how)
  }

  forget(): void {
    this.detail = null
    this.failure = null
    this.job = null
    this.stop()
  }

  /** Watches a job until it has ended, and then reads the file anew. */
  async follow(id: string): Promise<void> {
    if (this.following === id) return
    this.stop()
    this.following = id
    for (let looks = 0; this.following === id; looks++) {
      try {
        const job = await jobsApi.one(id, app.lang)
        if (this.following !== id) return
        this.job = job
        jobs.take([job])
        if (job.state !== 'queued' && job.state !== 'running') break
      } catch {
        // The next look tries again; the page itself says when the server is away.
      }
      await new Promise<void>((done) => (this.timer = window.setTimeout(done, looks < CALM_AFTER ? POLL_MS : CALM_MS)))
    }
    if (this.following !== id) return
    this.following = ''
    if (this.detail) await this.load(this.detail.id)
  }

  stop(): void {
    this.following = ''
    clearTimeout(this.timer)
  }
}

export const importing = new Importing()
