import {
  Map as MapLibre,
  ScaleControl,
  setWorkerUrl,
  type GeoJSONSource,
  type LayerSpecification,
  type LngLat,
  type VectorTileSource,
} from 'maplibre-gl'
import type { FeatureCollection, Point } from 'geojson'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import type { CoverageQuery } from '../api/client'
import { boundsOf, type Bounds, type District } from '../api/types'
import type { Selection, View } from '../state/route'
import { showBehind, type Behind } from './behind'
import { changeLayer } from './change'
import type { MapEvents } from './events'
import { arrowImage, hatchImage, imageRatio, plateImage } from './images'
import { groups, layersOf, type Group, type Look } from './layers'
import { joinBounds, type Pick } from './pick'
import { Drawing } from './drawing'
import { nothingOver, OVER, showOverlay, type Overlay } from './overlay'
import type { Corner } from './ring'
import { picksUnder, streetsUnder } from './under'
import { Marks, type Mark } from './marks'
import { Pins, type Pin, type PinEvents } from './pins'
import { Placing } from './placing'
import { parsePlate } from './plates'
import { roomFor, type Padding } from './room'
import { answerUrl, sameOrigin, sourcesOf } from './sources'

setWorkerUrl(workerUrl)

/** After the last change of the window until the map is fitted to it. */
const REFIT_MS = 150

export const FONTS = "'PingFang SC','Microsoft YaHei','Noto Sans CJK SC','Noto Sans',sans-serif"

function around([w, s, e, n]: Bounds): Bounds {
  return [w - 1, s - 1, e + 1, n + 1]
}

/** A map as it stands: enough to draw it again at another size. */
export interface Snapshot {
  district: District
  query: CoverageQuery
  look: Look
  hidden: ReadonlySet<Group>
  shares: ReadonlyMap<string, number | null>
  bounds: Bounds
}

/** What a plan does to the share of a division. */
export interface ShareChange {
  after: number | null
  /** in shares, 0 to 1; null where one of the two is not defined */
  change: number | null
}

/** What a plan does to a point: the seconds of its walk today and with the plan. */
export interface Fate {
  before: number
  now: number
  fate: string
}

/** Draws the images that a map asks for by name. */
export function drawImage(map: MapLibre, name: string): void {
  if (map.hasImage(name)) return
  if (name === 'hatch') {
    map.addImage(name, hatchImage(), { pixelRatio: imageRatio })
    return
  }
  if (name === 'arrow') {
    map.addImage(name, arrowImage(), { pixelRatio: imageRatio })
    return
  }
  const plate = parsePlate(name)
  if (plate) map.addImage(name, plateImage(plate), { pixelRatio: imageRatio })
}

/** Drives one MapLibre map: what it shows, what was clicked, where it looks. It knows
 *  nothing of the screen around it. */
export class MapController {
  private readonly map: MapLibre
  private bounds: Bounds
  private fitted: boolean
  private refitting = 0
  private layers: LayerSpecification[] = []
  private hidden = new Set<Group>()
  private hovered: { source: string; sourceLayer: string; id: string } | null = null
  private focused: string | null = null
  private shared = new Set<string>()
  private shares = new Map<string, number | null>()
  private plan = ''
  private fates: ReadonlyMap<string, Fate> = new Map()
  private picking: ((pick: Pick) => void) | null = null
  /** where each division lies: its parts in the tiles seen so far, joined */
  private readonly boxes = new Map<string, Bounds>()
  private ready = false
  private clicked: LngLat | null = null
  private waiting: (() => void)[] = []
  private placing: Placing | null = null
  private drawing: Drawing | null = null
  private over: Overlay = nothingOver
  private marks: Marks | null = null
  private pins: Pins | null = null

