import { api } from '../api/client'
import type { StreetData, Survey } from '../api/question.types'
import { app } from './app.svelte'
import { totalsOf } from './rows'

/** How far the street data can be trusted: where they lack the paths of a compound, walks
 *  come out too long, and people are called uncovered who are not. Asked for once per data
 *  and base; where it cannot be had, the map works without. */
class Streets {
  survey = $state.raw<Survey | null>(null)
  /** code of the division whose score is explained; '' is none */
  explained = $state('')
  private wanted = ''

  readonly byCode = $derived(new Map((this.survey?.divisions ?? []).map((d) => [d.code, d])))
  /** the divisions whose numbers of uncovered people may be too high, the most people first */
  readonly doubtful = $derived.by(() => {
    if (!app.answer || app.byDivision) return []
    return app.answer.divisions
      .filter((d) => doubted(this.byCode.get(d.code)))
      .map((d) => ({ code: d.code, name: app.nameOf(d), uncovered: totalsOf(d.bands, app.band).uncovered }))
      .filter((d) => d.uncovered > 0)
      .sort((a, b) => b.uncovered - a.uncovered)
  })

  /** Fetches the survey of the present data, unless it is here. */
  async want(version: string, base: string): Promise<void> {
    const key = `${version}/${base}`
    if (!version || !base || key === this.wanted) return
    this.wanted = key
    try {
      const survey = await api.streets(base, app.lang)
      if (this.wanted === key) this.survey = survey
    } catch {
      // Nothing is said of the streets then; the next data or base asks again.
      if (this.wanted === key) {
        this.survey = null
        this.wanted = ''
      }
    }
  }

  of(code: string): StreetData | null {
    return this.byCode.get(code) ?? null
  }
}

/** Whether walks of a division must be read with care. */
export function doubted(data: StreetData | undefined | null): data is StreetData {
  return data?.class === 'poor' || data?.class === 'thin'
}

export const streets = new Streets()
