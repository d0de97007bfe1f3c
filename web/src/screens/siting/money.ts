import { number, type Lang } from '../../text/format'

/** An amount in the unit that it was asked in: to the hundredth, and below one to three
 *  digits that say something, so that a price for one person is not told as nothing. */
export function money(value: number, lang: Lang): string {
  if (value === 0 || !Number.isFinite(value)) return number(value, lang)
  if (Math.abs(value) < 1) return number(value, lang, Math.min(6, 2 - Math.floor(Math.log10(Math.abs(value)))))
  return number(value, lang, Number.isInteger(value) ? 0 : 2)
}