  constructor(
    container: HTMLElement,
    private district: District,
    private query: CoverageQuery,
    private look: Look,
    view: View | null,
    private padding: Padding,
    label: string,
    private readonly events: MapEvents,
  ) {
    this.layers = layersOf(look)
    const bounds = boundsOf(district.bounds)
    if (!bounds) throw new Error('the district has no bounds')
    this.bounds = bounds
    this.fitted = view === null
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches
    this.map = new MapLibre({
      container,
      style: { version: 8, sources: sourcesOf(district, query, look.baseMap), layers: this.layers },
      ...(view
        ? { center: [view.lon, view.lat] as [number, number], zoom: view.zoom }
        : {}),
      minZoom: 7,
      maxZoom: 19.5,
      maxBounds: around(bounds),
      attributionControl: false,
      transformRequest: sameOrigin,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      localIdeographFontFamily: FONTS,
      locale: { 'Map.Title': label },
      fadeDuration: still ? 0 : 150,
      reduceMotion: still,
    })
    this.map.touchZoomRotate.disableRotation()
    this.map.keyboard.disableRotation()
    this.map.addControl(new ScaleControl({ maxWidth: 120, unit: 'metric' }), 'bottom-left')
    if (this.fitted) this.fitNow(bounds, 0)
    this.listen()
  }

  private listen(): void {
    const map = this.map
    map.setMissingStyleImageResolver((id) => drawImage(map, id))
    map.on('load', () => {
      this.ready = true
      for (const run of this.waiting) run()
      this.waiting = []
      this.moved()
    })
    map.on('moveend', () => this.moved())
    map.on('movestart', (event) => {
      if ('originalEvent' in event && event.originalEvent) this.fitted = false
    })
    // Panels change with the window; the map follows when they have settled.
    map.on('resize', () => {
      clearTimeout(this.refitting)
      this.refitting = window.setTimeout(() => this.refit(), REFIT_MS)
    })
    map.on('idle', () => {
      this.learnBounds()
      this.events.busy(false)
    })
    map.on('dataloading', () => this.events.busy(true))
    map.on('movestart', () => this.events.busy(true))
    map.on('click', (event) => {
      if (this.drawing) return
      if (this.placing) {
        this.placing.put(event.lngLat)
        return
      }
      if (this.picking) {
        const [pick] = this.streetsAt(event.point, event.originalEvent)
        if (pick) this.picking(pick)
        return
      }
      this.clicked = event.lngLat
      this.events.click(this.picksAt(event.point, event.originalEvent))
    })
    map.on('mousemove', (event) => {
      if (this.drawing) return
      if (this.placing) {
        map.getCanvas().style.cursor = 'crosshair'
        return
      }
      const picks = this.picking ? this.streetsAt(event.point, event.originalEvent) : this.picksAt(event.point, event.originalEvent)
      map.getCanvas().style.cursor = picks.length > 0 ? 'pointer' : ''
      this.hover(picks[0] ?? null)
    })
    map.on('mouseout', () => this.hover(null))
    map.on('error', (event) => {
      // A tile that did not come is not the end of the map, but must be said.
      if ('sourceId' in event) {
        this.events.complete(false)
        if ((event.error as { status?: number } | undefined)?.status === 401) this.events.refused()
      }
      else console.warn('map:', event.error?.message)
    })
    map.on('sourcedata', (event) => {
      if (event.isSourceLoaded && event.tile) this.events.complete(true)
    })
  }

  private moved(): void {
    const { lng, lat } = this.map.getCenter()
    this.events.moved({ zoom: this.map.getZoom(), lat, lon: lng }, this.fitted)
  }

  private hover(pick: Pick | null): void {
    this.setHover(pick?.source && pick.source !== OVER && pick.sourceLayer !== '' ? { source: pick.source, sourceLayer: pick.sourceLayer, id: pick.selection.id } : null)
    this.events.hover(pick)
  }

  private setHover(next: typeof this.hovered): void {
    if (next?.id === this.hovered?.id && next?.sourceLayer === this.hovered?.sourceLayer) return
    if (this.hovered) this.map.setFeatureState(this.hovered, { hover: false })
    this.hovered = next
    if (next) this.map.setFeatureState(next, { hover: true })
  }

  private picksAt(point: { x: number; y: number }, event: MouseEvent | TouchEvent): Pick[] {
    const coarse = 'pointerType' in event && event.pointerType === 'touch'
    return this.ready ? picksUnder(this.map, point, coarse ? 12 : 4) : []
  }

