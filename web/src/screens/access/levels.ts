/** The levels of divisions that an answer has, and the one that is shown. Pure. */
import type { AccessAnswer } from '../../api/access.types'

const below = ['subdistrict', 'community', 'grid']

/** Those with divisions, the widest first. */
export function levelsOf(answer: AccessAnswer): string[] {
  const have = new Set(answer.divisions.map((d) => d.level))
  const found = below.filter((level) => have.has(level))
  return found.length > 0 ? found : [...have]
}

/** The one that is asked for, else communities, else the finest. */
export function levelOf(answer: AccessAnswer, wanted: string): string {
  const levels = levelsOf(answer)
  if (levels.includes(wanted)) return wanted
  return levels.includes('community') ? 'community' : (levels.at(-1) ?? '')
}
