/** The letter of an opinion. */
export interface EstateLetter {
  /** id of the opinion, also after corrections */
  opinion: string
  kind: string
  file_name: string
  /** it went out and stays as it is */
  sent: boolean
  sent_at: string | null
  sent_by: string
  sha256: string
  /** 0 for the template of the program */
  template_version: number
  may_send: boolean
}

/** The template of a kind of letters. */
export interface LetterTemplate {
  kind: string
  name_zh: string
  name_en: string
  /** 0 where it was never set */
  version: number
  built_in: boolean
  file_name: string
  size: number
  who: string
  saved_at: string | null
}

/** A name that templates may have in double braces; of a list with its fields. */
export interface Placeholder {
  zh: string
  en: string
  fields?: Placeholder[]
}
