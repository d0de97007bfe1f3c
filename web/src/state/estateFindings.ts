import type { EstateCheck, EstateFinding } from '../api/estates.types'

/** What a check of an estate says, in the order in which somebody reads it. Pure. */

export type GroupName = 'fail' | 'open' | 'warning' | 'pass' | 'elsewhere'
export const groupNames: readonly GroupName[] = ['fail', 'open', 'warning', 'pass', 'elsewhere']

/** What a finding counts as: only a rule that is an error decides. */
export function groupOf(finding: EstateFinding): GroupName {
  if (finding.outcome === 'pass') return 'pass'
  if (finding.outcome === 'not_applicable') return 'elsewhere'
  if (finding.outcome === 'undetermined') return 'open'
  return finding.severity === 'error' ? 'fail' : 'warning'
}

const grave: Record<string, number> = { error: 0, warning: 1, info: 2 }

/** The findings by what they count as, the gravest first, else in the order of the rules. */
export function grouped(findings: readonly EstateFinding[]): Record<GroupName, EstateFinding[]> {
  const out: Record<GroupName, EstateFinding[]> = { fail: [], open: [], warning: [], pass: [], elsewhere: [] }
  for (const finding of findings) out[groupOf(finding)].push(finding)
  for (const name of groupNames) out[name].sort((a, b) => (grave[a.severity] ?? 3) - (grave[b.severity] ?? 3))
  return out
}

/** What tells a finding from the others of its check; `room` is the room's own key, since
 *  rooms come and go while somebody types. */
export function findingKey(finding: EstateFinding, room: string): string {
  return [finding.rule, finding.aspect, finding.source_zh, finding.clause_zh, finding.where_zh, finding.grade, finding.severity, room].join('\u0000')
}

/** The findings of a check by their key; `rooms` are the keys of the rooms that it was
 *  asked of. Of two that have one key the first stays. */
export function byKey(check: EstateCheck | null, rooms: readonly string[]): Map<string, EstateFinding> {
  const out = new Map<string, EstateFinding>()
  for (const finding of check?.findings ?? []) {
    const key = findingKey(finding, rooms[finding.room_index] ?? '')
    if (!out.has(key)) out.set(key, finding)
  }
  return out
}

/** Whether a finding says something else than it did. */
export function differs(before: EstateFinding, after: EstateFinding): boolean {
  return before.outcome !== after.outcome || before.value_zh !== after.value_zh || before.missing_zh !== after.missing_zh || before.threshold_zh !== after.threshold_zh
}

/** What is lacking of something: square metres of the rule that asks most. */
export interface Shortfall {
  /** the input that is lacking, as rules name it */
  of: string
  missing: number
  finding: EstateFinding
}

/** The kind of premises that another room would help, by what is lacking. */
const helped: Record<string, 'community' | 'elderly'> = { community_area: 'community', area_all: 'community', elderly_area: 'elderly' }

export const helpFor = (of: string): 'community' | 'elderly' | null => helped[of] ?? null

// In this order people speak of them.
const first = Object.keys(helped)

/** The square metres that are lacking for the estate to be compliant, premises first. */
export function shortfalls(check: EstateCheck | null): Shortfall[] {
  const worst = new Map<string, Shortfall>()
  for (const finding of check?.findings ?? []) {
    const of = finding.inputs[0]?.name
    const missing = finding.missing ?? 0
    if (!of || groupOf(finding) !== 'fail' || finding.missing_unit !== 'm2' || !(missing > 0)) continue
    if (missing > (worst.get(of)?.missing ?? 0)) worst.set(of, { of, missing, finding })
  }
  const rank = (of: string) => (first.includes(of) ? first.indexOf(of) : first.length)
  return [...worst.values()].sort((a, b) => rank(a.of) - rank(b.of))
}

/** The area, in whole square metres, of which a trial is made for a shortfall: none more than
 *  lacks, and none less. */
export function trialArea(missing: number): number {
  return Math.ceil(Math.round(missing * 100) / 100)
}

/** A formula with the numbers in it: each name of a known input is replaced by what it is
 *  shown as, and what comes out stands behind. '' where that would say no more than the
 *  formula does. */
export function withNumbers(finding: EstateFinding, lang: 'zh' | 'en'): string {
  const formula = lang === 'zh' ? finding.formula_zh : finding.formula_en
  const value = lang === 'zh' ? finding.value_zh : finding.value_en
  if (!/[÷×]/.test(formula) || value === '') return ''
  const names = finding.inputs.map((input) => ({ input, name: lang === 'zh' ? input.zh : input.en }))
  // The longest first: a name may be part of another.
  names.sort((a, b) => b.name.length - a.name.length)
  const slots: string[] = []
  let text = formula
  for (const { input, name } of names) {
    if (!text.includes(name)) continue
    if (!input.known) return ''
    slots.push(lang === 'zh' ? input.shown_zh : input.shown_en)
    text = text.replaceAll(name, `\u0001${slots.length - 1}\u0002`)
  }
  if (slots.length === 0) return ''
  return `${text.replace(/\u0001(\d+)\u0002/g, (_, at: string) => slots[Number(at)] ?? '')} = ${value}`
}
