/** Files of an answer, for a spreadsheet and for a map program. Pure. */
import type { AccessAnswer, AccessShare, AccessSpread } from '../../api/access.types'

/** What a spreadsheet would run as a formula is made text. */
function cell(value: string | number | boolean | null | undefined): string {
  let text = value === null || value === undefined ? '' : String(value)
  if (typeof value === 'string' && /^[=+\-@\t\r＝＋－＠]/.test(text)) text = `'${text}`
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

type Row = (string | number | boolean | null | undefined)[]
const table = (rows: Row[]): string => '\ufeff' + rows.map((row) => row.map(cell).join(',') + '\r\n').join('')

const spreadHead = ['people', 'mean_per_1000', 'p10', 'p25', 'p50', 'p75', 'p90', 'without', 'below_half', 'gini']
const spreadCells = (s: AccessSpread | null): Row =>
  s ? [s.people, s.mean, s.p10, s.p25, s.p50, s.p75, s.p90, s.without, s.below_half, s.gini, ...s.under.map((each) => each.people)] : []

const askedHead = ['type', 'unit', 'band', 'base', 'method', 'limit_s', 'speed_m_s', 'metres', 'profile', 'capacity_for_unknown', 'data_version']
function asked(a: AccessAnswer): Row {
  return [a.query.type, a.unit.unit, a.band, a.query.base, a.method, a.query.limit, a.query.speed, a.query.metres, a.query.profile, a.capacity_for_unknown, a.version]
}

/** One row a division, and after with a plan beside before. */
export function divisionsCsv(a: AccessAnswer): string {
  const under = a.before.under.map((each) => `below_${each.places}`)
  const spread = [...spreadHead, ...under]
  const head = ['code', 'level', 'name_zh', 'name_en', ...spread, ...(a.after ? [...spread.map((each) => `${each}_after`), 'people_with_more', 'people_with_less'] : []), ...askedHead]
  const rows = a.divisions.map((d): Row => [
    d.code, d.level, d.name_zh, d.name_en, ...spreadCells(d.before),
    ...(a.after ? [...spreadCells(d.after), d.change?.more, d.change?.less] : []), ...asked(a),
  ])
  return table([head, ...rows])
}

const shareHead = ['capacity', 'capacity_source', 'within', 'demand', 'ratio_per_1000', 'people_per_place', 'load']
const shareCells = (s: AccessShare | null): Row =>
  s ? [s.capacity, s.capacity_source, s.within, s.demand, s.ratio, s.people_per_place, s.load] : shareHead.map(() => null)

/** One row a facility. */
export function facilitiesCsv(a: AccessAnswer): string {
  const head = ['id', 'name_zh', 'name_en', 'lon', 'lat', 'added', 'moved', ...shareHead, ...(a.after ? shareHead.map((each) => `${each}_after`) : []), ...askedHead]
  const rows = a.facilities.map((f): Row => [
    f.id, f.name_zh, f.name_en, f.lon, f.lat, f.added, f.moved, ...shareCells(f.before), ...(a.after ? shareCells(f.after) : []), ...asked(a),
  ])
  return table([head, ...rows])
}

/** Divisions as areas, where their boundaries are known, and facilities as points. */
export function geojsonOf(a: AccessAnswer): string {
  const { query, method, band, unit, version, capacity_for_unknown, before, after } = a
  return JSON.stringify({
    type: 'FeatureCollection',
    access: { ...query, method, band, unit: unit.unit, capacity_for_unknown, version, before, after },
    features: [
      ...a.divisions.map(({ geometry, before: was, after: is, change, ...rest }) => ({
        type: 'Feature', geometry, properties: { kind: 'division', ...rest, before: was, after: is, change },
      })),
      ...a.facilities.map(({ lon, lat, ...rest }) => ({
        type: 'Feature', geometry: { type: 'Point', coordinates: [lon, lat] }, properties: { kind: 'facility', ...rest },
      })),
    ],
  })
}
