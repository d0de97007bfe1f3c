/** A place name that was found, as the server answers it. */

export interface NameMatched {
  by: 'standard' | 'alias' | 'former' | 'pinyin' | 'initials' | 'same_sound' | 'look_alike' | 'one_character'
  /** whose text it is */
  of: 'standard' | 'alias' | 'former'
  text: string
  /** the text in pinyin as the letters were read; '' where none were typed */
  spelling: string
}

export interface FoundName {
  id: string
  text: string
  roman: string
  kind: string
  class: string
  state: string
  division: string
  /** longitude and latitude; null where nobody drew the place */
  position: [number, number] | null
  matched: NameMatched
}
