import { isDay } from '../text/time'

/** Days as a person types them, one day or one span a line, and back. Pure. */

const DAY_MS = 86_400_000
const LONGEST_SPAN = 40

const dayAfter = (day: string): string => new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10)

/** The days of a text, in order and each once, and the lines that say none. */
export function daysOf(text: string): { days: string[]; bad: string[] } {
  const days = new Set<string>()
  const bad: string[] = []
  for (const line of text.split(/[\n,，；;]/).map((each) => each.trim())) {
    if (line === '') continue
    const [first = '', last = first, ...more] = line.split(/\s*(?:至|到|to|~|–|—)\s*/)
    if (!isDay(first) || !isDay(last) || last < first || more.length > 0) {
      bad.push(line)
      continue
    }
    let day = first
    let n = 0
    while (day <= last && n < LONGEST_SPAN) {
      days.add(day)
      day = dayAfter(day)
      n++
    }
    if (day <= last) bad.push(line)
  }
  return { days: [...days].sort(), bad }
}

/** Days as lines, days one after another as a span. */
export function linesOf(days: readonly string[], to: string): string {
  const spans: [string, string][] = []
  for (const day of [...days].sort()) {
    const span = spans.at(-1)
    if (span && dayAfter(span[1]) === day) span[1] = day
    else if (span?.[1] !== day) spans.push([day, day])
  }
  return spans.map(([first, last]) => (first === last ? first : `${first} ${to} ${last}`)).join('\n')
}
