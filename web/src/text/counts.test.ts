import { expect, test } from 'vitest'
import { enImports } from './en/imports'
import { enPlans } from './en/plans'
import { enMatrix, enPremises } from './en/premises'
import { enTypes } from './en/types'

test('in English one is one and many are many', () => {
  expect(enImports.history.rows('1')).toBe('1 row')
  expect(enImports.history.rows('1 000')).toBe('1 000 rows')
  expect(enImports.take.go('1')).toBe('Import 1 row')
  expect(enImports.file.preview('1')).toBe('The first row')
  expect(enImports.check.undecided('1')).toBe('1 possible duplicate is not decided and is not imported.')
  expect(enPremises.bring.more('1')).toBe('1 more is not listed.')
  expect(enMatrix.lead.ofAll('11')).toBe('of 11 communities')
  expect(enMatrix.sum.lack('1')).toBe('1 lacks it')
  expect(enPlans.list.projects(1)).toBe('1 project')
  expect(enPlans.detail.lackingTitle(2)).toBe('2 facilities lack data')
  expect(enTypes.inUse('1')).toMatch(/^1 facility has it/)
})
