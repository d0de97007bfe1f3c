import type { RuleLaw } from '../../../api/estateRules.types'
import { app } from '../../../state/app.svelte'
import { number } from '../../../text/format'

/** The words of a rule's field in the language of the page: title for title_zh and title_en. */
export function say(zh: string, en: string): string {
  return app.lang === 'zh' ? zh || en : en || zh
}

/** The days that a rule is in force. */
export function daysOf(from: string, until: string): string {
  const t = app.m.estateRules
  if (from && until && until < from) return t.never
  if (from && until) return t.between(from, until)
  if (from) return t.since(from)
  return until ? t.until(until) : t.always
}

/** Everything that a search looks through. */
export function textOf(law: RuleLaw): string {
  return [law.rule, law.title_zh, law.title_en, law.threshold_zh, law.threshold_en, law.source_zh, law.source_en, law.sentence, law.where_zh, law.where_en].join(' ').toLowerCase()
}

/** What a severity looks like. */
export const tone: Record<string, string> = { error: 'bad', warning: 'warn', info: '' }

/** A number with the decimals that it has, three at most. */
export function figure(value: number): string {
  const rounded = Math.round(value * 1000) / 1000
  return number(rounded, app.lang, String(rounded).split('.')[1]?.length ?? 0)
}
