/** How places per 1,000 people are written. Pure. */
import { number, type Lang } from '../../text/format'

/** Two figures that count below ten, one below a hundred, none above; a little is never none. */
export function places(value: number | null, lang: Lang): string {
  if (value === null) return number(NaN, lang)
  const size = Math.abs(value)
  if (size > 0 && size < 0.005) return value < 0 ? '>−0.01' : '<0.01'
  return number(value, lang, size >= 100 || size === 0 ? 0 : size >= 10 ? 1 : 2)
}

/** The same with its sign, for a difference. */
export function difference(value: number | null, lang: Lang): string {
  return value !== null && value > 0 ? `+${places(value, lang)}` : places(value, lang)
}
