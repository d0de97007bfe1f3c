import { expect, it } from 'vitest'
import { figureKey, formatFigure, parseFigure } from './figure'

it('a figure survives the address bar', () => {
  for (const key of [
    figureKey('uncovered'),
    figureKey('covered', { place: 'outside' }),
    figureKey('share', { place: 'division', id: '990100100001', band: '70+' }),
    figureKey('covered', { place: 'facility', id: '01a21f28-7cdf-74f2-8dac-d686a2372a2f' }),
    figureKey('uncovered', { place: 'gap', id: 'gap-0a1b' }),
    figureKey('gained', { plan: true, band: '60+' }),
  ]) expect(parseFigure(formatFigure(key))).toEqual(key)
  expect(formatFigure(figureKey('uncovered', { place: 'division', id: '1', plan: true }))).toBe('plan.uncovered/division/1')
})

it('what is no figure is none', () => {
  for (const text of ['', 'all', 'Uncovered', 'uncovered/', 'uncovered/division', 'uncovered/division/', 'uncovered/road/1', 'uncovered/all/1', 'uncovered/outside/1', 'uncovered/division/1/2', 'uncovered~a~b', 'plan.'])
    expect(parseFigure(text), text).toBeNull()
})
