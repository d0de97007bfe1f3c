/** Files of estates and rooms, as the API gives what becomes of them. */

export interface ListTally {
  rows: number
  created: number
  updated: number
  unchanged: number
  faulty: number
}

export interface ListRow {
  sheet: string
  row: number
  kind: 'estate' | 'room'
  name: string
  /** the name of the room's estate */
  estate: string
  /** none of one that is new and was only tried */
  estate_id?: string
  outcome: 'created' | 'updated'
  changes: { field: string; before: unknown; after: unknown }[]
}

export interface ListSheet {
  name: string
  kind: 'estates' | 'rooms' | 'nothing'
  rows: number
  /** of its shapes and positions; empty where it has none */
  crs: string
  ignored: string[]
}

/** What became of a file, or would become of it. */
export interface ImportedEstates {
  taken: boolean
  estates: ListTally
  rooms: ListTally
  fault_count: number
  faults: { sheet: string; row: number; column: string; value?: string; zh: string; en: string }[]
  remarks: { sheet: string; row: number; zh: string; en: string }[]
  list: ListRow[]
  sheets: ListSheet[]
}
