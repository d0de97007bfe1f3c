/** How the plan board says its figures: a blank is said to be one, and never 0. */
import type { Amount, Board, Line, Source, Words } from '../../api/plans.types'
import { number, type Lang } from '../../text/format'

const THIN = '\u2009'

export function say(words: Words | undefined, lang: Lang): string {
  if (!words) return ''
  return lang === 'en' && words.en ? words.en : words.zh
}

/** A figure with at most two decimals and none for show; a dash where there is none. */
export function figure(value: number | null | undefined, lang: Lang): string {
  if (value === null || value === undefined) return '—'
  const digits = Number.isInteger(value) ? 0 : 2
  const text = number(value, lang, digits)
  return digits === 0 ? text : text.replace(/\.?0+$/, '')
}

export function withUnit(value: number | null | undefined, unit: string, lang: Lang): string {
  const text = figure(value, lang)
  return value === null || value === undefined || unit === '' ? text : `${text}${THIN}${unit}`
}

/** The unit of a line, as short as it can be said: a count has none in English. */
export function unitOf(unit: Words, lang: Lang): string {
  if (lang === 'zh') return unit.zh
  return unit.en ?? (unit.zh === '个' || unit.zh === '处' ? '' : unit.zh)
}

/** What a plan writes, with its unit where it is a number alone. */
export function amountText(amount: Amount | undefined, unit: string): string {
  if (!amount || amount.text === '' || (amount.number === null && /^[—–\-－]+$/.test(amount.text))) return '—'
  return amount.number !== null && amount.compare === '' && !/[%％]$/.test(amount.text) && unit !== '' ? `${amount.text}${THIN}${unit}` : amount.text
}

export function isBlank(amount: Amount): boolean {
  return amount.number === null && /^[—–\-－\s]*$/.test(amount.text)
}

/** The title of the document that a source is in. */
export function documentOf(source: Source, documents: { key: string; title: string }[]): string {
  const title = documents.find((d) => d.key === source.document)?.title
  return title ? `《${title}》` : (source.document ?? '')
}

export type Filter = '' | 'binding' | 'behind' | 'unknown' | 'lacking'

/** Whether a line is one of those asked for. */
export function shown(line: Line, filter: Filter): boolean {
  switch (filter) {
    case 'binding':
      return line.indicator.kind === 'binding'
    case 'behind':
      return line.status === 'behind' || line.status === 'near'
    case 'unknown':
      return line.status === 'unknown'
    case 'lacking':
      return (line.live?.lacking ?? 0) > 0
    default:
      return true
  }
}

export interface GroupOfLines {
  key: string
  title: string
  lines: Line[]
}

/** The lines under the plan's headings, in its order; those under none come last. */
export function grouped(board: Board, lines: Line[], others: string, lang: Lang): GroupOfLines[] {
  const known = new Set(board.plan.groups.map((g) => g.key))
  const out = board.plan.groups.map((g) => ({ key: g.key, title: say(g, lang), lines: lines.filter((line) => line.indicator.group === g.key) }))
  out.push({ key: '', title: board.plan.groups.length > 0 ? others : '', lines: lines.filter((line) => !known.has(line.indicator.group)) })
  return out.filter((g) => g.lines.length > 0)
}
