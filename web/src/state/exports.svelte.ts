import { exportsApi } from '../api/exports'
import type { ExportField, ExportProfile, ExportWays } from '../api/exports.types'
import { app } from './app.svelte'

/** What facilities can be written in, and the profiles that are kept. */
class Exports {
  ways = $state.raw<ExportWays | null>(null)
  profiles = $state.raw<ExportProfile[] | null>(null)
  /** id of the profile that was kept last: what is told of it outlives its editor, which
   *  begins anew when a new profile gets its id */
  kept = $state('')
  private asked = ''

  async load(signal?: AbortSignal): Promise<void> {
    const [ways, profiles] = await Promise.all([
      this.ways && this.asked === app.lang ? this.ways : exportsApi.ways(app.lang, signal),
      exportsApi.profiles(app.lang, signal),
    ])
    if (signal?.aborted) return
    this.ways = ways
    this.asked = app.lang
    this.profiles = profiles
  }

  field(code: string | undefined): ExportField | undefined {
    return this.ways?.fields.find((field) => field.code === code)
  }
}

export const exports = new Exports()
