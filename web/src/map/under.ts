import type { Map as MapLibre, MapGeoJSONFeature, PointLike } from 'maplibre-gl'
import { orderOf, pickOf, type Pick } from './pick'

const THIN = ['over-number-dot', 'over-number', 'over-record', 'estate', 'name-point', 'name-line', 'name-line-pending', 'name-outline', 'name-outline-pending', 'name-label', 'name-label-line', 'facility', 'facility-name', 'facility-other', 'people', 'barrier', 'road', 'road-casing', 'road-path']
const WIDE = ['building', 'gap-fill', 'circle-fill', 'division-share', 'division-label']

/** Everything under a point of the screen, most telling first. Points and lines may be
 *  missed by `slack` pixels. */
export function picksUnder(map: MapLibre, point: { x: number; y: number }, slack: number): Pick[] {
  const box: [PointLike, PointLike] = [
    [point.x - slack, point.y - slack],
    [point.x + slack, point.y + slack],
  ]
  const present = (ids: string[]) => ids.filter((id) => map.getLayer(id))
  const thin = map.queryRenderedFeatures(box, { layers: present(THIN) })
  const wide = map.queryRenderedFeatures([point.x, point.y], { layers: present(WIDE) })
  return unique([...thin, ...wide], map.getZoom())
}

/** Gates and streets that may be walked on under a point, those nearest to it first, gates
 *  before streets. The search widens from the point outwards, so that of two streets within
 *  reach of a finger the nearer one is taken. */
export function streetsUnder(map: MapLibre, point: { x: number; y: number }, slack: number): Pick[] {
  const layers = ['barrier', 'road', 'road-casing', 'road-path'].filter((id) => map.getLayer(id))
  for (let reach = 2; reach <= slack; reach += 4) {
    const box: [PointLike, PointLike] = [
      [point.x - reach, point.y - reach],
      [point.x + reach, point.y + reach],
    ]
    const found = unique(map.queryRenderedFeatures(box, { layers }), 20).filter((pick) => pick.selection.kind === 'barrier' || pick.properties['walkable'] === true)
    if (found.length > 0) return found
  }
  return []
}

function unique(features: MapGeoJSONFeature[], zoom: number): Pick[] {
  const order = orderOf(zoom)
  const seen = new Map<string, Pick>()
  for (const feature of features) {
    const pick = pickOf(feature)
    if (!pick) continue
    const key = `${pick.selection.kind}/${pick.selection.id}`
    if (!seen.has(key)) seen.set(key, pick)
  }
  return [...seen.values()].sort((a, b) => order.indexOf(a.selection.kind) - order.indexOf(b.selection.kind))
}
