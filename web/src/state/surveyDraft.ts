import type { Findings, Fix, NotedPoint, SurveyCodes, SurveyPerson, SurveySite } from '../api/nameSurvey.types'
import type { NewWrite } from './offlineQueue'

/** A photo of a visit, waiting on the device. */
export interface DraftPhoto {
  /** under which the device keeps it */
  blob: string
  title: string
}

/** A visit as it is being made in the field. */
export interface VisitDraft {
  id: string
  site: SurveySite
  codes: SurveyCodes
  day: string
  people: SurveyPerson[]
  track: Fix[]
  points: NotedPoint[]
  photos: DraftPhoto[]
  /** as they were typed */
  length: string
  width: string
  direction: string
  signs: string
  agreement: string
  remark: string
  note: string
  /** the key of the write by which it was handed in; '' while it is being made */
  queued: string
}

/** What is taken along of a case. */
export interface TakenSite {
  site: SurveySite
  codes: SurveyCodes
}

export function newDraft(id: string, of: TakenSite, day: string, me: SurveyPerson): VisitDraft {
  return {
    id, site: of.site, codes: of.codes, day, people: [me], track: [], points: [], photos: [], length: '', width: '', direction: '', signs: '', agreement: '', remark: '', note: '', queued: '',
  }
}

const EARTH_M = 6371008.8
const rad = (deg: number): number => (deg * Math.PI) / 180

/** Metres between two places of a town, on a sphere. */
export function metresBetween(a: { lon: number; lat: number }, b: { lon: number; lat: number }): number {
  const x = rad(b.lon - a.lon) * Math.cos(rad((a.lat + b.lat) / 2))
  return EARTH_M * Math.hypot(x, rad(b.lat - a.lat))
}

export function walked(track: readonly Fix[]): number {
  return track.slice(1).reduce((sum, fix, i) => sum + metresBetween(track[i] ?? fix, fix), 0)
}

/** The worst accuracy, in metres, that still says where somebody walks. */
export const WORST_M = 100
const MOST_FIXES = 20_000

/** A track with one fix more, if that says something: it is exact enough, and somebody moved. */
export function withFix(track: readonly Fix[], fix: Fix): Fix[] {
  const last = track.at(-1)
  if ((fix.accuracy_m ?? 0) > WORST_M || track.length >= MOST_FIXES) return [...track]
  if (last && (fix.t <= last.t || metresBetween(last, fix) < Math.min(Math.max(fix.accuracy_m ?? 0, 3), 25))) return [...track]
  return [...track, fix]
}

/** A track as dots, near enough to one another to be seen as a way, as [longitude, latitude]. */
export function dotted(track: readonly Fix[]): [number, number][] {
  const step = Math.max(10, walked(track) / 400)
  return track.flatMap((fix, i): [number, number][] => {
    const before = track[i - 1]
    if (!before) return [[fix.lon, fix.lat]]
    const n = Math.max(1, Math.round(metresBetween(before, fix) / step))
    return Array.from({ length: n }, (_, k): [number, number] => [before.lon + ((fix.lon - before.lon) * (k + 1)) / n, before.lat + ((fix.lat - before.lat) * (k + 1)) / n])
  })
}

/** How long the place is and how it runs, by the track between the points noted as its start and
 *  end; null where they are not both on it. */
export function measured(draft: Pick<VisitDraft, 'track' | 'points'>): { metres: number; direction: string } | null {
  const start = draft.points.find((each) => each.kind === 'start')
  const end = draft.points.findLast((each) => each.kind === 'end')
  if (!start || !end || draft.track.length < 2) return null
  const near = (p: Fix): { at: number; off: number } =>
    draft.track.reduce((best, fix, at) => (metresBetween(fix, p) < best.off ? { at, off: metresBetween(fix, p) } : best), { at: 0, off: Infinity })
  const [a, b] = [near(start), near(end)]
  if (a.off > 50 || b.off > 50) return null
  return { metres: Math.round(walked(draft.track.slice(Math.min(a.at, b.at), Math.max(a.at, b.at) + 1))), direction: directionOf(start, end) }
}

/** The direction in which a line runs, to the nearest eighth of a circle. */
export function directionOf(a: { lon: number; lat: number }, b: { lon: number; lat: number }): string {
  const angle = Math.atan2(b.lat - a.lat, (b.lon - a.lon) * Math.cos(rad(a.lat)))
  const eighth = ((Math.round(angle / (Math.PI / 4)) % 4) + 4) % 4
  return ['east_west', 'northeast_southwest', 'north_south', 'northwest_southeast'][eighth] ?? ''
}

/** A typed number of metres; null for none, NaN for what is none. */
export function metresOf(typed: string): number | null {
  const text = typed.trim().replace(',', '.')
  if (text === '') return null
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN
}

/** What keeps a visit from counting: people, or a track or photo. */
export function wanting(draft: VisitDraft): ('people' | 'evidence' | 'remark' | 'length' | 'width')[] {
  const out: ReturnType<typeof wanting> = []
  if (!draft.people.some((each) => each.office.trim() !== '')) out.push('people')
  if (draft.track.length < 2 && draft.photos.length === 0) out.push('evidence')
  if ((draft.agreement === 'partly' || draft.agreement === 'differs') && draft.remark.trim() === '') out.push('remark')
  if (Number.isNaN(metresOf(draft.length))) out.push('length')
  if (Number.isNaN(metresOf(draft.width))) out.push('width')
  return out
}

/** Whether anything was entered that would be lost. */
export function begun(draft: VisitDraft): boolean {
  return draft.track.length + draft.points.length + draft.photos.length > 0 || [draft.length, draft.width, draft.direction, draft.signs, draft.agreement, draft.remark, draft.note].some((each) => each !== '')
}

/** The writes by which a visit is handed in: the visit, then its photos, each once. */
export function writesOf(draft: VisitDraft, key: string, reason: string, titles: { visit: string; photo: (n: number) => string }): NewWrite[] {
  const findings: Findings = {}
  const [length, width] = [metresOf(draft.length), metresOf(draft.width)]
  if (length) findings.length_m = length
  if (width) findings.width_m = width
  for (const field of ['direction', 'signs', 'agreement', 'remark'] as const) if (draft[field].trim() !== '') findings[field] = draft[field].trim()
  const people = draft.people.filter((each) => each.office.trim() !== '' || (each.name ?? '').trim() !== '')
  const body = { day: draft.day, people, track: draft.track, points: draft.points, findings, note: draft.note, reason }
  const common = { chain: draft.id, topic: 'visit', method: 'POST' as const }
  return [
    { ...common, key, title: titles.visit, path: `name-cases/${encodeURIComponent(draft.site.case_id)}/visits`, body },
    ...draft.photos.map((photo, i) => ({
      ...common, key: `${key}-${i + 1}`, title: titles.photo(i + 1), path: `name-visits/{${key}}/attachments`,
      file: { blob: photo.blob, name: `${i + 1}.jpg`, fields: { kind: 'photo', title: photo.title } },
    })),
  ]
}
