/** Sheets of plates, as the server tells of them. */

export interface PlateProof {
  day: string
  passed: boolean
  plates: number
  read: number
  misread: number
  decoders: string[]
  remasked: number
  unread: string[]
  sha256: string
  pages: number
}

export interface PlateFault {
  token: string
  text: string
  zh: string
  en: string
}

export interface PlateSheets {
  plates: number
  proof?: PlateProof
  released: boolean
  host: string
  missing: string[]
  faults: PlateFault[]
  faulty: number
}
