import type { FeatureCollection } from 'geojson'
import { namesApi } from '../api/names'
import type { NameLayerPage } from '../api/names.types'
import type { Bounds } from '../api/types'
import { widened, within } from '../map/shape'
import { app } from './app.svelte'
import { Loading } from './loading.svelte'
import { names } from './names.svelte'

/** More than the window is read, so that a small move asks for nothing. */
const MARGIN = 0.5

/** More protected names than any district has. */
const MOST_PROTECTED = 1000

interface Layer {
  features: FeatureCollection
  truncated: boolean
}

const nothing: FeatureCollection = { type: 'FeatureCollection', features: [] }

/** The place names of the map's layer, of the part of the ground that is looked at. */
class NameLayer {
  readonly loading = new Loading<Layer>()
  readonly features = $derived(this.loading.value?.features ?? nothing)
  /** the smallest are left out: there are too many in sight */
  readonly truncated = $derived(this.loading.value?.truncated ?? false)
  private read: Bounds | null = null
  private protectedNames: ReadonlySet<string> | null = null

  /** Reads what is in sight where it was not read yet. */
  show(bounds: Bounds): void {
    if (this.read && within(bounds, this.read)) return
    const wide = widened(bounds, MARGIN)
    this.read = wide
    void this.loading.run(async (signal) => {
      try {
        return await this.within(wide, signal)
      } catch (error) {
        if (this.read === wide) this.read = null
        throw error
      }
    })
    void names.load()
  }

  /** Reads the names of any part of the ground; what the map's layer shows stays as it is. */
  async within(bounds: Bounds, signal: AbortSignal): Promise<Layer> {
    const [page, kept] = await Promise.all([namesApi.map(bounds, app.lang, signal), this.protectedNames ?? this.readProtected(signal)])
    this.protectedNames = kept
    return { features: marked(page, kept), truncated: page.truncated }
  }

  private async readProtected(signal: AbortSignal): Promise<ReadonlySet<string>> {
    const page = await namesApi.list({ heritage: 'true', limit: MOST_PROTECTED }, app.lang, signal)
    return new Set(page.names.map((row) => row.id))
  }

  /** What was read is not true any more. */
  forget(): void {
    this.read = null
    this.protectedNames = null
  }
}

/** The features with a mark on those that are protected. */
function marked(page: NameLayerPage, kept: ReadonlySet<string>): FeatureCollection {
  return {
    type: 'FeatureCollection',
    features: page.features.map((feature) => ({ ...feature, properties: { ...feature.properties, heritage: kept.has(String(feature.properties?.['id'])) } })),
  }
}

export const nameLayer = new NameLayer()
