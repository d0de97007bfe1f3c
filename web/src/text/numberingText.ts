import type { RuleSet } from '../api/numbering.types'

/** The words that the texts below need, as app.m.numbering has them. */
export interface NumberingWords {
  sides: Record<string, string>
  compass: Record<string, string>
  listed: string
  clause: {
    from: (ends: string) => string
    odd: Record<string, string>
    oddCompass: (sides: string) => string
    sequence: string
    distance: (step: string) => string
    reserve: (metres: string) => string
    noReserve: string
    gapsToo: string
    skip: (numbers: string) => string
    noSkip: string
    rows: (first: string, within: string) => string
    serpentine: string
    hundreds: string
    yesNo: Record<string, [yes: string, no: string]>
    suffix: string
    gate: string
    provisional: string
  }
}

export const sideWord = (side: string, t: NumberingWords): string => t.sides[side] ?? ''

/** Reads a number as it is written: 12, 12-1 or 12号; null for what is none. */
export function readNumber(text: string): { number: number; suffix?: number } | null {
  const found = /^\s*(\d{1,6})\s*号?\s*(?:[-－—之附]\s*(\d{1,4})\s*号?)?\s*$/.exec(text)
  const number = Number(found?.[1] ?? 0)
  const suffix = Number(found?.[2] ?? 0)
  if (number === 0) return null
  return suffix > 0 ? { number, suffix } : { number }
}

const yes = (rules: RuleSet): Record<string, boolean> => ({
  dead_end: rules.dead_end_inward, one_sided: rules.one_sided_plain, corner: rules.corner_to_main, run_on: rules.run_on, no_gaps: rules.no_gaps,
})

/** What a clause of a rule set says, in a line. */
export function clauseText(clause: string, rules: RuleSet, t: NumberingWords): string {
  const c = t.clause
  const list = (codes: readonly string[]) => codes.map((code) => t.compass[code] ?? code).join(t.listed)
  switch (clause) {
    case 'start':
      return c.from(list(rules.from))
    case 'odd_side':
      return rules.odd_by === 'compass' ? c.oddCompass(list(rules.odd_sides ?? [])) : (c.odd[rules.odd_by] ?? '')
    case 'counting':
      return rules.counting === 'distance' ? c.distance(String(rules.step_m ?? 1)) : c.sequence
    case 'reserve':
      return rules.reserve_m ? c.reserve(String(rules.reserve_m)) + (rules.reserve_gaps ? c.gapsToo : '') : c.noReserve
    case 'skip':
      return rules.skip?.length ? c.skip(rules.skip.join(t.listed)) : c.noSkip
    case 'rows':
      return rules.rows ? c.rows(list([rules.rows.first]), list([rules.rows.within])) + (rules.rows.serpentine ? c.serpentine : '') + (rules.rows.hundreds ? c.hundreds : '') : ''
    case 'suffix':
      return c.suffix
    case 'gate':
      return c.gate
    case 'provisional':
      return c.provisional
    default:
      return c.yesNo[clause]?.[yes(rules)[clause] ? 0 : 1] ?? ''
  }
}
