import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Reach } from '../state/reach'
import { en } from '../text/en'
import { zh } from '../text/zh'
import type { Group } from './layers'
import { printLegend, unprinted, type LegendOf } from './printLegend'

// Nothing is drawn here: a picture is what it was asked for.
vi.mock('./images', () => ({ plateImage: () => 'plate' }))
vi.mock('./paperImages', () => ({ estateSign: (conclusion: string) => `estate-${conclusion}`, nameSign: (kind: string) => `name-${kind}` }))

beforeEach(() => {
  const canvas = () => {
    let shown: unknown = ''
    return { getContext: () => ({ putImageData: (data: unknown) => (shown = data) }), toDataURL: () => `data:image/png;base64,${String(shown)}` }
  }
  vi.stubGlobal('document', { createElement: canvas })
})

const groupsOff = (...shown: Group[]) => new Set((['divisions', 'labels', 'gaps', 'circles', 'people', 'facilities', 'others', 'estates', 'names'] as const).filter((each) => !shown.includes(each)))

const base: LegendOf = {
  look: { lang: 'zh', band: 0, limitS: 900, type: 'elderly_canteen', level: 'community', figures: new Map(), mark: '', selected: null, baseMap: false },
  hidden: groupsOff('estates', 'names'),
  zoom: 15,
  reach: {} as Reach,
  byDivision: false,
  streets: false,
  bandText: '',
  typeTitle: '',
  grey: false,
  names: 'all',
  unplaced: 0,
  trial: false,
}

describe('the legend of a print', () => {
  it('says how estates and place names are told apart', () => {
    const signs = printLegend(zh, base)
    expect(signs.filter((sign) => sign.kind === 'picture').map((sign) => [sign.png, sign.zh])).toEqual([
      ['estate-compliant', '合标'],
      ['estate-not_compliant', '不合标'],
      ['estate-open', '待定'],
      ['estate-built', '已建成小区'],
      ['name-approved', '标准地名'],
      ['name-customary', '在用未审定'],
      ['name-pending', '申报、预留'],
    ])
    expect(signs.map((sign) => sign.zh)).toContain('◆ 列入保护名录')
    expect(signs.map((sign) => sign.zh)).not.toContain('图上未印')
  })

  it('says nothing of what is hidden', () => {
    expect(printLegend(zh, { ...base, hidden: groupsOff(), names: 'hidden', unplaced: 7 })).toEqual([])
    expect(unprinted(zh, { ...base, hidden: groupsOff(), names: 'hidden', unplaced: null })).toEqual([])
  })

  it.each<[string, Partial<LegendOf>, string]>([
    ['estates that nobody drew', { unplaced: 3 }, '没有画出位置的小区：全区 3 个'],
    ['estates that could not be read', { unplaced: null }, '新建小区：没有读到'],
    ['a scale that is too small for names', { names: 'far' }, '地名：这个比例尺下太密'],
    ['names that were too many', { names: 'some' }, '较小的地名：图幅内太多'],
    ['names that could not be read', { names: 'failed' }, '地名：没有读到'],
    ['a plan that is tried out', { trial: true }, '正在试算的方案：图上是现状'],
  ])('ends with what is not on the sheet: %s', (_, change, text) => {
    const end = printLegend(zh, { ...base, ...change }).slice(-2)
    expect(end).toEqual([{ kind: 'heading', zh: '图上未印' }, { kind: 'note', zh: text }])
    expect(unprinted(en, { ...base, ...change })).toHaveLength(1)
  })

  it('has no sign of what is not on the sheet at all', () => {
    const pictures = printLegend(zh, { ...base, names: 'far', unplaced: null }).filter((sign) => sign.kind === 'picture')
    expect(pictures).toEqual([])
  })
})
