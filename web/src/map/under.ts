import type { Map as MapLibre, MapGeoJSONFeature, PointLike } from 'maplibre-gl'
import { orderOf, pickOf, type Pick } from './pick'

const THIN = ['over-record', 'facility', 'facility-name', 'facility-other', 'people', 'barrier', 'road', 'road-casing', 'road-path']
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
