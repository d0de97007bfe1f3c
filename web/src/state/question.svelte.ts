import { coverageParams, type CoverageQuery } from '../api/client'
import type { CoverageAnswer, District, DivisionRow, FacilityType, GapRow, SiteRow } from '../api/types'
import { capital } from '../text/format'
import { Words } from './words.svelte'

/** What a user may ask of coverage. */
export interface Asked {
  type: string
  limit: number
  speed: number
  base: string
  band: string
}

/** Which question is asked of which district, and the answer with what is in it. */
export class Question extends Words {
  district = $state.raw<District | null>(null)
  types = $state.raw<FacilityType[]>([])

  type = $state('')
  limit = $state(0)
  speed = $state(0)
  base = $state('')
  band = $state('')
  level = $state('')

  answer = $state.raw<CoverageAnswer | null>(null)

  readonly query = $derived<CoverageQuery>({ type: this.type, limit: this.limit, speed: this.speed, base: this.base })
  readonly question = $derived(this.type ? coverageParams(this.query) : '')
  readonly bandIndex = $derived(Math.max(0, this.district?.bands.findIndex((b) => b.id === this.band) ?? 0))
  readonly typeInfo = $derived(this.types.find((t) => t.type === this.type) ?? null)
  readonly typeName = $derived(this.typeInfo ? this.word(this.typeInfo) : '')
  /** the type's name where it stands by itself */
  readonly typeTitle = $derived(capital(this.typeName))
  readonly limitText = $derived(this.m.form.minutes(String(Math.round((this.limit / 60) * 10) / 10)))

  /** Replaces what the district does not have by what it has. */
  protected settle(): void {
    const d = this.district
    if (!d) return
    const known = <T>(list: T[], value: T, fallback: T): T => (list.includes(value) ? value : fallback)
    this.type = known(this.types.map((t) => t.type), this.type, d.defaults.type)
    this.limit = known(d.limits_s, this.limit, d.defaults.limit_s)
    this.speed = known(d.speeds, this.speed, d.defaults.speed)
    this.base = known(d.bases, this.base, d.bases[0] ?? '')
    this.band = known(d.bands.map((b) => b.id), this.band, d.defaults.band)
    this.level = known(d.levels, this.level, d.levels[0] ?? '')
  }

  division(code: string): DivisionRow | null {
    return this.answer?.divisions.find((d) => d.code === code) ?? null
  }

  /** What a division is called; the district itself where a record lies in none of its
   *  divisions, such as one that is not placed yet; its code where nothing is known of it. */
  divisionName(code: string): string {
    const known = this.division(code)
    if (known) return this.nameOf(known)
    return this.district?.adcode === code ? this.word(this.district.name) : code
  }

  site(id: string): SiteRow | null {
    return this.answer?.facilities.find((f) => f.id === id) ?? null
  }

  gap(id: string): GapRow | null {
    return this.answer?.gaps.find((g) => g.id === id) ?? null
  }
}
