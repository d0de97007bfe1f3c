import type { Job } from '../../api/jobs.types'

/** What a job left that took a file of facilities in, or took it back. */
export interface Imported {
  batch: string
  step: string
  rows: number
  /** rows by outcome */
  counts: Record<string, number>
  /** rows by what an undo did */
  undone: Record<string, number>
}

/** The kinds of jobs that take a file of facilities in, or take it back. */
export const importKinds = ['facility_import', 'facility_import_undo']

/** Gives it; null for any other job, and for one that left nothing. */
export function importedOf(job: Pick<Job, 'kind' | 'result'>): Imported | null {
  if (!importKinds.includes(job.kind) || job.result === null || typeof job.result !== 'object') return null
  const { batch, step, rows, counts, undone } = job.result as Partial<Imported>
  if (!batch) return null
  return { batch, step: step ?? '', rows: rows ?? 0, counts: counts ?? {}, undone: undone ?? {} }
}
