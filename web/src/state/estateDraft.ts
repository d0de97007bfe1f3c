import type { Polygon } from 'geojson'
import type { EstateContent, EstatePaper, EstatePhase, EstateRoom } from '../api/estates.types'
import { isDay } from '../text/time'
import { remainingOf, type PartDraft } from './roomDraft'

/** What stands in the fields of the form of an estate: figures as they are typed. */
export interface EstateDraft extends Record<Text | Figure, string> {
  boundary: Polygon | null
  phases: PhaseDraft[]
  rooms: PlannedDraft[]
  conditions: PaperDraft
  plan: PaperDraft
  provided: string[]
  hasHub: boolean
  hub: { area: string; functions: string[] }
}

const texts = ['name', 'place_name_id', 'kind', 'division_code', 'developer', 'completed_on', 'note'] as const
export const counts = ['households', 'people', 'measured_people'] as const
export const areas = ['site_area', 'housing_floor', 'floor_above', 'floor_below'] as const
type Text = (typeof texts)[number]
type Figure = (typeof counts)[number] | (typeof areas)[number]

export interface PaperDraft {
  number: string
  day: string
  title: string
}

export interface PhaseDraft {
  /** of the form alone, so that a row stays the same while others come and go */
  key: number
  no: number
  name: string
  households: string
  housing_started_on: string
  housing_accepted_on: string
}

/** A planned room. */
export interface PlannedDraft {
  key: number
  id: string
  ledger_id: string
  /** only tried out: not meant to be built until somebody says so */
  trial: boolean
  name: string
  building: string
  floor: string
  room_no: string
  use: string
  parts: PartDraft[]
  area: string
  land_share: string
  phase: string
  own_entrance: Answer
  lift: Answer
  lon: string
  lat: string
  present_use: string
  started_on: string
  accepted_on: string
  handed_over_on: string
}

/** Yes, no, or nobody knows. */
export type Answer = '' | 'yes' | 'no'

const roomTexts = ['id', 'ledger_id', 'name', 'building', 'floor', 'room_no', 'use', 'present_use', 'started_on', 'accepted_on', 'handed_over_on'] as const
const roomDays = ['started_on', 'accepted_on', 'handed_over_on'] as const
const phaseDays = ['housing_started_on', 'housing_accepted_on'] as const

export type Wrong = 'required' | 'number' | 'count' | 'day' | 'coordinates' | 'over' | 'noArea' | 'phase'

const typed = (value: number | null | undefined): string => (value ? String(value) : '')
const answerOf = (value: boolean | null | undefined): Answer => (value === true ? 'yes' : value === false ? 'no' : '')
/** To a centimetre, which is more than anybody can point at. */
const degrees = (value: number): string => String(Number(value.toFixed(7)))
const truthOf = (answer: Answer): boolean | null => (answer === '' ? null : answer === 'yes')
const paperOf = (paper: EstatePaper | null | undefined): PaperDraft => ({ number: paper?.number ?? '', day: paper?.day ?? '', title: paper?.title ?? '' })

export function emptyEstate(): EstateDraft {
  return draftOfEstate({ name: '', kind: 'new' })
}

export function draftOfEstate(estate: EstateContent): EstateDraft {
  const words = Object.fromEntries(texts.map((key) => [key, estate[key] ?? ''])) as Record<Text, string>
  const figures = Object.fromEntries([...counts, ...areas].map((key) => [key, typed(estate[key])])) as Record<Figure, string>
  return {
    ...words,
    ...figures,
    boundary: estate.boundary ?? null,
    phases: (estate.phases ?? []).map(draftOfPhase),
    rooms: (estate.rooms ?? []).map(draftOfPlanned),
    conditions: paperOf(estate.conditions),
    plan: paperOf(estate.plan),
    provided: [...(estate.provided ?? [])].sort(),
    hasHub: Boolean(estate.hub),
    hub: { area: typed(estate.hub?.area), functions: [...(estate.hub?.functions ?? [])].sort() },
  }
}

function draftOfPhase(phase: EstatePhase, key: number): PhaseDraft {
  return {
    key,
    no: phase.no,
    name: phase.name ?? '',
    households: typed(phase.households),
    housing_started_on: phase.housing_started_on ?? '',
    housing_accepted_on: phase.housing_accepted_on ?? '',
  }
}

