import { describe, expect, it } from 'vitest'
import { importedOf } from './imported'

describe('what an import left', () => {
  it('is told of a check, a taking and an undo', () => {
    const check = importedOf({ kind: 'facility_import', result: { batch: 'b', step: 'check', rows: 3, counts: { create: 2, error: 1 } } })
    expect(check).toEqual({ batch: 'b', step: 'check', rows: 3, counts: { create: 2, error: 1 }, undone: {} })
    const undo = importedOf({ kind: 'facility_import_undo', result: { batch: 'b', step: 'undo', rows: 3, undone: { removed: 3 } } })
    expect(undo?.undone).toEqual({ removed: 3 })
  })

  it('is nothing of other jobs, and of one that left nothing', () => {
    for (const [kind, result] of [['coverage_report', { batch: 'b' }], ['facility_import', null], ['facility_import', 'x'], ['facility_import', {}]] as const) {
      expect(importedOf({ kind, result })).toBeNull()
    }
  })
})
