import type { NameMatched } from '../api/nameSearch.types'
import type { zhNameSearch } from '../text/zh/nameSearch'

type Words = Pick<typeof zhNameSearch, 'by' | 'named'>

/** Why a name was found, in a line; '' where it is the name itself as it was typed. Pure. */
export function reasonOf(matched: NameMatched, words: Words): string {
  const { by, of, text, spelling } = matched
  const say = (code: string): string => words.by[code] ?? code
  const whose = of === 'standard' ? '' : words.named(say(of), text)
  if (by === of) return whose
  const how = spelling ? `${say(by)} ${spelling}` : say(by)
  return whose ? `${whose} · ${how}` : how
}