  /** Gates and streets that may be walked on, the nearest to a finger too. */
  private streetsAt(point: { x: number; y: number }, event: MouseEvent | TouchEvent): Pick[] {
    const coarse = 'pointerType' in event && event.pointerType === 'touch'
    return this.ready ? streetsUnder(this.map, point, coarse ? 18 : 8) : []
  }

  private learnBounds(): void {
    for (const feature of this.map.querySourceFeatures('extent', { sourceLayer: 'divisions' })) {
      const code = String(feature.properties['code'] ?? '')
      this.boxes.set(code, joinBounds(this.boxes.get(code), feature.geometry))
    }
  }

  private whenReady(run: () => void): void {
    if (this.ready) run()
    else this.waiting.push(run)
  }

  /** Shows another look: only what differs is touched. */
  setLook(look: Look): void {
    this.whenReady(() => {
      if (look.baseMap !== this.look.baseMap) this.setBaseMap(look)
      this.look = look
      const next = layersOf(look)
      const before = new Map(this.layers.map((layer) => [layer.id, layer]))
      for (const layer of next) {
        const old = before.get(layer.id)
        if (old) changeLayer(this.map, old, layer)
      }
      this.layers = next
      this.applyHidden()
    })
  }

  private setBaseMap(look: Look): void {
    const raster = layersOf(look).find((layer) => layer.id === 'basemap')
    if (raster) {
      const source = sourcesOf(this.district, this.query, true)['basemap']
      if (source && !this.map.getSource('basemap')) this.map.addSource('basemap', source)
      this.map.addLayer(raster, 'circle-fill')
    } else if (this.map.getLayer('basemap')) {
      this.map.removeLayer('basemap')
    }
  }

  /** Asks the server another question, or of another plan: the tiles of people, circles and
   *  gaps. */
  setQuery(query: CoverageQuery, plan = ''): void {
    this.whenReady(() => {
      const url = answerUrl(query, plan)
      if (url === answerUrl(this.query, this.plan)) return
      if (answerUrl(query) !== answerUrl(this.query)) this.forgetFates()
      this.query = query
      this.plan = plan
      this.map.getSource<VectorTileSource>('answer')?.setUrl(url)
    })
  }

  /** Shows at once what a plan does to points, whatever plan the tiles are of. Points of the
   *  plan before it that are not in this one are as they are today. */
  setFates(fates: ReadonlyMap<string, Fate>): void {
    this.whenReady(() => {
      const set = (id: string, now: number, fate: string) => this.map.setFeatureState({ source: 'answer', sourceLayer: 'people', id }, { now, fate })
      for (const [id, { before }] of this.fates) if (!fates.has(id)) set(id, before, '')
      for (const [id, { now, fate }] of fates) set(id, now, fate === 'same' ? '' : fate)
      this.fates = fates
    })
  }

  /** Takes what setFates showed away. */
  forgetFates(): void {
    this.whenReady(() => {
      if (this.fates.size > 0) this.map.removeFeatureState({ source: 'answer', sourceLayer: 'people' })
      this.fates = new Map()
    })
  }

  /** Colours divisions from none to all (below none, down to -1, in the colour of gaps), and,
   *  where a plan is shown, by its shares or what it changes of them. */
  setShares(shares: Map<string, number | null>, plan = new Map<string, ShareChange>()): void {
    this.whenReady(() => {
      const state = (id: string) => ({ source: 'ground', sourceLayer: 'divisions', id })
      for (const code of this.shared) if (!shares.has(code)) this.map.setFeatureState(state(code), { share: null, planned: null, change: null })
      for (const [code, share] of shares) {
        const tried = plan.get(code) ?? { after: share, change: share === null ? null : 0 }
        this.map.setFeatureState(state(code), { share, planned: tried.after, change: tried.change })
      }
      this.shared = new Set(shares.keys())
      this.shares = shares
    })
  }

  /** Fetches what is on the map anew, of a district that changed or as it was; what is
   *  drawn stays until the new has come. */
  renew(district: District = this.district): void {
    this.whenReady(() => {
      const bounds = boundsOf(district.bounds)
      this.district = district
      if (bounds) {
        this.bounds = bounds
        this.map.setMaxBounds(around(bounds))
      }
      this.boxes.clear()
      this.forgetFates()
      for (const [id, source] of Object.entries(sourcesOf(district, this.query, false, this.plan))) {
        if (source.type === 'vector' && source.url) this.map.getSource<VectorTileSource>(id)?.setUrl(source.url)
      }
    })
  }

