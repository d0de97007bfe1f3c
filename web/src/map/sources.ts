import type { SourceSpecification } from 'maplibre-gl'
import { coverageParams, type CoverageQuery } from '../api/client'
import type { District } from '../api/types'

/** Layers whose tiles depend only on the data, and those that depend on the question.
 *  The server's TileJSON gives the address with the data's version in it, so that a
 *  tile seen once is never asked for again. */
const GROUND = 'divisions,division_labels,roads,buildings,facilities,barriers'
const ANSWER = 'people,circles,gaps'

/** The lowest zoom whose tiles hold divisions down to communities. */
const EXTENT_ZOOM = 9

/** Worker threads resolve addresses by themselves, so they must be whole. */
const origin = (): string => location.origin

export function answerUrl(query: CoverageQuery, plan = ''): string {
  const tried = plan ? `&plan=${encodeURIComponent(plan)}` : ''
  return `${origin()}/tiles/${ANSWER}.json?${coverageParams(query)}${tried}`
}

/** Keeps every request of the map on the host the page came from, also where the
 *  server does not know under which name it is seen. */
export function sameOrigin(address: string): { url: string } {
  const url = new URL(address, origin())
  return url.protocol.startsWith('http') ? { url: origin() + decodeURI(url.pathname) + url.search } : { url: address }
}

/** The tile sources of a district. Ids are strings; divisions answer to their code,
 *  which is what the API calls them by, and circles to their facility. With a plan, people,
 *  circles and gaps are the plan's. */
export function sourcesOf(district: District, query: CoverageQuery, baseMap: boolean, plan = ''): Record<string, SourceSpecification> {
  const sources: Record<string, SourceSpecification> = {
    ground: {
      type: 'vector',
      url: `${origin()}/tiles/${GROUND}.json`,
      promoteId: { divisions: 'code', division_labels: 'code', roads: 'id', buildings: 'id', facilities: 'id', barriers: 'id' },
    },
    // Held at one low zoom, so that a tile or two tell where every division lies,
    // however close the map looks.
    extent: { type: 'vector', url: `${origin()}/tiles/divisions.json`, maxzoom: EXTENT_ZOOM },
    answer: {
      type: 'vector',
      url: answerUrl(query, plan),
      promoteId: { people: 'id', circles: 'facility', gaps: 'id' },
    },
  }
  for (const id of ['estates', 'names']) sources[id] = { type: 'geojson', data: { type: 'FeatureCollection', features: [] } }
  if (baseMap && district.base_map.enabled) {
    sources['basemap'] = { type: 'raster', tileSize: 256, tiles: [origin() + district.base_map.url], maxzoom: 18 }
  }
  return sources
}
