import { describe, expect, it } from 'vitest'
import { fileNameOf } from '../api/download'
import { narrows } from '../api/exports'
import type { ExportField } from '../api/exports.types'
import { contentOf, emptyProfile, moved, usualColumns } from './exportProfile'

const field = (code: string, usual: boolean, types: string[]): ExportField => ({ code, zh: `${code}名`, en: code, kind: 'text', group: 'type', usual, choices: [], types })

describe('profiles of exports', () => {
  it('begins with the usual columns of the types that are meant', () => {
    const fields = [field('name_zh', true, []), field('beds', true, ['home']), field('seats', true, ['canteen']), field('version', false, [])]
    expect(usualColumns(fields, ['canteen'], 'zh')).toEqual([
      { head: 'name_zh名', field: 'name_zh' },
      { head: 'seats名', field: 'seats' },
    ])
    expect(usualColumns(fields, [], 'en').map((column) => column.head)).toEqual(['name_zh'])
  })

  it('moves a column and stops at the ends', () => {
    expect(moved(['a', 'b', 'c'], 0, 1)).toEqual(['b', 'a', 'c'])
    expect(moved(['a', 'b', 'c'], 2, -1)).toEqual(['a', 'c', 'b'])
    expect(moved(['a', 'b'], 0, -1)).toEqual(['a', 'b'])
    expect(moved(['a', 'b'], 1, 1)).toEqual(['a', 'b'])
  })

  it('copies a profile so that a change does not reach the kept one', () => {
    const kept = { ...emptyProfile(), columns: [{ head: 'a', codes: [{ from: '1', to: '2' }] }] }
    const copy = contentOf(kept)
    copy.columns[0]!.head = 'b'
    copy.columns[0]!.codes!.push({ from: 'x', to: 'y' })
    expect(kept.columns[0]).toEqual({ head: 'a', codes: [{ from: '1', to: '2' }] })
  })
})

describe('files', () => {
  it('are called as the answer says', () => {
    expect(fileNameOf(`attachment; filename="x.csv"; filename*=UTF-8''%E8%AE%BE%E6%96%BD.csv`, 'y')).toBe('设施.csv')
    expect(fileNameOf('attachment', 'y')).toBe('y')
    expect(fileNameOf(`attachment; filename*=UTF-8''%E8`, 'y')).toBe('y')
  })

  it('are of a part where the filter says one', () => {
    expect(narrows({})).toBe(false)
    expect(narrows({ type: [], q: '' })).toBe(false)
    expect(narrows({ ids: ['a'] })).toBe(true)
    expect(narrows({ overdue: true })).toBe(true)
  })
})