  /** Draws the plates anew, after types got other signs. */
  redrawPlates(): void {
    this.whenReady(() => {
      for (const image of this.map.listImages()) if (parsePlate(image)) this.map.removeImage(image)
    })
  }

  setHidden(hidden: Set<Group>): void {
    this.whenReady(() => {
      this.hidden = new Set(hidden)
      this.applyHidden()
    })
  }

  private applyHidden(): void {
    for (const [group, ids] of Object.entries(groups)) {
      const visibility = this.hidden.has(group as Group) ? 'none' : 'visible'
      for (const id of ids) {
        if (this.map.getLayer(id)) this.map.setLayoutProperty(id, 'visibility', visibility)
      }
    }
  }

  /** Outlines a division that is pointed at elsewhere on the screen. */
  pointAt(code: string | null): void {
    this.whenReady(() => {
      if (code === this.focused) return
      const state = (id: string) => ({ source: 'ground', sourceLayer: 'divisions', id })
      if (this.focused) this.map.setFeatureState(state(this.focused), { hover: false })
      this.focused = code
      if (code) this.map.setFeatureState(state(code), { hover: true })
    })
  }

  /** From now on a click puts a marker instead of selecting; the marker can be dragged. */
  startPlacing(label: string, onplaced: (lon: number, lat: number) => void): void {
    this.stopPlacing()
    this.hover(null)
    this.placing = new Placing(this.map, label, onplaced)
  }

  /** Shows the marker where the place is, or nowhere. */
  showPlace(place: { lon: number; lat: number } | null): void {
    this.placing?.show(place)
  }

  /** Shows the pins of a plan, and no others than these. */
  showPins(pins: readonly Pin[], events: PinEvents): void {
    if (pins.length === 0 && !this.pins) return
    this.pins ??= new Pins(this.map, events)
    this.pins.show(pins)
  }

  /** Shows lettered marks, and no others than these. */
  showMarks(marks: readonly Mark[]): void {
    this.marks ??= new Marks(this.map)
    this.marks.show(marks)
  }

  /** From now on a click chooses a gate or a street, and nothing else. */
  startPicking(onpicked: (pick: Pick) => void): void {
    this.hover(null)
    this.picking = onpicked
  }

  stopPicking(): void {
    this.picking = null
    this.setHover(null)
    this.map.getCanvas().style.cursor = ''
  }

  stopPlacing(): void {
    this.placing?.remove()
    this.placing = null
    this.map.getCanvas().style.cursor = ''
  }

  /** Draws these estates, and no others. */
  setEstates(estates: FeatureCollection<Point>): void {
    this.whenReady(() => this.map.getSource<GeoJSONSource>('estates')?.setData(estates))
  }

  /** Draws these place names, and no others. */
  setNames(names: FeatureCollection): void {
    this.whenReady(() => this.map.getSource<GeoJSONSource>('names')?.setData(names))
  }

  /** West, south, east and north of what the window shows. */
  viewBounds(): Bounds {
    const bounds = this.map.getBounds()
    return [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()]
  }

  /** Draws over the tiles what is given; the rest stays as it is. */
  showOver(change: Partial<Overlay>): void {
    this.over = { ...this.over, ...change }
    this.whenReady(() => showOverlay(this.map, this.over))
  }

  /** Shows what is behind a figure, and nothing else of the kind. */
  showBehind(behind: Behind): void {
    this.whenReady(() => showBehind(this.map, behind))
  }

  /** From now on the pointer draws a ring, or a line; it is given when it is ended. */
  startDrawing(ondrawn: (corners: Corner[]) => void, ongivenup: () => void, line = false): void {
    this.stopDrawing()
    this.hover(null)
    this.drawing = new Drawing(this.map, (ring) => this.showOver({ ring, open: true, line }), ondrawn, ongivenup, line)
  }

