import type { PasswordRules } from '../api/session.types'

/** One rule of a new password and whether it is met as it stands. The server decides;
 *  this spares a round trip. */
export interface Rule {
  rule: 'length' | 'classes' | 'differs' | 'name' | 'again'
  n: number
  met: boolean
}

export interface Typed {
  before: string
  after: string
  again: string
  name: string
}

/** Letters as people count them, so that a rare character is one. */
function length(text: string): number {
  return [...text].length
}

/** How many of capitals, small letters, digits and anything else a password has. */
export function classesOf(password: string): number {
  const kinds = [/\p{Lu}/u, /\p{Ll}/u, /\p{Nd}/u, /[^\p{Lu}\p{Ll}\p{Nd}]/u]
  return kinds.filter((kind) => kind.test(password)).length
}

export function rulesOf(typed: Typed, known: PasswordRules | null): Rule[] {
  const { before, after, again, name } = typed
  const some = after !== ''
  const rules: Rule[] = []
  if (known) rules.push({ rule: 'length', n: known.min_length, met: length(after) >= known.min_length })
  if (known && known.need_classes > 0) {
    rules.push({ rule: 'classes', n: known.need_classes, met: classesOf(after) >= known.need_classes })
  }
  const holdsName = name !== '' && after.toLowerCase().includes(name.toLowerCase())
  rules.push({ rule: 'name', n: 0, met: some && !holdsName })
  rules.push({ rule: 'differs', n: 0, met: some && after !== before })
  rules.push({ rule: 'again', n: 0, met: some && after === again })
  return rules
}
