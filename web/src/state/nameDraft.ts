import type { Geometry } from 'geojson'
import type { NameCodes, NameContent, NameDecision, NameExtent, NameHeritage, NameKind, NameSize } from '../api/names.types'
import { isDay } from '../text/time'
import { partsMake, splitName, type NameParts } from './nameParts'

/** What stands in the fields of the form of a place name: figures as they are typed. Pure. */
export interface NameDraft extends Record<Text, string> {
  /** in which it begins; that of a record changes by moves only */
  state: string
  parts: NameParts
  readings: string[]
  divisions: DivisionDraft[]
  famous: Answer
  important: Answer
  geometry: Geometry | null
  extent: Required<NameExtent>
  size: Record<Measure, string>
  aliases: AliasDraft[]
  former: FormerDraft[]
  decision: DecisionDraft
  hasHeritage: boolean
  heritage: Required<NameHeritage>
  reuses: { id: string; reason: string }
}

const texts = ['text', 'roman', 'kind', 'built_up_area', 'origin', 'meaning', 'planned', 'parent_id', 'host_id', 'note'] as const
type Text = (typeof texts)[number]

export const measures = ['length_m', 'width_m', 'site_m2', 'floor_m2', 'housing_m2', 'open_m2', 'height_m', 'floors', 'green_pct'] as const
export type Measure = (typeof measures)[number]

/** Yes, no, or nobody knows. */
export type Answer = '' | 'yes' | 'no'

/** A row with a key of the form alone, so that it stays the same while others come and go. */
interface Row {
  key: number
}
export type DivisionDraft = Row & { code: string }
export type AliasDraft = Row & { text: string; kind: string; note: string }
export type FormerDraft = Row & { text: string; roman: string; from: string; until: string; decision: DecisionDraft }
export type DecisionDraft = Record<'kind' | 'number' | 'day' | 'body' | 'title', string>

export type Wrong = 'required' | 'number' | 'count' | 'percent' | 'day' | 'over' | 'parts' | 'repeated' | 'long' | 'spaces' | 'order' | 'self'

/** The longest texts, in characters. */
export const LONGEST_NAME = 30
export const LONGEST_TEXT = 2000

export const noDecision = (kind = ''): DecisionDraft => ({ kind, number: '', day: '', body: '', title: '' })

export const decisionDraft = (of: NameDecision | null | undefined): DecisionDraft => ({
  kind: of?.kind ?? '', number: of?.number ?? '', day: of?.day ?? '', body: of?.body ?? '', title: of?.title ?? '',
})

/** A document as it is sent: one of no kind is none. */
export const decisionSent = (draft: DecisionDraft): NameDecision => ({ ...trimmed(draft), kind: draft.kind || null })

const noHeritage = { list: '', level: '', since: '', reason: '', measures: '' }
const noParts: NameParts = { specific: '', modifier: '', generic: '', confirmed: false }

const answerOf = (value: boolean | null | undefined): Answer => (value === true ? 'yes' : value === false ? 'no' : '')
const truthOf = (answer: Answer): boolean | null => (answer === '' ? null : answer === 'yes')
const typed = (value: number | null | undefined): string => (value ? String(value) : '')
const figureOf = (text: string): number => (text.trim() === '' ? 0 : Number(text.trim().replaceAll(/[,\s]/g, '')))

/** Characters, also those that take two units. */
export const characters = (text: string): number => [...text].length

export function emptyName(): NameDraft {
  return { ...draftOfName({ decision: { kind: 'observed' } }), state: 'customary' }
}

export function draftOfName(name: Partial<NameContent> & { state?: string }): NameDraft {
  const words = Object.fromEntries(texts.map((key) => [key, name[key] ?? ''])) as Record<Text, string>
  const size: Partial<NameSize> = name.size ?? {}
  return {
    ...words,
    state: name.state ?? '',
    parts: { specific: name.specific ?? '', modifier: name.modifier ?? '', generic: name.generic ?? '', confirmed: name.parts_confirmed ?? false },
    readings: [...(name.readings ?? [])],
    divisions: (name.divisions?.length ? name.divisions : ['']).map((code, key) => ({ key, code })),
    famous: answerOf(name.famous),
    important: answerOf(name.important),
    geometry: name.geometry ?? null,
    extent: { from: '', to: '', via: '', position: '', ...name.extent },
    // A green ratio of none is known, a length of none is not.
    size: Object.fromEntries(measures.map((key) => [key, key === 'green_pct' ? (size.green_pct?.toString() ?? '') : typed(size[key])])) as Record<Measure, string>,
    aliases: (name.aliases ?? []).map((alias, key) => ({ key, ...alias, note: alias.note ?? '' })),
    former: (name.former ?? []).map((former, key) => ({
      key, text: former.text, roman: former.roman ?? '', from: former.from ?? '', until: former.until ?? '', decision: decisionDraft(former.decision),
    })),
    decision: decisionDraft(name.decision),
    hasHeritage: Boolean(name.heritage),
    heritage: { ...noHeritage, ...name.heritage },
    reuses: { id: name.reuses?.id ?? '', reason: name.reuses?.reason ?? '' },
  }
}

const trimmed = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).map(([key, each]) => [key, typeof each === 'string' ? each.trim() : each])) as T

