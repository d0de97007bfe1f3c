import { describe, expect, it } from 'vitest'
import type { PlateRow } from '../api/plates.types'
import { codeIn, metresBetween, plateTone, readsAs } from './plates'

describe('codes of plates', () => {
  it('are found in what people scan and type', () => {
    for (const text of ['7K3M-9QX2R-4VB8T', ' 7k3m9qx2r4vb8t ', 'https://dz.example.cn/7K3M9QX2R4VB8T', 'HTTPS://DZ.EXAMPLE.CN/7K3M9QX2R4VB8T?x=1#y', 'https://office.example/plates/field/7k3m-9qx2r-4vb8t']) {
      expect(codeIn(text)).toBe('7K3M9QX2R4VB8T')
    }
    expect(codeIn('oOiI-lL00O-00000')).toBe('00111100000000')
    for (const text of ['', 'https://dz.example.cn/', '7K3M-9QX2R', 'https://evil.example/login']) expect(codeIn(text)).toBe('')
  })

  it('belong to one plate, and older symbols are compared as they are', () => {
    const plate = { token: '7K3M9QX2R4VB8T', foreign_payload: 'http://old.example/?id=1' } as PlateRow
    expect(readsAs('7k3m-9qx2r-4vb8t', plate)).toBe(true)
    expect(readsAs('http://old.example/?id=1', plate)).toBe(true)
    expect(readsAs('http://old.example/?id=2', plate)).toBe(false)
    expect(readsAs('', plate)).toBe(false)
  })
})

describe('plates', () => {
  it('hang near or far', () => {
    expect(metresBetween([117, 39], [117, 39.0001])).toBeCloseTo(11.1, 1)
  })

  it('have colours by state', () => {
    expect([plateTone('verified'), plateTone('lost'), plateTone('withdrawn'), plateTone('made')]).toEqual(['good', 'bad', '', 'busy'])
  })
})