export function draftOfPlanned(room: EstateRoom, key: number): PlannedDraft {
  const words = Object.fromEntries(roomTexts.map((name) => [name, room[name] ?? ''])) as Record<(typeof roomTexts)[number], string>
  return {
    ...words,
    key,
    trial: false,
    parts: (room.parts ?? []).map((part) => ({ use: part.use, area_m2: typed(part.area), counts_for: part.counts_for ?? '' })),
    area: typed(room.area),
    land_share: typed(room.land_share),
    phase: typed(room.phase),
    own_entrance: answerOf(room.own_entrance),
    lift: answerOf(room.lift),
    lon: room.position ? degrees(room.position[0]) : '',
    lat: room.position ? degrees(room.position[1]) : '',
  }
}

/** A key that none of the rows has. */
export const freeKey = (rows: readonly { key: number }[]): number => rows.reduce((most, row) => Math.max(most, row.key), -1) + 1

export function emptyRoomIn(draft: EstateDraft): PlannedDraft {
  return draftOfPlanned({ phase: draft.phases.length === 1 ? 1 : null }, freeKey(draft.rooms))
}

/** The same room once more: where it stands and what it is for, not what was signed for it. */
export function copyOfRoom(draft: EstateDraft, room: PlannedDraft): PlannedDraft {
  return { ...structuredClone(room), key: freeKey(draft.rooms), id: '', ledger_id: '', room_no: '', lon: '', lat: '', present_use: '', accepted_on: '', handed_over_on: '' }
}

export function nextPhase(draft: EstateDraft): PhaseDraft {
  const no = draft.phases.reduce((most, phase) => Math.max(most, phase.no), 0) + 1
  return { key: freeKey(draft.phases), no, name: '', households: '', housing_started_on: '', housing_accepted_on: '' }
}

/** Without a phase: those after it move up, and rooms go with theirs; those of the phase
 *  have none. */
export function withoutPhase(draft: EstateDraft, no: number): Pick<EstateDraft, 'phases' | 'rooms'> {
  return {
    phases: draft.phases.filter((phase) => phase.no !== no).map((phase) => ({ ...phase, no: phase.no > no ? phase.no - 1 : phase.no })),
    rooms: draft.rooms.map((room) => {
      const of = Number(room.phase)
      return { ...room, phase: of === no ? '' : of > no ? String(of - 1) : room.phase }
    }),
  }
}

const AREA = /^\d{1,8}(\.\d{1,2})?$/
const COUNT = /^\d{1,7}$/

function figure(text: string, pattern: RegExp): number | null {
  const t = text.trim()
  if (t === '') return null
  return pattern.test(t) ? Number(t) : NaN
}

/** The planned households of phases that are told, and of the estate: true where both are
 *  known of every phase and differ. */
export function phasesDiffer(draft: EstateDraft): boolean {
  const all = figure(draft.households, COUNT)
  const parts = draft.phases.map((phase) => figure(phase.households, COUNT))
  if (all === null || parts.length === 0 || parts.some((n) => n === null)) return false
  return parts.reduce((sum: number, n) => sum + (n ?? 0), 0) !== all
}

/** What is wrong with a draft before it is sent, by the pointer of the field; the server
 *  knows more. */
export function checkEstate(draft: EstateDraft, reason: string): Record<string, Wrong> {
  const wrong: Record<string, Wrong> = {}
  if (draft.name.trim() === '') wrong['name'] = 'required'
  if (draft.kind === '') wrong['kind'] = 'required'
  if (draft.division_code === '' && !draft.boundary) wrong['division_code'] = 'required'
  for (const key of counts) if (Number.isNaN(figure(draft[key], COUNT))) wrong[key] = 'count'
  for (const key of areas) if (Number.isNaN(figure(draft[key], AREA))) wrong[key] = 'number'
  if (draft.completed_on !== '' && !isDay(draft.completed_on)) wrong['completed_on'] = 'day'
  draft.phases.forEach((phase, i) => checkPhase(phase, `phases/${i}`, wrong))
  const phases = draft.phases.map((phase) => phase.no)
  draft.rooms.forEach((room, i) => checkPlanned(room, phases, `rooms/${i}`, wrong))
  if (draft.hasHub && Number.isNaN(figure(draft.hub.area, AREA))) wrong['hub/area'] = 'number'
  if (reason.trim() === '') wrong['reason'] = 'required'
  return wrong
}

function checkPhase(phase: PhaseDraft, at: string, wrong: Record<string, Wrong>): void {
  if (Number.isNaN(figure(phase.households, COUNT))) wrong[`${at}/households`] = 'count'
  for (const day of phaseDays) if (phase[day] !== '' && !isDay(phase[day])) wrong[`${at}/${day}`] = 'day'
}

