/** Days and moments as the authority writes them: 2026-11-23 and 14:05, by the clock
 *  of China wherever the browser is. */

const ZONE = 'Asia/Shanghai'
const NONE = '–'

// Sweden writes the same dates as this product, and every browser knows how.
const day = new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE, dateStyle: 'short' })
const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE, timeStyle: 'short' })
const seconds = new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE, timeStyle: 'medium' })

function read(moment: string | null | undefined): Date | null {
  const date = moment ? new Date(moment) : null
  return date && !Number.isNaN(date.getTime()) ? date : null
}

/** 2026-11-23 14:05 */
export function momentText(moment: string | null | undefined): string {
  const date = read(moment)
  return date ? `${day.format(date)} ${clock.format(date)}` : NONE
}

/** 2026-11-23 14:05:09 */
export function exactText(moment: string | null | undefined): string {
  const date = read(moment)
  return date ? `${day.format(date)} ${seconds.format(date)}` : NONE
}

/** 14:05 */
export function clockText(date: Date): string {
  return clock.format(date)
}

/** The day that it is in China. */
export function today(now: Date = new Date()): string {
  return day.format(now)
}

/** A real day, written 2026-11-23. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}
