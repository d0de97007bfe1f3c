import type { FeatureCollection, Point } from 'geojson'
import type { EstateRow } from '../api/estates.types'
import { allEstates } from './estates.svelte'
import { Loading } from './loading.svelte'

/** The estates of the map's layer: read when the layer is first shown. */
class EstateLayer {
  readonly loading = new Loading<EstateRow[]>()

  load(): Promise<void> {
    return this.loading.run(async (signal) => (await allEstates({}, signal)).rows)
  }

  row(id: string): EstateRow | null {
    return this.loading.value?.find((row) => row.id === id) ?? null
  }
}

export const estateLayer = new EstateLayer()

/** What is missing of all premises; null where it is not known of one that is owed. */
export function shortOf(row: Pick<EstateRow, 'community_short' | 'elderly_short'>): number | null {
  if (row.community_short === null && row.elderly_short === null) return null
  return (row.community_short ?? 0) + (row.elderly_short ?? 0)
}

/** The estates as the map draws them; those that nobody drew are left out. */
export function estateFeatures(rows: readonly EstateRow[]): FeatureCollection<Point> {
  return {
    type: 'FeatureCollection',
    features: rows.flatMap((row) =>
      row.position
        ? [
            {
              type: 'Feature' as const,
              geometry: { type: 'Point' as const, coordinates: row.position },
              properties: { id: row.id, name: row.name, conclusion: row.kind === 'built' ? 'built' : row.conclusion, short: shortOf(row) ?? 0 },
            },
          ]
        : [],
    ),
  }
}
