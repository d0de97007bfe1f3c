import { get, queryOf, send } from './http'
import type { DoorAlarm, DoorReport, DoorReportList } from './doors.types'

const of = (id: string) => `plate-reports/${encodeURIComponent(id)}`

export const doorsApi = {
  list: (asked: { state: string; problem: string; after: string }, lang: string, signal?: AbortSignal) => get<DoorReportList>(`plate-reports${queryOf(asked)}`, lang, signal),
  alarms: async (lang: string, signal?: AbortSignal) => (await get<{ alarms: DoorAlarm[] }>('plate-alarms', lang, signal)).alarms,
  decide: async (report: DoorReport, outcome: string, lang: string) => (await send<DoorReport>('PATCH', of(report.id), { lang, body: { outcome }, version: report.version })).body,
  photo: (id: string, small: boolean) => `/api/v1/${of(id)}/photo${small ? '?small=true' : ''}`,
}
