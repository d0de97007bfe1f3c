import type { FeatureCollection } from 'geojson'
import { namesApi } from '../api/names'
import type { Bounds } from '../api/types'
import { widened, within } from '../map/shape'
import { app } from './app.svelte'
import { Loading } from './loading.svelte'
import { names } from './names.svelte'

/** More than the window is read, so that a small move asks for nothing. */
const MARGIN = 0.5

const nothing: FeatureCollection = { type: 'FeatureCollection', features: [] }

/** The place names of the map's layer, of the part of the ground that is looked at. */
class NameLayer {
  readonly loading = new Loading<FeatureCollection>()
  readonly features = $derived(this.loading.value ?? nothing)
  private read: Bounds | null = null

  /** Reads what is in sight where it was not read yet. */
  show(bounds: Bounds): void {
    if (this.read && within(bounds, this.read)) return
    const wide = widened(bounds, MARGIN)
    this.read = wide
    void this.loading.run(async (signal) => {
      try {
        return await namesApi.map(wide, app.lang, signal)
      } catch (error) {
        if (!signal.aborted) this.read = null
        throw error
      }
    })
    void names.load()
  }

  /** What was read is not true any more. */
  forget(): void {
    this.read = null
  }
}

export const nameLayer = new NameLayer()
