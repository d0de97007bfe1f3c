import { Marker, type LngLat, type Map as MapLibre } from 'maplibre-gl'

/** A marker for the place of something that is being registered: put by a click, moved
 *  by dragging. */
export class Placing {
  private readonly marker: Marker
  private shown = false

  constructor(
    private readonly map: MapLibre,
    label: string,
    private readonly onplaced: (lon: number, lat: number) => void,
  ) {
    const element = document.createElement('div')
    element.className = 'place-marker'
    element.title = label
    this.marker = new Marker({ element, draggable: true, anchor: 'bottom' })
    // The fields of the form are what the keyboard places with.
    element.removeAttribute('tabindex')
    element.setAttribute('role', 'img')
    element.setAttribute('aria-label', label)
    this.marker.on('dragend', () => this.tell(this.marker.getLngLat()))
  }

  put(at: LngLat): void {
    this.show({ lon: at.lng, lat: at.lat })
    this.tell(at)
  }

  show(place: { lon: number; lat: number } | null): void {
    if (!place) {
      this.marker.remove()
      this.shown = false
      return
    }
    this.marker.setLngLat([place.lon, place.lat])
    if (!this.shown) this.marker.addTo(this.map)
    this.shown = true
  }

  private tell(at: LngLat): void {
    this.onplaced(at.lng, at.lat)
  }

  remove(): void {
    this.marker.remove()
  }
}
