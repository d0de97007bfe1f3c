import type { ListedWord, WordKind } from '../api/nameChecks.types'

/** A list of words as it is being changed. Pure. */

export const wordKinds: readonly WordKind[] = ['leaders', 'persons', 'foreign', 'brands', 'banned']

const trimmed = (word: ListedWord): ListedWord => {
  const out: ListedWord = { word: word.word.trim() }
  for (const key of ['reading', 'note', 'source'] as const) {
    const text = word[key]?.trim()
    if (text) out[key] = text
  }
  return out
}

/** Words as they are pasted: one in a row, its reading, note and source behind it. */
export function parseWords(text: string): ListedWord[] {
  const heads = new Set(['词', '词语', '名字', '名称', '姓名', 'word', 'name'])
  const out: ListedWord[] = []
  for (const row of text.split(/[\r\n]+/)) {
    const cells = row.includes('\t') ? row.split('\t') : row.split(/[,，;；]/)
    const [word = '', reading = '', note = '', source = ''] = cells.map((cell) => cell.trim().replace(/^["“”]+|["“”]+$/g, ''))
    if (word === '' || heads.has(word.toLowerCase())) continue
    out.push(trimmed({ word, reading, note, source }))
  }
  return out
}

/** The list with words that it has not, the newest first; what it has stays as it is. */
export function withWords(list: readonly ListedWord[], added: readonly ListedWord[]): ListedWord[] {
  const have = new Set(list.map((each) => each.word))
  const fresh: ListedWord[] = []
  for (const each of added.map(trimmed)) {
    if (each.word === '' || have.has(each.word)) continue
    have.add(each.word)
    fresh.push(each)
  }
  return [...fresh, ...list]
}

/** How many words came and went. */
export function changeOf(before: readonly ListedWord[], after: readonly ListedWord[]): { added: number; removed: number } {
  const [was, is] = [new Set(before.map((each) => each.word)), new Set(after.map((each) => each.word))]
  return { added: [...is].filter((word) => !was.has(word)).length, removed: [...was].filter((word) => !is.has(word)).length }
}

/** Words that have a text in them, in their word or what is noted of it. */
export function foundWords(list: readonly ListedWord[], text: string): ListedWord[] {
  const asked = text.trim().toLowerCase()
  if (asked === '') return [...list]
  return list.filter((each) => [each.word, each.reading, each.note, each.source].some((part) => part?.toLowerCase().includes(asked)))
}
