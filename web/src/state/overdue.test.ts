import { expect, it } from 'vitest'
import type { ListedFacility, Steward } from '../api/registry.types'
import { grouped, stewardOf } from './overdue'

const row = (id: string, division_code: string, verified_on: string | null, address = '') => ({ id, division_code, verified_on, address }) as ListedFacility
const steward = (division_code: string, verify_days: number) => ({ id: division_code, division_code, verify_days }) as Steward

it('gathers what is overdue by subdistrict, the longest first', () => {
  const stewards = [steward('990001', 365), steward('990001002', 90)]
  const divisions = [{ code: '990001', level: 'district' }, { code: '990001001', level: 'subdistrict' }, { code: '990001002', level: 'subdistrict' }, { code: '990001002001', level: 'community' }]
  const rows = [row('a', '990001002001', '2026-01-01'), row('b', '990001', null), row('c', '990001002', null, '乙路10号'), row('d', '990001002', null, '乙路9号'), row('f', '990001002', null, '甲路1号'), row('e', '990001001', '2020-01-01')]
  const groups = grouped(rows, divisions, stewards)
  expect(groups.map((group) => [group.code, group.steward?.verify_days, group.rows.map((each) => each.id).join('')])).toEqual([
    ['990001001', 365, 'e'],
    ['990001002', 90, 'fdca'],
    ['', 365, 'b'],
  ])
  expect(grouped([], divisions, stewards)).toEqual([])
  expect(stewardOf('110', stewards)).toBeNull()
})