  stopDrawing(): void {
    const ended = this.drawing
    ended?.remove()
    // The click that ended it is still on its way, and is no choice of what lies there.
    setTimeout(() => {
      if (this.drawing === ended) this.drawing = null
    })
  }

  /** Where a division lies, as far as the tiles seen so far tell; null if none did. */
  boundsOf(code: string): Bounds | null {
    return this.boxes.get(code) ?? null
  }

  /** What the tiles say about a thing that only they know. */
  find(selection: Selection): Record<string, unknown> | null {
    if (!this.ready) return null
    const layer = { road: 'roads', building: 'buildings', barrier: 'barriers' }[selection.kind as string]
    if (!layer) return null
    const [feature] = this.map.querySourceFeatures('ground', {
      sourceLayer: layer,
      filter: ['==', ['get', 'id'], selection.id],
    })
    return feature?.properties ?? null
  }

  /** Says how much of the window is covered by panels. What was clicked just before a
   *  panel opened over it is moved into sight. */
  setPadding(padding: Padding): void {
    const wider = padding.right > this.padding.right
    this.padding = padding
    if (!this.ready) this.refit()
    if (!wider || !this.clicked) return
    const over = this.map.project(this.clicked).x - (this.map.getContainer().clientWidth - padding.right)
    if (over <= 0) return
    this.fitted = false
    this.map.panBy([over, 0], { duration: 300 })
  }

  /** Goes near the place of the last click. */
  goToClick(zoom: number): void {
    if (this.clicked) this.goTo(this.clicked.lng, this.clicked.lat, zoom)
  }

  fit(bounds: Bounds): void {
    this.fitted = false
    this.fitNow(bounds, 700)
  }

  fitDistrict(): void {
    this.fitted = true
    this.fitNow(this.bounds, 700)
  }

  private refit(): void {
    if (this.fitted) this.fitNow(this.bounds, 0)
  }

  private fitNow(bounds: Bounds, duration: number): void {
    this.map.fitBounds(bounds, { padding: roomFor(this.map.getContainer(), this.padding), maxZoom: 16, duration })
  }

  /** Brings a place into the free part of the window, at least this close. */
  goTo(lon: number, lat: number, zoom: number): void {
    this.fitted = false
    const near = Math.max(zoom, this.map.getZoom())
    this.map.flyTo({ center: [lon, lat], zoom: near, offset: this.offset(), duration: 700 })
  }

  private offset(): [number, number] {
    const { left, right, top, bottom } = this.padding
    return [(left - right) / 2, (top - bottom) / 2]
  }

  jump(view: View): void {
    const { lng, lat } = this.map.getCenter()
    const near = Math.abs(lng - view.lon) < 1e-4 && Math.abs(lat - view.lat) < 1e-4 && Math.abs(this.map.getZoom() - view.zoom) < 0.02
    if (near) return
    this.fitted = false
    this.map.jumpTo({ center: [view.lon, view.lat], zoom: view.zoom })
  }

  zoomBy(steps: number): void {
    this.fitted = false
    this.map.easeTo({ zoom: this.map.getZoom() + steps, duration: 250 })
  }

  /** What the map shows now, so that it can be drawn again elsewhere, and the part of the
   *  ground that panels leave free. */
  snapshot(): Snapshot {
    const { clientWidth, clientHeight } = this.map.getContainer()
    const free = roomFor(this.map.getContainer(), this.padding)
    const sw = this.map.unproject([free.left, clientHeight - free.bottom])
    const ne = this.map.unproject([clientWidth - free.right, free.top])
    return {
      district: this.district,
      query: this.query,
      // A sheet shows how things are: the marks of a plan do not stand on it.
      look: { ...this.look, trial: null },
      hidden: this.hidden,
      shares: this.shares,
      bounds: [sw.lng, sw.lat, ne.lng, ne.lat],
    }
  }

  setLabel(label: string): void {
    this.map.getCanvas().setAttribute('aria-label', label)
  }

  focus(): void {
    this.map.getCanvas().focus({ preventScroll: true })
  }

  remove(): void {
    clearTimeout(this.refitting)
    this.placing?.remove()
    this.drawing?.remove()
    this.pins?.remove()
    this.map.remove()
  }
}
