import type { Part, RoomContent } from '../api/premises.types'

/** What stands in the fields of the form of a room: figures as they are typed. */
export interface RoomDraft {
  ledger_no: string
  name: string
  estate: string
  building: string
  floor: string
  room_no: string
  address: string
  division_code: string
  lon: string
  lat: string
  owner: string
  title: string
  approved_use: string
  present_use: string
  area_m2: string
  land_share_m2: string
  parts: PartDraft[]
  state: string
  planned_on: string
  built_on: string
  accepted_on: string
  handed_over_on: string
  withdrawn_on: string
  key_holder: string
  key_contact: string
  facility_id: string
  obtained_by: string
  documents: string
  note: string
}

export interface PartDraft {
  use: string
  area_m2: string
  counts_for: string
}

export type Wrong = 'required' | 'number' | 'coordinates' | 'over' | 'noArea'

const texts = [
  'ledger_no',
  'name',
  'estate',
  'building',
  'floor',
  'room_no',
  'address',
  'division_code',
  'owner',
  'title',
  'approved_use',
  'present_use',
  'state',
  'planned_on',
  'built_on',
  'accepted_on',
  'handed_over_on',
  'withdrawn_on',
  'key_holder',
  'key_contact',
  'facility_id',
  'obtained_by',
  'note',
] as const

/** The days on which each state was reached, in the order of a room's life. */
export const milestones = ['planned_on', 'built_on', 'accepted_on', 'handed_over_on', 'withdrawn_on'] as const
const reaches: Record<string, number> = { planned: 1, built: 2, accepted: 3, handed_over: 4, disputed: 4, withdrawn: 5 }

/** The days that a room in a state may have. */
export function daysOf(state: string): (typeof milestones)[number][] {
  return milestones.slice(0, reaches[state] ?? 0)
}

export function emptyRoom(): RoomDraft {
  return draftOfRoom({ name: '', state: 'handed_over' })
}

function typed(value: number | null | undefined): string {
  return value === null || value === undefined || value === 0 ? '' : String(value)
}

export function draftOfRoom(room: RoomContent): RoomDraft {
  const draft = Object.fromEntries(texts.map((key) => [key, room[key] ?? ''])) as unknown as RoomDraft
  draft.lon = room.lon === null || room.lon === undefined ? '' : String(room.lon)
  draft.lat = room.lat === null || room.lat === undefined ? '' : String(room.lat)
  draft.area_m2 = typed(room.area_m2)
  draft.land_share_m2 = typed(room.land_share_m2)
  draft.parts = (room.parts ?? []).map((part) => ({ use: part.use, area_m2: typed(part.area_m2), counts_for: part.counts_for ?? '' }))
  draft.documents = (room.documents ?? []).join('\n')
  return draft
}

const AREA = /^\d{1,7}(\.\d{1,2})?$/

function areaOf(text: string): number {
  const t = text.trim()
  if (t === '') return 0
  return AREA.test(t) ? Number(t) : NaN
}

/** Hundredths of a square metre, so that sums are exact; NaN for what is no area. */
function hundredths(text: string): number {
  return Math.round(areaOf(text) * 100)
}

/** What no part has, in square metres; below nothing where the parts are more than the
 *  room. NaN while something is no number. */
export function remainingOf(area: string, parts: readonly PartDraft[]): number {
  return parts.reduce((left, part) => left - hundredths(part.area_m2), hundredths(area)) / 100
}

/** What is wrong with a draft before it is sent; the server knows more. */
export function checkRoom(draft: RoomDraft, reason: string): Record<string, Wrong> {
  const wrong: Record<string, Wrong> = {}
  if (draft.name.trim() === '') wrong['name'] = 'required'
  if (draft.state === '') wrong['state'] = 'required'
  if (Number.isNaN(areaOf(draft.area_m2))) wrong['area_m2'] = 'number'
  if (Number.isNaN(areaOf(draft.land_share_m2))) wrong['land_share_m2'] = 'number'
  const lon = draft.lon.trim()
  const lat = draft.lat.trim()
  if ((lon === '') !== (lat === '') || (lon !== '' && !(Math.abs(Number(lon)) <= 180 && Math.abs(Number(lat)) <= 90))) wrong['point'] = 'coordinates'
  if (lon === '' && lat === '' && draft.division_code === '') wrong['division_code'] = 'required'
  if (draft.parts.length > 0) {
    if (areaOf(draft.area_m2) === 0) wrong['parts'] = 'noArea'
    else if (remainingOf(draft.area_m2, draft.parts) < 0) wrong['parts'] = 'over'
  }
  draft.parts.forEach((part, i) => {
    if (part.use === '') wrong[`parts/${i}/use`] = 'required'
    if (!(areaOf(part.area_m2) > 0)) wrong[`parts/${i}/area_m2`] = 'number'
  })
  if (reason.trim() === '') wrong['reason'] = 'required'
  return wrong
}

/** A draft without faults, whole: what is empty is empty. */
export function contentOfRoom(draft: RoomDraft): Required<RoomContent> {
  const placed = draft.lon.trim() !== ''
  return {
    ...(Object.fromEntries(texts.map((key) => [key, draft[key].trim()])) as unknown as Required<RoomContent>),
    lon: placed ? Number(draft.lon) : null,
    lat: placed ? Number(draft.lat) : null,
    area_m2: areaOf(draft.area_m2),
    land_share_m2: areaOf(draft.land_share_m2),
    parts: draft.parts.map((part): Part => ({ use: part.use, area_m2: areaOf(part.area_m2), counts_for: part.counts_for })),
    documents: draft.documents
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  }
}

/** The fields in which a draft differs from what it began as. A position that is moved
 *  decides the division, unless that was chosen too. */
export function patchOfRoom(before: RoomDraft, after: RoomDraft): Partial<RoomContent> {
  const a = contentOfRoom(before)
  const b = contentOfRoom(after)
  const patch: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(b)) {
    if (JSON.stringify(value) !== JSON.stringify(a[key as keyof RoomContent])) patch[key] = value
  }
  if ('lon' in patch || 'lat' in patch) {
    patch['lon'] = b.lon
    patch['lat'] = b.lat
  }
  return patch
}
