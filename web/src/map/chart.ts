import { Map as MapLibre, ScaleControl, setWorkerUrl, type GeoJSONSource, type LayerSpecification, type MapMouseEvent } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import { boundsOf, type Bounds, type District } from '../api/types'
import { drawImage, FONTS } from './controller'
import { groundLayers } from './layers/ground'
import { bold, font, halo, type Look } from './layers/look'
import { labelLayers } from './layers/labels'
import { palette } from './palette'
import { sameOrigin } from './sources'

setWorkerUrl(workerUrl)

/** A point on the chart. Tones: plain (where a row lies), strong (what is chosen), weak (a
 *  guess). */
export interface Spot {
  id: string
  lon: number
  lat: number
  label?: string
  tone?: 'plain' | 'strong' | 'weak'
}

const GROUND = 'divisions,division_labels,roads,buildings'

/** The ground alone, with points on it: for choosing where something is, beside the
 *  large map that shows coverage. */
export class Chart {
  private readonly map: MapLibre
  private ready = false
  private waiting: (() => void)[] = []
  private readonly bounds: Bounds | null

  constructor(
    container: HTMLElement,
    district: District,
    lang: 'zh' | 'en',
    label: string,
    private readonly told: { click?: (lon: number, lat: number) => void; pick?: (id: string) => void; busy?: (busy: boolean) => void },
  ) {
    this.bounds = boundsOf(district.bounds)
    this.map = new MapLibre({
      container,
      style: { version: 8, sources: this.sources(), layers: layersOf(lang) },
      attributionControl: false,
      minZoom: 7,
      maxZoom: 19.5,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      transformRequest: sameOrigin,
      localIdeographFontFamily: FONTS,
      locale: { 'Map.Title': label },
      fadeDuration: 0,
      reduceMotion: matchMedia('(prefers-reduced-motion: reduce)').matches,
    })
    this.map.touchZoomRotate.disableRotation()
    this.map.keyboard.disableRotation()
    this.map.addControl(new ScaleControl({ maxWidth: 100, unit: 'metric' }), 'bottom-left')
    if (this.bounds) this.map.fitBounds(this.bounds, { animate: false, padding: 20 })
    this.listen()
  }

  private sources() {
    return {
      ground: {
        type: 'vector' as const,
        url: `${location.origin}/tiles/${GROUND}.json`,
        promoteId: { divisions: 'code', division_labels: 'code', roads: 'id', buildings: 'id' },
      },
      spots: { type: 'geojson' as const, data: collection([]) },
    }
  }

  private listen(): void {
    const { map } = this
    map.setMissingStyleImageResolver((id) => drawImage(map, id))
    map.on('load', () => {
      this.ready = true
      for (const run of this.waiting) run()
      this.waiting = []
    })
    map.on('idle', () => this.told.busy?.(false))
    map.on('dataloading', () => this.told.busy?.(true))
    map.on('click', (event) => this.clicked(event))
    map.on('mousemove', (event) => {
      const over = this.told.pick && this.spotAt(event) !== ''
      map.getCanvas().style.cursor = over ? 'pointer' : this.told.click ? 'crosshair' : ''
    })
    map.on('error', (event) => {
      if (!('sourceId' in event)) console.warn('chart:', event.error?.message)
    })
  }

  private spotAt({ point }: MapMouseEvent): string {
    if (!this.ready) return ''
    const near = 8
    const [found] = this.map.queryRenderedFeatures(
      [
        [point.x - near, point.y - near],
        [point.x + near, point.y + near],
      ],
      { layers: ['spot'] },
    )
    return String(found?.properties['id'] ?? '')
  }

  private clicked(event: MapMouseEvent): void {
    const id = this.told.pick ? this.spotAt(event) : ''
    if (id !== '') this.told.pick?.(id)
    else this.told.click?.(event.lngLat.lng, event.lngLat.lat)
  }

  private whenReady(run: () => void): void {
    if (this.ready) run()
    else this.waiting.push(run)
  }

