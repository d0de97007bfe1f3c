import type { Measure, SentField, SentLimit, SentType, TypeFault } from '../api/factypes.types'
import type { FieldKind, TabName, TypeChoice, TypeField } from '../api/standards.types'

/** A facility type as it stands in the form: nothing of it is left out. */

export interface FieldDraft {
  field: string
  zh: string
  en: string
  kind: FieldKind
  unit: string
  tab: TabName
  choices: TypeChoice[]
  min: number | null
  max: number | null
  at_most: string
  required: boolean
  door_page: boolean
  uncounted: boolean
  hint_zh: string
  hint_en: string
}

export interface LimitDraft {
  kind: 'minutes' | 'distance_m' | 'per'
  value: string
  grade: string
  cite_zh: string
  cite_en: string
}

export interface TypeDraft {
  type: string
  zh: string
  en: string
  group: string
  icon: string
  capacity_unit: string
  capacity_field: string
  serves: string
  measure: Measure
  door_page: boolean
  retired: boolean
  standards: string[]
  limits: LimitDraft[]
  fields: FieldDraft[]
  past_fields: FieldDraft[]
}

/** The English words; '' where the Chinese stand for them, which the server fills in. */
function own(sent: { zh?: string; en?: string }): string {
  return sent.en === sent.zh ? '' : (sent.en ?? '')
}

export function fieldDraft(sent: Partial<SentField> = {}): FieldDraft {
  return {
    field: sent.field ?? '',
    zh: sent.zh ?? '',
    en: own(sent),
    kind: sent.kind ?? 'text',
    unit: sent.unit ?? '',
    tab: sent.tab ?? 'service',
    choices: (sent.choices ?? []).map((each) => ({ value: each.value ?? '', zh: each.zh ?? '', en: own(each) })),
    min: sent.min ?? null,
    max: sent.max ?? null,
    at_most: sent.at_most ?? '',
    required: sent.required ?? false,
    door_page: sent.door_page ?? false,
    uncounted: sent.uncounted ?? false,
    hint_zh: sent.hint_zh ?? '',
    hint_en: sent.hint_en === sent.hint_zh ? '' : (sent.hint_en ?? ''),
  }
}

function limitDraft(sent: SentLimit): LimitDraft {
  const kind = sent.per ? 'per' : sent.distance_m ? 'distance_m' : 'minutes'
  return { kind, value: String(sent[kind] ?? ''), grade: sent.grade, cite_zh: sent.cite_zh, cite_en: sent.cite_en === sent.cite_zh ? '' : (sent.cite_en ?? '') }
}

export function typeDraft(sent: Partial<SentType> = {}): TypeDraft {
  return {
    type: sent.type ?? '',
    zh: sent.zh ?? '',
    en: own(sent),
    group: sent.group ?? '',
    icon: sent.icon ?? '',
    capacity_unit: sent.capacity_unit ?? '',
    capacity_field: sent.capacity_field ?? '',
    serves: sent.serves ?? '',
    measure: sent.measure ?? 'walk',
    door_page: sent.door_page ?? false,
    retired: sent.retired ?? false,
    standards: [...(sent.standards ?? [])],
    limits: (sent.limits ?? []).map(limitDraft),
    fields: (sent.fields ?? []).map(fieldDraft),
    past_fields: (sent.past_fields ?? []).map(fieldDraft),
  }
}

/** A new type with the fields that all types have: most people change its name, its group
 *  and its unit, and are done. */
export function emptyType(common: readonly SentField[]): TypeDraft {
  return typeDraft({
    zh: '', group: 'elderly', capacity_unit: 'persons', serves: 'elders', measure: 'walk', fields: [...common],
  })
}

/** A new type that is like another, under a name of its own. */
export function likeAnother(sent: SentType): TypeDraft {
  return { ...typeDraft(sent), type: '', zh: '', en: '', retired: false, past_fields: [] }
}

/** What of an object says something. */
function said<T extends object>(thing: T): T {
  return Object.fromEntries(
    Object.entries(thing).filter(([, value]) => value !== '' && value !== null && value !== false && !(Array.isArray(value) && value.length === 0)),
  ) as T
}

