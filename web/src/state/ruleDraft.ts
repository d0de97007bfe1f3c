import type { LocalRule, RuleContent, RuleForm } from '../api/estateRules.types'

/** A rule as it is typed. */
export interface RuleDraft {
  kind: 'norm' | 'waiver'
  division: string
  title_zh: string
  title_en: string
  from: string
  until: string
  form: string
  value: string
  upper: string
  strict: boolean
  tiers: { below: string; value: string }[]
  elements: string[]
  applies: string
  setting: string
  people: string
  waives: string
  severity: string
  grade: string
  sentence: string
  sentence_en: string
  document: { title: string; number: string; issuer: string; day: string }
  read_by: string
  read_on: string
  note: string
  replaces: string
}

/** A form that nothing is filled in of, for the whole district. */
export function emptyRule(kind: 'norm' | 'waiver', district: string, waives: string): RuleDraft {
  return {
    kind, division: district, title_zh: '', title_en: '', from: '', until: '', form: kind === 'norm' ? 'community_per_100' : '', value: '', upper: '', strict: false,
    tiers: [{ below: '30000', value: '' }, { below: '', value: '' }], elements: [], applies: '', setting: '', people: '', waives, severity: 'warning', grade: 'R',
    sentence: '', sentence_en: '', document: { title: '', number: '', issuer: '', day: '' }, read_by: '', read_on: '', note: '', replaces: '',
  }
}

const text = (value: number | undefined): string => (value === undefined ? '' : String(value))

/** A rule as its form is filled in again; `replacing` takes it as the beginning of the one
 *  that replaces it. */
export function ruleDraft(rule: LocalRule, replacing = false): RuleDraft {
  const c = rule.content
  const blank = emptyRule(c.kind, c.division, c.waives ?? '')
  return {
    ...blank,
    title_zh: c.title_zh ?? '', title_en: c.title_en ?? '', from: replacing ? '' : (c.from ?? ''), until: replacing ? '' : (c.until ?? ''), form: c.form ?? '',
    value: text(c.value), upper: text(c.upper), strict: c.strict ?? false,
    tiers: c.tiers && c.tiers.length > 0 ? c.tiers.map((tier) => ({ below: tier.below === null ? '' : String(tier.below), value: String(tier.value) })) : blank.tiers,
    elements: c.elements ?? [], applies: c.applies ?? '', setting: c.setting ?? '', people: c.from_people ? String(c.from_people) : '', severity: c.severity ?? '', grade: c.grade ?? '',
    sentence: c.sentence ?? '', sentence_en: c.sentence_en ?? '',
    document: { title: c.source?.title ?? '', number: c.source?.number ?? '', issuer: c.source?.issuer ?? '', day: c.source?.day ?? '' },
    read_by: c.read_by ?? '', read_on: c.read_on ?? '', note: c.note ?? '', replaces: replacing ? rule.id : (c.replaces ?? ''),
  }
}

/** A number that somebody typed; -1, which nothing takes, for what is none. */
function figure(typed: string): number {
  const n = Number(typed.replaceAll(',', '').replaceAll('，', '').trim())
  return typed.trim() !== '' && Number.isFinite(n) ? n : -1
}

/** What is sent: only what the form asks for. */
export function sentRule(d: RuleDraft, form: RuleForm | undefined): RuleContent {
  const out: RuleContent = { kind: d.kind, division: d.division }
  const put = (key: 'title_zh' | 'title_en' | 'from' | 'until' | 'sentence' | 'sentence_en' | 'read_by' | 'read_on' | 'note' | 'replaces', value: string): void => {
    if (value.trim() !== '') out[key] = value.trim()
  }
  for (const key of ['title_zh', 'title_en', 'from', 'until', 'sentence', 'sentence_en', 'read_by', 'read_on', 'note', 'replaces'] as const) put(key, d[key])
  const source = Object.fromEntries(Object.entries(d.document).map(([key, value]) => [key, value.trim()]).filter(([, value]) => value !== ''))
  if (Object.keys(source).length > 0) out.source = source
  if (d.kind === 'waiver') return { ...out, waives: d.waives }
  out.form = d.form
  out.severity = d.severity
  out.grade = d.grade
  const parameter = form?.parameter
  if (parameter === 'at_least' || parameter === 'at_most' || parameter === 'between' || parameter === 'from') out.value_text = d.value.trim()
  if (parameter === 'between') out.upper_text = d.upper.trim()
  if (parameter === 'tiers') out.tiers = d.tiers.map((tier, i) => ({ below: i === d.tiers.length - 1 ? null : figure(tier.below), value: figure(tier.value) }))
  if (parameter === 'elements') out.elements = d.elements
  if (d.strict && parameter !== 'elements' && parameter !== 'none' && parameter !== 'from') out.strict = true
  if (form?.kinds && d.applies) out.applies = d.applies
  if (form?.settings && d.setting) out.setting = d.setting
  if (form?.people && d.people.trim() !== '') out.from_people = Math.max(0, Math.trunc(figure(d.people)))
  return out
}
