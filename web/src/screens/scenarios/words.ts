import type { Figure, ScenarioQuestion, ScenarioStep } from '../../api/scenarios.types'
import { app } from '../../state/app.svelte'
import { placeName } from '../../state/scenario'
import { number, people } from '../../text/format'

/** How scenarios read. */

/** A question in words; the usual pace goes without saying. */
export function questionText(question: ScenarioQuestion): string {
  const q = app.m.scenarios.question
  const type = app.types.find((each) => each.type === question['type'])
  const parts = [type ? app.word(type) : (question['type'] ?? '')]
  const { limit, speed, metres, profile, at, tier, base } = question
  if (metres) parts.push(q.metres(number(Number(metres), app.lang)))
  else if (limit) parts.push(q.minutes(number(Number(limit) / 60, app.lang, Number(limit) % 60 ? 1 : 0)))
  if (speed && !metres && Number(speed) !== app.district?.defaults.speed) parts.push(q.speed(speed))
  if (profile && profile !== 'plain') parts.push(q.profile[profile] ?? profile)
  if (at) parts.push(q.at(at))
  if (tier) parts.push(q.tier(tier))
  if (base && (app.district?.bases.length ?? 0) > 1) parts.push(app.m.base[base] ?? base)
  return parts.join(' · ')
}

/** Money in words: in 万元 from ten thousand yuan up in Chinese. */
export function money(fen: number): string {
  const s = app.m.scenarios
  const yuan = fen / 100
  if (app.lang === 'zh' && yuan >= 10_000) return s.wan(number(yuan / 10_000, app.lang, Number.isInteger(yuan / 10_000) ? 0 : 2))
  return s.yuan(number(yuan, app.lang, Number.isInteger(yuan) ? 0 : 2))
}

/** What something costs, once and each year. */
export function costText(cost: { one_off_fen: number; per_year_fen: number } | undefined): string {
  const s = app.m.scenarios
  if (!cost) return s.noCost
  const parts = [
    ...(cost.one_off_fen > 0 || cost.per_year_fen === 0 ? [money(cost.one_off_fen)] : []),
    ...(cost.per_year_fen > 0 ? [s.perYear(money(cost.per_year_fen))] : []),
  ]
  return parts.join(' + ')
}

/** What a person costs: to the yuan, since nobody plans by the fen. */
export function perPersonText(cost: { one_off_fen: number; per_year_fen: number } | undefined): string {
  const whole = (fen: number) => Math.round(fen / 100) * 100
  return cost ? costText({ one_off_fen: whole(cost.one_off_fen), per_year_fen: whole(cost.per_year_fen) }) : app.m.scenarios.none
}

/** What each of so many people costs, where they are more than none. */
export function perPerson(cost: { one_off_fen: number; per_year_fen: number } | undefined, net: number): { one_off_fen: number; per_year_fen: number } | undefined {
  if (!cost || net <= 0) return undefined
  return { one_off_fen: Math.round(cost.one_off_fen / net), per_year_fen: Math.round(cost.per_year_fen / net) }
}

/** A change of a number of people, with its sign. */
export function signed(value: number): string {
  if (value === 0) return '0'
  const text = people(Math.abs(value), app.lang)
  return value > 0 ? `+${text}` : `−${text}`
}

export function figureOf(figures: readonly Figure[], band: string): Figure | undefined {
  return figures.find((each) => each.band === band) ?? figures[0]
}

export function stepText(step: ScenarioStep, index: number, steps: readonly ScenarioStep[]): string {
  const s = app.m.scenarios
  return s.step[step.do](placeName(step, index, steps, s.dialog.place))
}
