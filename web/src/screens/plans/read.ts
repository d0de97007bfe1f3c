/** What a person types into a field of figures. */

/** A number; null where the field is blank, undefined where it is no number. Thin spaces
 *  and commas between thousands are what people paste. */
export function readNumber(text: string): number | null | undefined {
  const plain = text.replace(/[\s\u2009,，]/g, '').replace(/^−/, '-')
  if (plain === '') return null
  return /^-?(\d+(\.\d*)?|\.\d+)$/.test(plain) ? Number(plain) : undefined
}

/** A whole number from 0 up; 0 for a blank, undefined for anything else. */
export function readWhole(text: string): number | undefined {
  const value = readNumber(text)
  if (value === null) return 0
  return value !== undefined && Number.isInteger(value) && value >= 0 ? value : undefined
}

/** The lines of a text that say something. */
export function linesOf(text: string): string[] {
  return text.split('\n').map((line) => line.trim()).filter((line) => line !== '')
}

/** Things with a key and a title that a person edits as lines: those whose title stands
 *  keep their key, new ones get one that nobody has. */
export function keyed(lines: string[], before: { key: string; title: string }[], prefix: string): { key: string; title: string }[] {
  const free = [...before]
  const used = new Set(before.map((each) => each.key))
  let next = 1
  const fresh = () => {
    while (used.has(`${prefix}${next}`)) next++
    used.add(`${prefix}${next}`)
    return `${prefix}${next}`
  }
  const out = lines.map((title) => {
    const at = free.findIndex((each) => each.title === title)
    return at < 0 ? { key: '', title } : { key: free.splice(at, 1)[0]?.key ?? '', title }
  })
  // A line that was only reworded keeps the key of what stood in its place.
  out.forEach((each, n) => {
    if (each.key !== '') return
    const old = before[n]
    const at = old ? free.indexOf(old) : -1
    each.key = at < 0 ? fresh() : (free.splice(at, 1)[0]?.key ?? fresh())
  })
  return out
}
