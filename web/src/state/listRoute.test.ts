import { describe, expect, it } from 'vitest'
import { conditions, listFilter, listQuery, noList, readList, writeList, type ListRoute } from './listRoute'

const full: ListRoute = {
  all: true,
  q: '花桥 食堂',
  status: ['open', 'closed'],
  stage: ['draft'],
  division: '120111001',
  placed: 'false',
  overdue: true,
  before: '2026-01-01',
  serves: '120111001002',
  batch: '01900000-0000-7000-8000-000000000001',
  area: '117.1,39;117.2,39;117.2,39.05',
  sort: 'verified',
  descending: true,
}

function written(list: ListRoute): URLSearchParams {
  const params = new URLSearchParams()
  writeList(list, (key, value) => {
    if (value !== undefined && value !== '') params.set(key, String(value))
  })
  return params
}

describe('what the registry is asked for', () => {
  it.each([noList, full, { ...full, placed: 'true' as const, sort: 'name' as const }])('comes back from the address', (list) => {
    expect(readList(new URLSearchParams(written(list).toString()))).toEqual(list)
  })

  it('leaves out what is usual', () => {
    expect(written(noList).toString()).toBe('')
    expect(Object.values(listQuery(noList, '')).every((value) => value === '')).toBe(true)
    expect(listFilter(noList, '')).toEqual({})
  })

  it('leaves out what it does not understand', () => {
    const odd = new URLSearchParams('status=shut,open&stage=x&in=abc&placed=maybe&overdue=yes&before=soon&serves=%25&batch=1&area=1,2&by=-size&all=true')
    expect(readList(odd)).toEqual({ ...noList, status: ['open'] })
  })

  it('is of the chosen type unless it is of all', () => {
    expect(listQuery(noList, 'columbarium').type).toBe('columbarium')
    expect(listQuery(full, 'columbarium').type).toBe('')
    expect(listFilter({ ...noList, q: ' a ' }, 'columbarium')).toEqual({ type: ['columbarium'], q: 'a' })
    expect(listFilter(full, 'columbarium')).toEqual({
      q: full.q,
      status: full.status,
      stage: full.stage,
      division: full.division,
      serves: full.serves,
      batch: full.batch,
      placed: 'false',
      verified_before: full.before,
      overdue: true,
      area: full.area,
    })
  })

  it('counts its conditions', () => {
    expect(conditions(noList)).toBe(0)
    expect(conditions(full)).toBe(9)
    expect(conditions({ ...noList, q: 'a', all: true, sort: 'type' })).toBe(0)
  })
})
