import { describe, expect, it } from 'vitest'
import { glyphOf, sign, signNames, signOf, useSigns } from './glyphs'

describe('signs of types', () => {
  it('are the usual ones until a bureau chooses others, and a pin for what has none', () => {
    expect(glyphOf('elderly_canteen')).toBe(sign(signOf('elderly_canteen')))
    expect(signNames).toContain(signOf('elderly_canteen'))
    expect(glyphOf('bath_point')).toBe(sign('no such sign'))
    expect(useSigns([{ type: 'bath_point', icon: 'bath' }, { type: 'elderly_canteen', icon: '' }])).toBe(true)
    expect(glyphOf('bath_point')).toBe(sign('bath'))
    expect(useSigns([{ type: 'bath_point', icon: 'bath' }])).toBe(false)
    expect(useSigns([{ type: 'bath_point', icon: 'no such sign' }])).toBe(true)
    expect(glyphOf('bath_point')).toBe(sign('no such sign'))
  })
})