  /** Shows these points and no others. */
  show(spots: Spot[]): void {
    this.whenReady(() => this.map.getSource<GeoJSONSource>('spots')?.setData(collection(spots)))
  }

  /** Brings a box into sight, or the whole district for null. */
  fit(box: Bounds | null): void {
    const to = box ?? this.bounds
    if (to) this.map.fitBounds(to, { padding: 40, maxZoom: 17, duration: 400 })
  }

  /** Brings points into sight together with the district, so that those far away are seen
   *  to be so. */
  fitAll(spots: Spot[]): void {
    if (!this.bounds) return
    const [w, s, e, n] = this.bounds
    const box: Bounds = [w, s, e, n]
    for (const { lon, lat } of spots) {
      if (Math.abs(lat) > 85) continue
      box[0] = Math.min(box[0], lon)
      box[1] = Math.min(box[1], lat)
      box[2] = Math.max(box[2], lon)
      box[3] = Math.max(box[3], lat)
    }
    this.map.fitBounds(box, { padding: 24, duration: 0 })
  }

  goTo(lon: number, lat: number, zoom = 16.5): void {
    this.map.flyTo({ center: [lon, lat], zoom: Math.max(zoom, this.map.getZoom()), duration: 400 })
  }

  zoomBy(steps: number): void {
    this.map.easeTo({ zoom: this.map.getZoom() + steps, duration: 200 })
  }

  /** The middle of what is shown: where the keyboard places. */
  centre(): { lon: number; lat: number } {
    const { lng, lat } = this.map.getCenter()
    return { lon: lng, lat }
  }

  /** Screen point of a place, within the chart. */
  pointOf(lon: number, lat: number): { x: number; y: number } {
    return this.map.project([lon, lat])
  }

  remove(): void {
    this.map.remove()
  }
}

function collection(spots: Spot[]): GeoJSON.FeatureCollection {
  return {
    type: 'FeatureCollection',
    features: spots.map(({ id, lon, lat, label = '', tone = 'plain' }) => ({
      type: 'Feature',
      geometry: { type: 'Point', coordinates: [lon, lat] },
      properties: { id, label, tone },
    })),
  }
}

/** The ground and its names, without what only coverage has, and the points over them. */
function layersOf(lang: 'zh' | 'en'): LayerSpecification[] {
  const look: Look = { lang, band: 0, limitS: 0, type: '', level: 'community', figures: new Map(), mark: '', selected: null, baseMap: false }
  const own = (layer: LayerSpecification) => !('source' in layer) || layer.source === 'ground'
  const ground = [...groundLayers(look), ...labelLayers(look)].filter((layer) => own(layer) && layer.id !== 'barrier')
  return [
    ...ground,
    {
      id: 'border',
      type: 'line',
      source: 'ground',
      'source-layer': 'divisions',
      paint: { 'line-color': palette.division, 'line-width': 1, 'line-dasharray': [3, 2], 'line-opacity': 0.7 },
    },
    {
      id: 'spot',
      type: 'circle',
      source: 'spots',
      paint: {
        'circle-radius': ['match', ['get', 'tone'], 'strong', 9, 'weak', 6, 5],
        'circle-color': ['match', ['get', 'tone'], 'strong', palette.gap, 'weak', '#FFFFFF', palette.accent],
        'circle-stroke-color': ['match', ['get', 'tone'], 'weak', palette.gap, '#FFFFFF'],
        'circle-stroke-width': ['match', ['get', 'tone'], 'weak', 2.5, 1.5],
      },
    },
    {
      id: 'spot-label',
      type: 'symbol',
      source: 'spots',
      filter: ['!=', ['get', 'label'], ''],
      layout: {
        'text-field': ['get', 'label'],
        'text-font': ['match', ['get', 'tone'], 'strong', ['literal', bold], ['literal', font]],
        'text-size': 13,
        'text-offset': [0, 1.1],
        'text-anchor': 'top',
        'text-allow-overlap': false,
        'text-optional': true,
      },
      paint: { 'text-color': palette.text, ...halo },
    },
  ]
}
