import { describe, expect, it } from 'vitest'
import type { NameContent } from '../api/names.types'
import { checkDecision, checkName, contentOfName, draftOfName, emptyName, freeKey, needsDecision, noDecision, withText, type NameDraft, type Wrong } from './nameDraft'

const road = { code: 'road', zh: '道路', en: 'road', geometries: ['line', 'area'], generics: ['路', '大道'] }

const content: NameContent = {
  text: '长安北路', specific: '长安', modifier: '北', generic: '路', parts_confirmed: true, roman: 'Changʼan Beilu', readings: ['cháng', 'ān', 'běi', 'lù'], kind: 'road',
  divisions: ['120111001', '120111002'], built_up_area: '主城区', famous: null, important: true,
  geometry: { type: 'LineString', coordinates: [[117, 39], [117.01, 39]] },
  extent: { from: '沣东大道', to: '北环路', via: '', position: '' },
  size: { length_m: 1200, width_m: 40, site_m2: 0, floor_m2: 0, housing_m2: 0, open_m2: 0, height_m: 0, floors: 0, green_pct: 0 },
  origin: '旧名', meaning: '长治久安', aliases: [{ text: '北大街', kind: 'colloquial', note: '' }],
  former: [{ text: '北马路', roman: '', from: '1950-01-01', until: '1984-05-01', decision: { kind: 'renaming', number: '3 号', day: '1984-05-01', body: '区政府', title: '' } }],
  decision: { kind: 'renaming', number: '3 号', day: '1984-05-01', body: '区政府', title: '' },
  heritage: { list: '第一批', level: '', since: '', reason: '', measures: '' }, planned: '', parent_id: '', host_id: 'h', reuses: null, note: '',
}

const fine = (): NameDraft => ({ ...draftOfName(content), state: 'approved' })
const wrong = (change: Partial<NameDraft>): Record<string, Wrong> => checkName({ ...fine(), ...change }, '补录')

describe('the draft of a place name', () => {
  it('comes back as it was, and a green ratio of nothing is not one that nobody knows', () => {
    expect(contentOfName(draftOfName(content))).toEqual(content)
    expect(contentOfName(draftOfName({ ...content, size: {} })).size.green_pct).toBeNull()
    expect(contentOfName(draftOfName({ ...content, heritage: null, reuses: { id: 'r', reason: 'x' } }))).toMatchObject({ heritage: null, reuses: { id: 'r', reason: 'x' } })
  })

  it('is empty for a new one, which was found in use', () => {
    const empty = emptyName()
    expect(empty).toMatchObject({ text: '', state: 'customary', divisions: [{ key: 0, code: '' }], decision: { kind: 'observed' } })
    expect(contentOfName(empty)).toMatchObject({ divisions: [], aliases: [], former: [], heritage: null, famous: null, geometry: null })
  })

  it('sends a document of no kind as none, and text without the space around it', () => {
    expect(contentOfName({ ...fine(), decision: noDecision(), meaning: ' 含义 ' })).toMatchObject({ decision: { kind: null }, meaning: '含义' })
    expect(contentOfName({ ...fine(), size: { ...fine().size, length_m: ' 1,234.5 ' } }).size.length_m).toBe(1234.5)
  })

  it('works its parts out while the name is typed, and keeps what somebody set', () => {
    const typed = withText(emptyName(), '沣东大道', road)
    expect(typed.parts).toMatchObject({ specific: '沣东', generic: '大道', confirmed: false })
    const draft = { ...fine(), parts: { specific: '长安北', modifier: '', generic: '路', confirmed: true } }
    expect(withText(draft, '长安北路', road)).toMatchObject({ parts: { specific: '长安北' }, readings: content.readings })
    expect(withText(draft, '长安南路', road)).toMatchObject({ parts: { specific: '长安', modifier: '南' }, readings: [] })
    expect(withText(draft, '', undefined).parts).toMatchObject({ specific: '', generic: '' })
  })
})

