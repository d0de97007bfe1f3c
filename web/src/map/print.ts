import type { FeatureCollection } from 'geojson'
import { Map as MapLibre, type GeoJSONSource } from 'maplibre-gl'
import type { Bounds } from '../api/types'
import { drawImage, FONTS, type Snapshot } from './controller'
import { imageRatio } from './images'
import { NAMES_ZOOM } from './layers'
import { paperLayers } from './layers/paper'
import { paperImage } from './paperImages'
import { MAX_SIDE, metresPerPx, printRatio, SCREEN_DPI, zoomOf } from './paper'
import { sameOrigin, sourcesOf } from './sources'

/** For how long a map may load before it counts as failed. */
const PATIENCE_MS = 45_000

/** What is left free between what the screen showed and the frame. */
const EDGE = 0.03

/** A map drawn for paper. */
export interface Drawn {
  image: Blob
  lat: number
  zoom: number
  bounds: Bounds
  metresPerPixel: number
  /** some tiles did not arrive */
  incomplete: boolean
  names: NamesDrawn
}

/** What became of place names: hidden, left out at so small a scale, not to be read, and
 *  drawn but for the smallest or all. */
export type NamesDrawn = 'hidden' | 'far' | 'failed' | 'some' | 'all'

/** What stands on a map besides its tiles. */
export interface Records {
  estates: FeatureCollection
  /** reads the place names of a part of the ground; a sheet may show other ground than the screen */
  names: (bounds: Bounds, signal: AbortSignal) => Promise<{ features: FeatureCollection; truncated: boolean }>
}

export interface Paper {
  widthMm: number
  heightMm: number
  /** of 1:n; 0 fits what the screen shows */
  denominator: number
  grey: boolean
}

/** Draws a map again, out of sight, in the shape and as finely as the paper wants it. */
export async function drawForPaper(of: Snapshot, records: Records, paper: Paper, signal: AbortSignal): Promise<Drawn> {
  const width = Math.round((paper.widthMm / 25.4) * SCREEN_DPI)
  const height = Math.round((paper.heightMm / 25.4) * SCREEN_DPI)
  const box = document.createElement('div')
  box.className = 'print-map'
  box.setAttribute('aria-hidden', 'true')
  box.style.width = `${width}px`
  box.style.height = `${height}px`
  document.body.append(box)
  const ratio = printRatio(width, height)
  let map: MapLibre | null = null
  try {
    map = open(box, of)
    place(map, of.bounds, paper.denominator, Math.round(Math.min(width, height) * EDGE))
    return await drawn(map, of, records, { ratio, grey: paper.grey }, signal)
  } finally {
    map?.remove()
    box.remove()
  }
}

function open(container: HTMLElement, of: Snapshot): MapLibre {
  const map = new MapLibre({
    container,
    style: { version: 8, sources: sourcesOf(of.district, of.query, of.look.baseMap), layers: paperLayers(of.look, of.hidden) },
    attributionControl: false,
    interactive: false,
    transformRequest: sameOrigin,
    localIdeographFontFamily: FONTS,
    fadeDuration: 0,
    pixelRatio: 1 / 2, // while tiles arrive each of them draws the map anew
    maxCanvasSize: [MAX_SIDE, MAX_SIDE],
    canvasContextAttributes: { preserveDrawingBuffer: true },
  })
  map.setMissingStyleImageResolver((id) => {
    const image = paperImage(id)
    if (!image) drawImage(map, id)
    else if (!map.hasImage(id)) map.addImage(id, image, { pixelRatio: imageRatio })
  })
  return map
}

/** Shows at least what the screen showed, or the same middle at a scale. */
function place(map: MapLibre, bounds: Bounds, denominator: number, padding: number): void {
  map.fitBounds(bounds, { animate: false, padding })
  if (denominator > 0) map.jumpTo({ zoom: zoomOf(denominator, map.getCenter().lat) })
}

/** Puts estates and place names on a map. */
async function putRecords(map: MapLibre, of: Snapshot, records: Records, signal: AbortSignal): Promise<NamesDrawn> {
  const put = (source: string, features: FeatureCollection): unknown => map.getSource<GeoJSONSource>(source)?.setData(features)
  if (!of.hidden.has('estates')) put('estates', records.estates)
  if (of.hidden.has('names')) return 'hidden'
  if (map.getZoom() < NAMES_ZOOM) return 'far'
  try {
    const { features, truncated } = await records.names(boundsOf(map), signal)
    put('names', features)
    return truncated ? 'some' : 'all'
  } catch (error) {
    if (signal.aborted) throw error
    return 'failed'
  }
}

function boundsOf(map: MapLibre): Bounds {
  const b = map.getBounds()
  return [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()]
}

async function drawn(map: MapLibre, of: Snapshot, records: Records, how: { ratio: number; grey: boolean }, signal: AbortSignal): Promise<Drawn> {
  let incomplete = false
  map.on('error', () => (incomplete = true))
  await once(map, 'load', signal)
  for (const [id, share] of of.shares) map.setFeatureState({ source: 'ground', sourceLayer: 'divisions', id }, { share })
  const names = await putRecords(map, of, records, signal)
  map.triggerRepaint()
  await once(map, 'idle', signal)
  map.setPixelRatio(how.ratio)
  await once(map, 'idle', signal)
  const { lat } = map.getCenter()
  const canvas = map.getCanvas()
  const zoom = map.getZoom()
  return {
    image: await pictureOf(canvas, how.grey),
    lat,
    zoom,
    bounds: boundsOf(map),
    metresPerPixel: (metresPerPx(zoom, lat) * map.getContainer().clientWidth) / canvas.width,
    incomplete,
    names,
  }
}

function once(map: MapLibre, event: 'load' | 'idle', signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const patience = setTimeout(() => reject(new Error(`the map is not ${event}`)), PATIENCE_MS)
    const end = (): void => clearTimeout(patience)
    signal.addEventListener('abort', () => {
      end()
      reject(new DOMException('', 'AbortError'))
    })
    void map.once(event, () => {
      end()
      resolve()
    })
  })
}

/** The picture, on white; letters and hatches keep their edges as PNG. */
function pictureOf(canvas: HTMLCanvasElement, grey: boolean): Promise<Blob> {
  let source = canvas
  if (grey) {
    source = document.createElement('canvas')
    source.width = canvas.width
    source.height = canvas.height
    const context = source.getContext('2d')
    if (!context) return Promise.reject(new Error('no 2d canvas'))
    // The ground becomes white and what is drawn on it stays apart.
    context.filter = 'grayscale(1) contrast(1.15) brightness(1.05)'
    context.drawImage(canvas, 0, 0)
  }
  return new Promise((resolve, reject) => {
    source.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))), 'image/png')
  })
}
