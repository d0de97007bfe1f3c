/** Numbers as people read them. Chinese groups digits with a thin space and says
 *  1.2 万 where a figure leads; English groups with commas. */

export type Lang = 'zh' | 'en'

const THIN = '\u2009'
const NONE = '–'

function group(text: string, lang: Lang): string {
  const [whole = '', part] = text.split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, lang === 'zh' ? THIN : ',')
  return part === undefined ? grouped : `${grouped}.${part}`
}

/** A whole or decimal number with grouped digits. */
export function number(value: number, lang: Lang, digits = 0): string {
  if (!Number.isFinite(value)) return NONE
  const text = group(Math.abs(value).toFixed(digits), lang)
  return value < 0 && Number(value.toFixed(digits)) !== 0 ? `−${text}` : text
}

/** Persons rounded for display. A part of a person is never shown as nobody. */
export function people(value: number, lang: Lang): string {
  if (value > 0 && value < 0.5) return '<1'
  return number(Math.round(value), lang)
}

/** Parts of a population as whole persons that add up to the rounded whole, by the
 *  largest remainder; a part that is nothing stays nothing. */
export function wholeParts(parts: readonly number[]): number[] {
  // The server counts in ten-thousandths, so the sum is exact after rounding there.
  const exact = parts.map((part) => Math.round(part * 10_000))
  const whole = exact.map((part) => Math.floor(part / 10_000))
  const sum = exact.reduce((a, b) => a + b, 0)
  let missing = Math.round(sum / 10_000) - whole.reduce((a, b) => a + b, 0)
  const byRemainder = exact.map((part, i) => ({ i, rest: part % 10_000 })).sort((a, b) => b.rest - a.rest || a.i - b.i)
  for (const { i, rest } of byRemainder) {
    if (missing <= 0 || rest === 0) break
    whole[i] = (whole[i] ?? 0) + 1
    missing -= 1
  }
  return whole
}

/** A whole part next to its exact value: a part of a person is never nobody. */
export function wholePeople(whole: number, exact: number, lang: Lang): string {
  return whole === 0 && exact > 0 ? '<1' : number(whole, lang)
}

/** Persons where a figure leads: 1.2 万 in Chinese from ten thousand up. */
export function leadingPeople(value: number, lang: Lang): { text: string; wan: boolean } {
  if (lang === 'zh' && value >= 9999.5) {
    return { text: number(value / 10_000, lang, value >= 999_950 ? 0 : 1), wan: true }
  }
  return { text: people(value, lang), wan: false }
}

/** A share of one as per cent with one decimal. Nothing short of all reads 100,
 *  nothing above none reads 0. */
export function share(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NONE
  let tenths = Math.round(value * 1000)
  if (tenths === 1000 && value < 1) tenths = 999
  if (tenths === 0 && value > 0) tenths = 1
  return `${(tenths / 10).toFixed(1)}${THIN}%`
}

/** A difference with its sign, to one digit; what rounds to nothing is ±0. */
export function signed(value: number, lang: Lang): string {
  const text = number(Math.abs(value), lang, 1)
  if (Number(text.replaceAll(',', '')) === 0) return '±0'
  return `${value < 0 ? '−' : '+'}${text}`
}

/** Square metres, from a square kilometre up in km². */
export function area(squareMetres: number, lang: Lang): string {
  if (squareMetres >= 1_000_000) return `${number(squareMetres / 1_000_000, lang, 2)}${THIN}km²`
  return `${number(squareMetres, lang)}${THIN}m²`
}

/** Metres, from a kilometre up in km. */
export function distance(metres: number, lang: Lang): string {
  if (metres >= 1000) return `${number(metres / 1000, lang, 1)}${THIN}km`
  return `${number(metres, lang)}${THIN}m`
}

/** How a file of words says minutes and seconds. */
export interface TimeWords {
  minutes: (n: number) => string
  seconds: (n: number) => string
}

/** A walking time, rounded up to the second so that none over a limit reads as
 *  within it. */
export function duration(seconds: number, words: TimeWords): string {
  const all = Math.ceil(seconds - 1e-9)
  const minutes = Math.floor(all / 60)
  const rest = all % 60
  if (minutes === 0) return words.seconds(rest)
  if (rest === 0) return words.minutes(minutes)
  return `${words.minutes(minutes)} ${words.seconds(rest)}`
}

/** Longitude and latitude with five decimals: about a metre. */
export function position(lon: number, lat: number): string {
  return `${lon.toFixed(5)}, ${lat.toFixed(5)}`
}

/** English terms begin small in running text and large by themselves. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** The size of a file: "340 KB", "2.4 MB". */
export function bytes(value: number): string {
  const kb = value / 1024
  return kb < 1000 ? `${Math.max(1, Math.round(kb))} KB` : `${(kb / 1024).toFixed(1)} MB`
}