function sentField(draft: FieldDraft): SentField {
  const figure = isFigure(draft.kind)
  const chosen = draft.kind === 'choice' || draft.kind === 'choices'
  return said({
    ...draft,
    choices: chosen ? draft.choices.map((each) => said(each)) : [],
    unit: figure ? draft.unit : '',
    at_most: figure ? draft.at_most : '',
    min: figure ? draft.min : null,
    max: figure ? draft.max : null,
  }) as unknown as SentField
}

function sentLimit(draft: LimitDraft): SentLimit {
  const { kind, value, ...rest } = draft
  const figure = Math.round(Number(value))
  return said({ ...rest, [kind]: kind === 'per' ? value : Number.isFinite(figure) ? figure : 0 }) as unknown as SentLimit
}

/** A draft as it is sent whole. */
export function sentType(draft: TypeDraft): SentType {
  return {
    ...(said({ ...draft, limits: [], fields: [], past_fields: [] }) as unknown as SentType),
    zh: draft.zh,
    group: draft.group,
    capacity_unit: draft.capacity_unit,
    limits: draft.limits.map(sentLimit),
    fields: draft.fields.map(sentField),
    past_fields: draft.past_fields.map(sentField),
  }
}

const parts = [
  'zh', 'en', 'group', 'icon', 'capacity_unit', 'capacity_field', 'serves', 'measure', 'door_page', 'retired', 'standards', 'limits', 'fields', 'past_fields',
] as const
export type Part = (typeof parts)[number]

/** The parts of a type that two drafts have otherwise. */
export function changedParts(before: TypeDraft, after: TypeDraft): Part[] {
  return parts.filter((part) => JSON.stringify(before[part]) !== JSON.stringify(after[part]))
}

/** A merge patch: what of a draft is otherwise, what was emptied as its empty value. */
export function patchOf(before: TypeDraft, after: TypeDraft): Partial<SentType> {
  const sent = sentType(after)
  const empty: Partial<Record<Part, unknown>> = { door_page: false, retired: false, standards: [], limits: [], fields: [], past_fields: [] }
  return Object.fromEntries(changedParts(before, after).map((part) => [part, sent[part] ?? empty[part] ?? ''])) as Partial<SentType>
}

/** What two people did to one version of a type: mine over theirs, and the parts that both
 *  changed, each in its own way. */
export function mergeTypes(base: TypeDraft, mine: TypeDraft, theirs: TypeDraft): { merged: TypeDraft; both: Part[]; taken: Part[] } {
  const own = changedParts(base, mine)
  const others = changedParts(base, theirs)
  const merged = { ...theirs }
  for (const part of own) Object.assign(merged, { [part]: mine[part] })
  const both = own.filter((part) => others.includes(part) && JSON.stringify(mine[part]) !== JSON.stringify(theirs[part]))
  return { merged, both, taken: others.filter((part) => !own.includes(part)) }
}

export function isFigure(kind: FieldKind): boolean {
  return kind === 'integer' || kind === 'number' || kind === 'year'
}

/** Moves one of a list by some places, as far as there is room. */
export function moved<T>(list: readonly T[], at: number, by: number): T[] {
  const out = [...list]
  const to = at + by
  if (to < 0 || to >= out.length) return out
  const [one] = out.splice(at, 1)
  if (one !== undefined) out.splice(to, 0, one)
  return out
}

/** A field as the form of a record shows it. */
export function shownField(draft: FieldDraft, unit: { zh: string; en: string } | undefined): TypeField {
  const choices = draft.choices.map((each) => ({ ...each, value: each.value || each.zh, en: each.en || each.zh }))
  return { ...draft, choices, field: draft.field || draft.zh, en: draft.en || draft.zh, unit_zh: unit?.zh ?? '', unit_en: unit?.en ?? '' }
}

/** What is wrong at a place of the type or below it, e.g. 'fields/2'; what is only not
 *  filled in yet is not told before somebody tried. */
export function wrongAt(faults: readonly { pointer?: string; text: string; empty: boolean }[], at: string, tried: boolean): string {
  return faults
    .filter(({ pointer = '', empty }) => (tried || !empty) && (pointer === `#/${at}` || pointer.startsWith(`#/${at}/`)))
    .map(({ text }) => text)
    .join(' ')
}

/** Faults of a check in words. */
export function told(faults: readonly TypeFault[], lang: string): { pointer: string; text: string; empty: boolean }[] {
  return faults.map((each) => ({ pointer: each.pointer, text: lang === 'zh' ? each.zh : each.en, empty: each.value === '' }))
}
