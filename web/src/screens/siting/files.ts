/** Files of the chosen places, for a spreadsheet and for a map program. Pure. */
import type { SitingAnswer } from '../../api/siting.types'

/** What a spreadsheet would run as a formula is made text. */
function cell(value: string | number | boolean | null): string {
  let text = value === null ? '' : String(value)
  if (typeof value === 'string' && /^[=+\-@\t\r＝＋－＠]/.test(text)) text = `'${text}`
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

export function csvOf(answer: SitingAnswer): string {
  const head = [
    'number', 'id', 'source', 'name', 'required', 'lon', 'lat', 'division_code', 'division_zh', 'division_en', 'only', 'shared',
    'capacity', 'load_people', 'load_units', 'price', 'runner_up_id', 'runner_up_lon', 'runner_up_lat', 'runner_up_division_zh', 'runner_up_loss',
    'type', 'limit_s', 'speed_m_s', 'metres', 'profile', 'at', 'tier', 'base', 'band', 'aim', 'unit', 'value', 'bound', 'gap', 'data_version',
  ]
  const { query: q, result: r } = answer
  const rows = answer.sites.map((s) => [
    s.number, s.id, s.source, s.name, s.required, s.lon, s.lat, s.division_code, s.division_zh, s.division_en, s.only, s.shared,
    s.capacity, s.load?.people ?? null, s.load?.units ?? null, s.price, s.runner_up?.id ?? null, s.runner_up?.lon ?? null, s.runner_up?.lat ?? null, s.runner_up?.division_zh ?? null, s.runner_up_loss,
    q.type, q.limit, q.speed, q.metres, q.profile, q.at, q.tier, q.base, answer.band, answer.aim, r.unit, r.value, r.bound, r.gap, answer.version,
  ])
  return '\ufeff' + [head, ...rows].map((row) => row.map(cell).join(',') + '\r\n').join('')
}

export function geojsonOf(answer: SitingAnswer): string {
  const { result, query, aim, band, version, cost, capacity } = answer
  return JSON.stringify({
    type: 'FeatureCollection',
    siting: {
      ...query, aim, band, version, value: result.value, bound: result.bound, gap: result.gap, unit: result.unit,
      cost: cost && cost.total, served: capacity && capacity.served, turned_away: capacity && capacity.turned_away,
    },
    features: answer.sites.map(({ lon, lat, runner_up, load, ...rest }) => ({
      type: 'Feature',
      geometry: { type: 'Point', coordinates: [lon, lat] },
      properties: { ...rest, load_people: load && load.people, load_units: load && load.units, runner_up: runner_up && [runner_up.lon, runner_up.lat] },
    })),
  })
}
