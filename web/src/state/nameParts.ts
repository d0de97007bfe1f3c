import type { NameKind } from '../api/names.types'

/** The parts of a name as they are worked out while somebody types, by the same rule as the
 *  server's: the longest generic that leaves a specific part, with a direction or a number
 *  before it where two characters stay. Pure. */

export interface NameParts {
  specific: string
  modifier: string
  generic: string
  /** a person said so; else they were worked out */
  confirmed: boolean
}

const DIRECTIONS = '东西南北中前后左右上下内外'
const FIGURES = '一二三四五六七八九十百零〇第0123456789'
/** characters that stay before a modifier */
const LEAST = 2

/** Every way to read a name, the likeliest first; the name whole is the last. */
export function splitName(text: string, kind: Pick<NameKind, 'generics'> | undefined): NameParts[] {
  const generics = [...new Set(kind?.generics ?? [])].filter((generic) => text.endsWith(generic) && generic.length < text.length)
  generics.sort((a, b) => b.length - a.length)
  const out: NameParts[] = []
  for (const generic of generics) {
    const specific = text.slice(0, text.length - generic.length)
    const modifier = modifierOf(specific)
    if (modifier) out.push({ specific: specific.slice(0, specific.length - modifier.length), modifier, generic, confirmed: false })
    out.push({ specific, modifier: '', generic, confirmed: false })
  }
  out.push({ specific: text, modifier: '', generic: '', confirmed: false })
  return out
}

function modifierOf(specific: string): string {
  const characters = [...specific]
  let end = characters.length
  while (end > 0 && FIGURES.includes(characters[end - 1] ?? '')) end--
  if (end === characters.length && end > 0 && DIRECTIONS.includes(characters[end - 1] ?? '')) end--
  return end === characters.length || end < LEAST ? '' : characters.slice(end).join('')
}

/** A way to read a name, as one value of a list. */
export const partsKey = (parts: NameParts): string => [parts.specific, parts.modifier, parts.generic].join('|')

/** The parts with a mark between them: 长安·北·路. */
export const partsText = (parts: NameParts): string => [parts.specific, parts.modifier, parts.generic].filter((part) => part !== '').join('·')

/** Whether the parts make the name. */
export const partsMake = (parts: NameParts, text: string): boolean => parts.specific + parts.modifier + parts.generic === text
