/** What the registry is asked for, as the address bar holds it. Reading never fails: what
 *  is not understood is left out. */

import type { ListFilter, ListQuery } from '../api/registry.types'
import { isDay } from '../text/time'

export const listSorts = ['id', 'name', 'type', 'status', 'stage', 'division', 'capacity', 'verified'] as const
export type ListSort = (typeof listSorts)[number]

const statuses = ['planned', 'building', 'open', 'suspended', 'closed']
const stages = ['draft', 'submitted', 'published']

export interface ListRoute {
  /** every type, not only the one that is chosen for the map */
  all: boolean
  q: string
  status: string[]
  stage: string[]
  division: string
  placed: '' | 'true' | 'false'
  overdue: boolean
  before: string
  serves: string
  batch: string
  /** a drawn shape: lon,lat;lon,lat;… */
  area: string
  sort: ListSort
  descending: boolean
}

export const noList: ListRoute = {
  all: false,
  q: '',
  status: [],
  stage: [],
  division: '',
  placed: '',
  overdue: false,
  before: '',
  serves: '',
  batch: '',
  area: '',
  sort: 'name',
  descending: false,
}

const AREA = /^-?\d{1,3}(\.\d{1,6})?,-?\d{1,2}(\.\d{1,6})?(;-?\d{1,3}(\.\d{1,6})?,-?\d{1,2}(\.\d{1,6})?){2,500}$/

const some = (text: string | null, known: readonly string[]): string[] => (text ?? '').split(',').filter((word) => known.includes(word))

/** Reads the part of a query that is the list's. */
export function readList(params: URLSearchParams): ListRoute {
  const text = (key: string) => params.get(key) ?? ''
  const placed = text('placed')
  const sort = text('by')
  const key = listSorts.find((each) => each === sort.replace(/^-/, ''))
  return {
    all: text('all') === '1',
    q: text('q').slice(0, 100),
    status: some(params.get('status'), statuses),
    stage: some(params.get('stage'), stages),
    division: /^\d{1,32}$/.test(text('in')) ? text('in') : '',
    placed: placed === 'true' || placed === 'false' ? placed : '',
    overdue: text('overdue') === '1',
    before: isDay(text('before')) ? text('before') : '',
    serves: /^\d{1,32}$/.test(text('serves')) ? text('serves') : '',
    batch: /^[0-9a-f-]{36}$/.test(text('batch')) ? text('batch') : '',
    area: AREA.test(text('area')) ? text('area') : '',
    sort: key ?? noList.sort,
    descending: key !== undefined && sort.startsWith('-'),
  }
}

/** Writes it; what is usual is left out. */
export function writeList(list: ListRoute, put: (key: string, value: string | number | undefined) => void): void {
  put('all', list.all ? 1 : undefined)
  put('q', list.q)
  put('status', list.status.join(','))
  put('stage', list.stage.join(','))
  put('in', list.division)
  put('placed', list.placed)
  put('overdue', list.overdue ? 1 : undefined)
  put('before', list.before)
  put('serves', list.serves)
  put('batch', list.batch)
  put('area', list.area)
  if (list.sort !== noList.sort || list.descending) put('by', `${list.descending ? '-' : ''}${list.sort}`)
}

/** As the server is asked; `type` is the one chosen for the map. */
export function listQuery(list: ListRoute, type: string): ListQuery {
  return {
    type: list.all ? '' : type,
    q: list.q.trim(),
    status: list.status.join(','),
    stage: list.stage.join(','),
    division: list.division,
    placed: list.placed,
    overdue: list.overdue ? 'true' : '',
    verified_before: list.before,
    serves: list.serves,
    batch: list.batch,
    area: list.area,
  }
}

/** The same for a body. */
export function listFilter(list: ListRoute, type: string): ListFilter {
  const q = listQuery(list, type)
  return {
    ...(q.type ? { type: [q.type] } : {}),
    ...(list.status.length > 0 ? { status: list.status } : {}),
    ...(list.stage.length > 0 ? { stage: list.stage } : {}),
    ...(q.division ? { division: q.division } : {}),
    ...(q.q ? { q: q.q } : {}),
    ...(q.serves ? { serves: q.serves } : {}),
    ...(q.batch ? { batch: q.batch } : {}),
    ...(q.placed ? { placed: q.placed } : {}),
    ...(q.verified_before ? { verified_before: q.verified_before } : {}),
    ...(list.overdue ? { overdue: true } : {}),
    ...(q.area ? { area: q.area } : {}),
  }
}

/** How many conditions there are besides the type and the text, which have places of
 *  their own. */
export function conditions(list: ListRoute): number {
  return [
    list.status.length > 0,
    list.stage.length > 0,
    list.division !== '',
    list.placed !== '',
    list.overdue,
    list.before !== '',
    list.serves !== '',
    list.batch !== '',
    list.area !== '',
  ].filter(Boolean).length
}
