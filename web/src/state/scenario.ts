import type { PaperOption } from '../api/papers'
import type { CoverageQuery } from '../api/question.types'
import type { CostLine, ScenarioContent, ScenarioQuestion, ScenarioStep } from '../api/scenarios.types'
import { formatPlan, letterOf, type Step } from './plan'

/** What screens do with scenarios that needs no screen: their address on the map, money,
 *  and whether two of them are one. Pure. */

/** The question of an address, whole: whichever parameters it has. */
export function questionOf(params: string): ScenarioQuestion {
  return Object.fromEntries(new URLSearchParams(params))
}

/** The question as requests of coverage take it, whole: numbers are numbers again. */
export function queryOf(question: ScenarioQuestion): CoverageQuery {
  const numbers = ['limit', 'speed', 'metres']
  return Object.fromEntries(Object.entries(question).map(([key, value]) => [key, numbers.includes(key) ? Number(value) : value])) as unknown as CoverageQuery
}

/** A scenario as files about several plans take it. */
export function paperOf({ name, note, steps, costs }: ScenarioContent): PaperOption {
  return { name, ...(note ? { note } : {}), steps: steps.map((step) => ({ ...step })), ...(costs?.length ? { costs } : {}) }
}

/** Whether two questions ask the same, whatever the order of their parameters. One that
 *  leaves a parameter out asks the usual and is not known to be the same. */
export function sameQuestion(a: ScenarioQuestion, b: ScenarioQuestion): boolean {
  const text = (q: ScenarioQuestion) => JSON.stringify(Object.entries(q).sort(([x], [y]) => (x < y ? -1 : 1)))
  return text(a) === text(b)
}

/** The steps as the map's address has them. */
export function planOf(steps: readonly ScenarioStep[]): string {
  return formatPlan(steps as readonly Step[])
}

/** Where the map shows a scenario. */
export function mapAddress(scenario: { question: ScenarioQuestion; steps: readonly ScenarioStep[] }, lang: string, band = ''): string {
  const params = new URLSearchParams(scenario.question)
  if (band) params.set('band', band)
  params.set('plan', planOf(scenario.steps))
  params.set('lang', lang)
  return `/?${params.toString().replaceAll('%2C', ',').replaceAll('%3B', ';')}`
}

/** Steps as they are kept: with what people call their places. Names of added places come
 *  by their letter, those of facilities from whoever knows. */
export function named(wire: readonly Record<string, unknown>[], names: Record<string, string>, nameOf: (id: string) => string): ScenarioStep[] {
  return wire.map((step) => {
    const kept = step as unknown as ScenarioStep
    if (kept.do === 'add_path') return kept
    const name = kept.do === 'add' ? (names[kept.id] ?? '').trim() : nameOf(kept.id)
    return name && name !== kept.id ? { ...kept, name } : kept
  })
}

/** What to call a step's place: its own name, or a new place by its letter. */
export function placeName(step: ScenarioStep, index: number, steps: readonly ScenarioStep[], fresh: (letter: string) => string): string {
  if (step.name) return step.name
  if (step.do !== 'add' && step.do !== 'add_path') return step.id
  const turn = steps.slice(0, index).filter((each) => each.do === step.do).length
  const letter = letterOf(turn).toUpperCase()
  return step.do === 'add' ? fresh(letter) : letter
}

const MOST_YUAN = 100_000_000_000

/** Fen of an amount in yuan as people write it; null where it is none. */
export function fenOf(text: string): number | null {
  const plain = text.trim().replace(/[,，\s\u2009]/g, '')
  if (!/^\d+(\.\d{1,2})?$/.test(plain)) return null
  const [whole = '', part = ''] = plain.split('.')
  return Number(whole) > MOST_YUAN ? null : Number(whole) * 100 + Number(part.padEnd(2, '0'))
}

/** An amount in fen as people write it in a field. */
export function yuanOf(fen: number): string {
  const part = fen % 100
  return part === 0 ? String(fen / 100) : (fen / 100).toFixed(2)
}

export interface CostDraft {
  what: string
  kind: CostLine['kind']
  amount: string
  source: string
}

export function draftsOf(costs: readonly CostLine[] | undefined): CostDraft[] {
  return (costs ?? []).map((line) => ({ what: line.what, kind: line.kind, amount: yuanOf(line.fen), source: line.source ?? '' }))
}

/** The lines of drafts; one that nobody wrote anything into is left out, one whose amount is
 *  no amount makes the whole null. */
export function costsOf(drafts: readonly CostDraft[]): CostLine[] | null {
  const out: CostLine[] = []
  for (const draft of drafts) {
    if (!draft.what.trim() && !draft.amount.trim() && !draft.source.trim()) continue
    const fen = fenOf(draft.amount)
    if (fen === null) return null
    out.push({ what: draft.what.trim(), kind: draft.kind, fen, ...(draft.source.trim() ? { source: draft.source.trim() } : {}) })
  }
  return out
}

/** How much of the strongest change a change is, from −3 to 3; 0 only where nothing changes. */
export function strength(value: number, most: number): number {
  if (value === 0 || most <= 0) return 0
  return Math.sign(value) * Math.min(3, Math.max(1, Math.ceil((Math.abs(value) / most) * 3)))
}
