/** A photo or document of a record. */
export interface Attachment {
  id: string
  version: number
  owner_kind: string
  owner_id: string
  kind: 'photo' | 'document'
  title: string
  /** what it is of its record, as a code word: of a case, a material */
  subject: string
  file_name: string
  media_type: string
  /** bytes */
  size: number
  /** pixels; 0 for what is no picture */
  width: number
  height: number
  sha256: string
  original_sha256: string
  taken_on: string | null
  lon: number | null
  lat: number | null
  added_at: string
  /** address of the file */
  content: string
  /** address of the small picture; '' for none */
  thumbnail: string
}

/** The records that may have attachments, as their addresses call them. */
export type Collection = 'facilities' | 'premises' | 'campaign-tasks' | 'facility-problems' | 'estates' | 'estate-rules' | 'place-names' | 'name-cases' | 'name-visits' | 'signs' | 'addresses' | 'plates'
