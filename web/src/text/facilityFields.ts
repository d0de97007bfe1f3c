import type { Words } from '../state/words.svelte'
import { number, position } from './format'
import { plainValue } from './values'

/** What the screen knows of types and divisions besides its words. */
export interface Known {
  types: { type: string; zh: string; en: string; capacity_unit: string }[]
  division: (code: string) => { name_zh: string; name_en: string } | null
}

/** What a field of a facility is called. */
export function facilityLabel(words: Words, field: string): string {
  const f = words.m.facility
  const labels: Record<string, string> = {
    type: f.type,
    name_zh: f.nameZh,
    name_en: f.nameEn,
    status: f.status,
    address: f.address,
    capacity: f.capacity,
    serves: f.serves,
    lon: f.lon,
    lat: f.lat,
    point: f.point,
    place: f.point,
    division_code: words.m.fact.division,
    example: words.m.example,
    source_id: words.m.fact.source,
  }
  return labels[field] ?? field
}

/** How a value of a field of a facility reads. */
export function facilityValue(words: Words, known: Known, field: string, value: unknown): string {
  const text = plainValue(value, words.m.common.yes, words.m.common.no)
  const divisionName = (code: string): string => {
    const division = known.division(code)
    return division ? words.nameOf(division) : code
  }
  switch (field) {
    case 'type': {
      const type = known.types.find((each) => each.type === text)
      return type ? words.word(type) : text
    }
    case 'status':
      return words.m.status[text] ?? text
    case 'capacity':
      return typeof value === 'number' ? (value > 0 ? number(value, words.lang) : words.m.fact.unknown) : text
    case 'division_code':
      return divisionName(text)
    case 'serves':
      return Array.isArray(value) ? value.map((code) => divisionName(String(code))).join(words.lang === 'zh' ? '、' : ', ') : text
    case 'point':
    case 'place':
      return placeValue(value) ?? text
    default:
      return text
  }
}

function placeValue(value: unknown): string | null {
  if (Array.isArray(value) && typeof value[0] === 'number' && typeof value[1] === 'number') return position(value[0], value[1])
  if (value !== null && typeof value === 'object' && 'lon' in value && 'lat' in value) {
    const { lon, lat } = value as { lon: unknown; lat: unknown }
    if (typeof lon === 'number' && typeof lat === 'number') return position(lon, lat)
  }
  return null
}
