// Reads the server's own tiles, so that the test knows where something is to click on.
import { VectorTile } from '@mapbox/vector-tile'
import { PbfReader } from 'pbf'

const ZOOM = 15

function tileOf(lon, lat) {
  const n = 2 ** ZOOM
  const rad = (lat * Math.PI) / 180
  return [Math.floor(((lon + 180) / 360) * n), Math.floor(((1 - Math.asinh(Math.tan(rad)) / Math.PI) / 2) * n)]
}

/** Features of a layer in the tiles over the bounds, as GeoJSON, nearest tiles last.
 *  `ask` fetches a path as somebody who may see them. */
export async function features(ask, layer, [west, south, east, north], query = '') {
  const { tiles } = await (await ask(`/tiles/${layer}.json${query}`)).json()
  const [left, top] = tileOf(west, north)
  const [right, bottom] = tileOf(east, south)
  const found = []
  for (let x = left; x <= right; x++) {
    for (let y = top; y <= bottom; y++) {
      const { pathname, search } = new URL(decodeURI(tiles[0]).replace('{z}', ZOOM).replace('{x}', x).replace('{y}', y))
      const response = await ask(pathname + search)
      if (response.status !== 200) continue
      const tile = new VectorTile(new PbfReader(new Uint8Array(await response.arrayBuffer())))
      const data = tile.layers[layer]
      for (let i = 0; i < (data?.length ?? 0); i++) found.push(data.feature(i).toGeoJSON(x, y, ZOOM))
    }
  }
  return found
}

/** A place on a feature: the point, the middle of a line, inside a polygon but off its
 *  centre, where other things tend to stand. */
export function placeOn({ geometry }) {
  const { type, coordinates } = geometry
  if (type === 'Point') return coordinates
  if (type === 'LineString') return between(coordinates[Math.floor((coordinates.length - 1) / 2)], coordinates[Math.floor((coordinates.length + 1) / 2)], 0.5)
  if (type === 'MultiLineString') return placeOn({ geometry: { type: 'LineString', coordinates: coordinates[0] } })
  const ring = type === 'Polygon' ? coordinates[0] : coordinates[0][0]
  const corners = ring.slice(0, -1)
  const centre = [0, 1].map((axis) => corners.reduce((sum, p) => sum + p[axis], 0) / corners.length)
  return between(centre, corners[0], 0.7)
}

function between(a, b, share) {
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share]
}