function checkPlanned(room: PlannedDraft, phases: readonly number[], at: string, wrong: Record<string, Wrong>): void {
  const area = figure(room.area, AREA)
  if (Number.isNaN(area)) wrong[`${at}/area`] = 'number'
  if (Number.isNaN(figure(room.land_share, AREA))) wrong[`${at}/land_share`] = 'number'
  const phase = figure(room.phase, COUNT)
  if (phase !== null && !phases.includes(phase)) wrong[`${at}/phase`] = 'phase'
  for (const day of roomDays) if (room[day] !== '' && !isDay(room[day])) wrong[`${at}/${day}`] = 'day'
  const [lon, lat] = [room.lon.trim(), room.lat.trim()]
  if ((lon === '') !== (lat === '') || (lon !== '' && !(Math.abs(Number(lon)) <= 180 && Math.abs(Number(lat)) <= 90))) wrong[`${at}/position`] = 'coordinates'
  if (room.parts.length > 0) {
    if (area === null || area === 0) wrong[`${at}/parts`] = 'noArea'
    else if (remainingOf(room.area, room.parts) < 0) wrong[`${at}/parts`] = 'over'
  }
  room.parts.forEach((part, i) => {
    if (part.use === '') wrong[`${at}/parts/${i}/use`] = 'required'
    if (!((figure(part.area_m2, AREA) ?? 0) > 0)) wrong[`${at}/parts/${i}/area`] = 'number'
  })
}

/** Whether everything that is typed can be read: a draft that lacks a name or a reason can
 *  be checked against the rules all the same. */
export function readable(draft: EstateDraft): boolean {
  return Object.values(checkEstate(draft, 'x')).every((wrong) => wrong === 'required' || wrong === 'noArea' || wrong === 'over')
}

const paperContent = (paper: PaperDraft): EstatePaper | null => {
  const [number, title] = [paper.number.trim(), paper.title.trim()]
  return number === '' && title === '' && paper.day === '' ? null : { number, day: paper.day || null, title }
}

function roomContent(room: PlannedDraft): EstateRoom {
  const { id, ledger_id, ...words } = Object.fromEntries(roomTexts.map((key) => [key, room[key].trim()])) as Record<(typeof roomTexts)[number], string>
  const days = Object.fromEntries(roomDays.map((day) => [day, room[day] || null]))
  return {
    ...(id ? { id } : {}),
    ...(ledger_id ? { ledger_id } : {}),
    ...words,
    ...days,
    parts: room.parts.map((part) => ({ use: part.use, area: figure(part.area_m2, AREA) ?? 0, counts_for: part.counts_for })),
    area: figure(room.area, AREA) ?? 0,
    land_share: figure(room.land_share, AREA) ?? 0,
    phase: figure(room.phase, COUNT) ?? 0,
    own_entrance: truthOf(room.own_entrance),
    lift: truthOf(room.lift),
    position: room.lon.trim() === '' ? null : [Number(room.lon), Number(room.lat)],
  }
}

/** A draft without faults, whole: a number that is empty is 0, which says that nobody knows;
 *  whatever else is empty is null. */
export function contentOfEstate(draft: EstateDraft): Required<EstateContent> {
  return {
    name: draft.name.trim(),
    place_name_id: draft.place_name_id.trim(),
    kind: draft.kind,
    division_code: draft.division_code,
    boundary: draft.boundary,
    developer: draft.developer.trim(),
    completed_on: draft.completed_on || null,
    ...(Object.fromEntries(counts.map((key) => [key, figure(draft[key], COUNT) ?? 0])) as Record<(typeof counts)[number], number>),
    ...(Object.fromEntries(areas.map((key) => [key, figure(draft[key], AREA) ?? 0])) as Record<(typeof areas)[number], number>),
    phases: draft.phases.map((phase) => ({
      no: phase.no,
      name: phase.name.trim(),
      households: figure(phase.households, COUNT) ?? 0,
      housing_started_on: phase.housing_started_on || null,
      housing_accepted_on: phase.housing_accepted_on || null,
    })),
    rooms: draft.rooms.map(roomContent),
    conditions: paperContent(draft.conditions),
    plan: paperContent(draft.plan),
    provided: [...draft.provided].sort(),
    hub: draft.hasHub ? { area: figure(draft.hub.area, AREA) ?? 0, functions: [...draft.hub.functions].sort() } : null,
    note: draft.note.trim(),
  }
}
