import { coverageParams, type CoverageQuery } from '../api/client'
import type { Walker } from '../api/question.types'
import type { CoverageAnswer, District, DivisionRow, FacilityType, GapRow, SiteRow } from '../api/types'
import { capital, number } from '../text/format'
import { reachOf } from './reach'
import { Words } from './words.svelte'

/** What a user may ask of coverage. */
export interface Asked {
  type: string
  limit: number
  speed: number
  /** a distance instead of limit and speed; 0 for none */
  metres: number
  profile: Walker
  /** HH:MM, always, or '' for any time of day */
  at: string
  /** tier of the life circles; '' for any */
  tier: string
  base: string
  band: string
}

/** The field by which facilities say of which tier they are. */
const TIER_FIELD = 'life_circle'

/** Which question is asked of which district, and the answer with what is in it. */
export class Question extends Words {
  district = $state.raw<District | null>(null)
  types = $state.raw<FacilityType[]>([])

  type = $state('')
  limit = $state(0)
  speed = $state(0)
  metres = $state(0)
  profile = $state<Walker>('plain')
  at = $state('')
  tier = $state('')
  base = $state('')
  band = $state('')
  level = $state('')

  answer = $state.raw<CoverageAnswer | null>(null)

  readonly typeInfo = $derived(this.types.find((t) => t.type === this.type) ?? null)
  /** nobody walks to facilities of this type: divisions are asked whether they have one */
  readonly byDivision = $derived(this.typeInfo !== null && this.typeInfo.measure !== 'walk')
  /** facilities of this type may say of which tier they are */
  readonly tiered = $derived(this.typeInfo?.fields.some((f) => f.field === TIER_FIELD) ?? false)
  readonly query = $derived.by<CoverageQuery>(() => {
    const out: CoverageQuery = { type: this.type, base: this.base }
    if (this.tier !== '' && this.tiered) out.tier = this.tier
    if (this.byDivision) return out
    if (this.metres > 0) out.metres = this.metres
    else {
      out.limit = this.limit
      out.speed = this.speed
      if (this.profile !== 'plain') out.profile = this.profile
    }
    if (this.at !== '') out.at = this.at
    return out
  })
  readonly question = $derived(this.type ? coverageParams(this.query) : '')
  readonly bandIndex = $derived(Math.max(0, this.district?.bands.findIndex((b) => b.id === this.band) ?? 0))
  readonly typeName = $derived(this.typeInfo ? this.word(this.typeInfo) : '')
  /** the type's name where it stands by itself */
  readonly typeTitle = $derived(capital(this.typeName))
  /** the facilities that count: of the type, and of the tier where one is asked for */
  readonly askedType = $derived(this.query.tier ? this.m.question.ofTier(this.typeName, this.m.question.tier[this.query.tier] ?? '') : this.typeName)
  /** how far people may walk, as who and when: 15 minutes (elders, at 08:00) */
  readonly limitText = $derived.by(() => {
    const q = this.m.question
    const far = this.metres > 0 ? q.metres(number(this.metres, this.lang)) : this.m.form.minutes(String(Math.round((this.limit / 60) * 10) / 10))
    const how = [this.query.profile ? q.walker[this.query.profile] : '', this.query.at ? q.at(this.query.at) : ''].filter((each) => each !== undefined && each !== '')
    return how.length > 0 ? q.so(far, how.join(q.and)) : far
  })
  /** the words for who is within reach and who is not */
  readonly reach = $derived(
    reachOf(this.m, this.byDivision ? { level: this.answer?.judged_by === 'division' ? this.answer.judged_level : '' } : { limit: this.limitText }),
  )

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