describe('the check of the form', () => {
  it('lets a whole record through', () => {
    expect(wrong({})).toEqual({})
    expect(checkName(fine(), ' ')).toEqual({ reason: 'required' })
  })

  it.each<[string, Partial<NameDraft>, Record<string, Wrong>]>([
    ['nothing', { text: '' }, { text: 'required' }],
    ['a space within', { text: '长安 北路', parts: { specific: '长安 ', modifier: '北', generic: '路', confirmed: true } }, { text: 'spaces' }],
    ['31 characters of two units', { text: '𬭚'.repeat(31), parts: { specific: '𬭚'.repeat(31), modifier: '', generic: '', confirmed: true } }, { text: 'long' }],
    ['30 of them', { text: '𬭚'.repeat(30), parts: { specific: '𬭚'.repeat(30), modifier: '', generic: '', confirmed: true } }, {}],
    ['parts that do not make it', { parts: { specific: '长', modifier: '', generic: '路', confirmed: true } }, { parts: 'parts' }],
    ['no kind', { kind: '' }, { kind: 'required' }],
    ['no division and no shape', { divisions: [{ key: 0, code: '' }], geometry: null }, { divisions: 'required' }],
    ['no division but a shape', { divisions: [{ key: 0, code: '' }] }, {}],
    ['a division twice', { divisions: [{ key: 0, code: 'a' }, { key: 1, code: 'a' }] }, { 'divisions/1': 'repeated' }],
    ['an alias without a name', { aliases: [{ key: 0, text: '', kind: 'short', note: '' }] }, { 'aliases/0/text': 'required' }],
    ['an alias that is the name', { aliases: [{ key: 0, text: '长安北路', kind: 'short', note: '' }] }, { 'aliases/0/text': 'self' }],
    ['a former name that ends before it begins', { former: [{ key: 0, text: '甲', roman: '', from: '1990-01-01', until: '1980-01-01', decision: { ...noDecision('observed'), title: '旧图' } }] }, { 'former/0/until': 'order' }],
    ['a document without its number', { decision: { ...fine().decision, number: '' } }, { 'decision/number': 'required' }],
    ['protection without a list', { heritage: { list: '', level: '', since: '', reason: '', measures: '' } }, { 'heritage/list': 'required' }],
  ])('says what is wrong with %s', (_, change, want) => {
    expect(wrong(change)).toEqual(want)
  })

  it('reads figures', () => {
    const sizes = (change: Partial<NameDraft['size']>) => wrong({ size: { ...fine().size, ...change } })
    expect(sizes({ length_m: 'a' })).toEqual({ 'size/length_m': 'number' })
    expect(sizes({ width_m: '-1' })).toEqual({ 'size/width_m': 'number' })
    expect(sizes({ floors: '1.5' })).toEqual({ 'size/floors': 'count' })
    expect(sizes({ green_pct: '101' })).toEqual({ 'size/green_pct': 'percent' })
    expect(sizes({ floor_m2: '10', housing_m2: '11' })).toEqual({ 'size/housing_m2': 'over' })
  })

  it('asks what was found in use where, and a decision for all of it', () => {
    const found: Record<string, Wrong> = {}
    checkDecision(noDecision('observed'), 'decision', found)
    checkDecision({ ...noDecision('naming'), day: '2020-13-01' }, 'd', found)
    checkDecision(noDecision(), 'e', found)
    expect(found).toMatchObject({ 'decision/title': 'required', 'd/number': 'required', 'd/body': 'required', 'd/day': 'day', 'e/kind': 'required' })
    expect(needsDecision('draft')).toBe(false)
    expect(checkName({ ...fine(), state: 'draft', decision: noDecision() }, 'x')).toEqual({})
  })

  it('gives rows keys of their own', () => {
    expect(freeKey([])).toBe(0)
    expect(freeKey([{ key: 4 }, { key: 2 }])).toBe(5)
  })
})
