import { Marker, type Map as MapLibre } from 'maplibre-gl'

/** A place that may be dragged, or moved by the arrow keys. */
export interface Pin {
  lon: number
  lat: number
  /** one or two characters on the pin */
  text: string
  /** what it is, for who does not see it */
  label: string
  /** a corner of an outline: a small handle whose middle is the place */
  corner?: boolean
}

export interface PinEvents {
  /** while it is dragged */
  drag: (index: number, lon: number, lat: number) => void
  /** it was let go */
  drop: () => void
}

/** A key moves a pin by so many pixels, with Shift by so many. */
const STEP = 4
const STRIDE = 32
const arrows: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

/** Pins of a plan on a map. They are known by their order: one that is under the pointer
 *  stays the same element while it moves. */
export class Pins {
  private markers: Marker[] = []

  constructor(
    private readonly map: MapLibre,
    private readonly events: PinEvents,
  ) {}

  /** Shows these and no others. */
  show(pins: readonly Pin[]): void {
    for (const marker of this.markers.splice(pins.length)) marker.remove()
    pins.forEach((pin, index) => {
      const marker = (this.markers[index] ??= this.make(index, pin.corner ?? false))
      marker.setLngLat([pin.lon, pin.lat])
      const element = marker.getElement()
      element.textContent = pin.text
      element.setAttribute('aria-label', pin.label)
      element.title = pin.label
    })
  }

  private make(index: number, corner: boolean): Marker {
    const element = document.createElement('button')
    element.className = corner ? 'corner-pin' : 'plan-pin'
    element.type = 'button'
    const marker = new Marker({ element, draggable: true, anchor: corner ? 'center' : 'bottom' }).setLngLat([0, 0]).addTo(this.map)
    const tell = () => {
      const { lng, lat } = marker.getLngLat()
      this.events.drag(index, lng, lat)
    }
    marker.on('drag', tell)
    marker.on('dragend', () => {
      tell()
      this.events.drop()
    })
    // Over it a click is no choice of what lies below.
    element.addEventListener('click', (event) => event.stopPropagation())
    element.addEventListener('keydown', (event) => {
      const way = arrows[event.key]
      if (!way) return
      event.preventDefault()
      event.stopPropagation()
      const far = event.shiftKey ? STRIDE : STEP
      const at = this.map.project(marker.getLngLat())
      marker.setLngLat(this.map.unproject([at.x + way[0] * far, at.y + way[1] * far]))
      tell()
    })
    element.addEventListener('keyup', (event) => {
      if (arrows[event.key]) this.events.drop()
    })
    return marker
  }

  remove(): void {
    for (const marker of this.markers) marker.remove()
    this.markers = []
  }
}