/** What is sent of a draft. */
export function contentOfName(draft: NameDraft): NameContent {
  const words = trimmed(Object.fromEntries(texts.map((key) => [key, draft[key]]))) as Record<Text, string>
  const sizes = Object.fromEntries(measures.map((key) => [key, figureOf(draft.size[key])])) as unknown as NameSize
  const parts = partsMake(draft.parts, words.text) ? draft.parts : noParts
  return {
    ...words,
    specific: parts.specific,
    modifier: parts.modifier,
    generic: parts.generic,
    parts_confirmed: parts.confirmed,
    readings: [...draft.readings],
    divisions: draft.divisions.map((row) => row.code).filter((code) => code !== ''),
    famous: truthOf(draft.famous),
    important: truthOf(draft.important),
    geometry: draft.geometry,
    extent: trimmed(draft.extent),
    size: { ...sizes, green_pct: draft.size.green_pct.trim() === '' ? null : sizes.green_pct },
    aliases: draft.aliases.map(({ text, kind, note }) => trimmed({ text, kind, note })),
    former: draft.former.map(({ text, roman, from, until, decision }) => ({ ...trimmed({ text, roman, from, until }), decision: decisionSent(decision) })),
    decision: decisionSent(draft.decision),
    heritage: draft.hasHeritage ? trimmed(draft.heritage) : null,
    reuses: draft.reuses.id === '' ? null : trimmed(draft.reuses),
  }
}

/** A key that no row has. */
export const freeKey = (rows: readonly Row[]): number => rows.reduce((most, row) => Math.max(most, row.key), -1) + 1

/** The kind of a code, with its class. */
export function kindOf(codes: NameCodes | null, code: string): NameKind | undefined {
  return codes?.classes.flatMap((each) => each.kinds).find((kind) => kind.code === code)
}

/** Takes a name and works its parts out anew; what somebody set by hand stays while it makes
 *  the name, and readings were those of the name before. */
export function withText(draft: NameDraft, text: string, kind: NameKind | undefined): Pick<NameDraft, 'text' | 'parts' | 'readings'> {
  const parts = draft.parts.confirmed && partsMake(draft.parts, text) ? draft.parts : (splitName(text, kind)[0] ?? noParts)
  return { text, parts, readings: text === draft.text ? draft.readings : [] }
}

/** What is wrong with a draft, by the pointer of its field, as far as the form can tell. */
export function checkName(draft: NameDraft, reason: string): Record<string, Wrong> {
  const wrong: Record<string, Wrong> = {}
  const need = (pointer: string, value: string): void => {
    if (value.trim() === '') wrong[pointer] = 'required'
  }
  const day = (pointer: string, value: string): void => {
    if (value !== '' && !isDay(value)) wrong[pointer] = 'day'
  }
  need('text', draft.text)
  if (/\s/.test(draft.text.trim())) wrong['text'] = 'spaces'
  if (characters(draft.text.trim()) > LONGEST_NAME) wrong['text'] = 'long'
  need('kind', draft.kind)
  need('reason', reason)
  if (draft.text.trim() !== '' && !partsMake(draft.parts, draft.text.trim())) wrong['parts'] = 'parts'
  checkDivisions(draft, wrong)
  checkSizes(draft, wrong)
  draft.aliases.forEach((alias, i) => {
    need(`aliases/${i}/text`, alias.text)
    if (alias.text.trim() !== '' && alias.text.trim() === draft.text.trim()) wrong[`aliases/${i}/text`] = 'self'
    need(`aliases/${i}/kind`, alias.kind)
  })
  draft.former.forEach((former, i) => {
    need(`former/${i}/text`, former.text)
    day(`former/${i}/from`, former.from)
    day(`former/${i}/until`, former.until)
    if (former.from !== '' && former.until !== '' && former.until < former.from) wrong[`former/${i}/until`] = 'order'
    checkDecision(former.decision, `former/${i}/decision`, wrong)
  })
  if (needsDecision(draft.state)) checkDecision(draft.decision, 'decision', wrong)
  if (draft.hasHeritage) {
    need('heritage/list', draft.heritage.list)
    day('heritage/since', draft.heritage.since)
  }
  return wrong
}

/** Whether a record of this state rests on a document. */
export const needsDecision = (state: string): boolean => ['approved', 'contested', 'customary', 'retired', 'annulled'].includes(state)

function checkDivisions(draft: NameDraft, wrong: Record<string, Wrong>): void {
  // Without one it follows from where the place is drawn.
  if (!draft.geometry && draft.divisions.every((row) => row.code === '')) wrong['divisions'] = 'required'
  draft.divisions.forEach((row, i) => {
    if (row.code !== '' && draft.divisions.slice(0, i).some((before) => before.code === row.code)) wrong[`divisions/${i}`] = 'repeated'
  })
}

function checkSizes(draft: NameDraft, wrong: Record<string, Wrong>): void {
  for (const key of measures) {
    const value = figureOf(draft.size[key])
    if (!Number.isFinite(value) || value < 0) wrong[`size/${key}`] = 'number'
  }
  if (!wrong['size/floors'] && !Number.isInteger(figureOf(draft.size.floors))) wrong['size/floors'] = 'count'
  if (figureOf(draft.size.green_pct) > 100) wrong['size/green_pct'] = 'percent'
  const [housing, floor] = [figureOf(draft.size.housing_m2), figureOf(draft.size.floor_m2)]
  if (floor > 0 && housing > floor) wrong['size/housing_m2'] = 'over'
}

/** What was found in use says where; a decision has its number, authority and day. */
export function checkDecision(decision: DecisionDraft, pointer: string, wrong: Record<string, Wrong>): void {
  const needed = decision.kind === 'observed' ? (['title'] as const) : (['number', 'body', 'day'] as const)
  if (decision.kind === '') wrong[`${pointer}/kind`] = 'required'
  for (const key of needed) if (decision[key].trim() === '') wrong[`${pointer}/${key}`] = 'required'
  if (decision.day !== '' && !isDay(decision.day)) wrong[`${pointer}/day`] = 'day'
}
