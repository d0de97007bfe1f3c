/** What people report of plates and what looks like fakes, as /api/v1/plate-reports and
 *  /api/v1/plate-alarms give them. */
export interface DoorReport {
  id: string
  version: number
  code: string
  known: boolean
  address_id: string | null
  address: string
  division_code: string
  lon: number | null
  lat: number | null
  problem: string
  note: string
  place: string
  photo: boolean
  day: string
  last_day: string
  reports: number
  state: string
  outcome: string
  decided_on: string | null
  outcomes: string[]
}

export interface DoorCode {
  code: string
  zh: string
  en: string
}

export interface DoorReportList {
  reports: DoorReport[]
  next: string
  problems: DoorCode[]
  outcomes: DoorCode[]
}

export interface DoorAlarm {
  kind: string
  code: string
  division_code: string
  codes: string[]
  first: string
  last: string
  hours: number
  days: number
  scans: number
  reports: number
}
