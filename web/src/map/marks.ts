import { Marker, type Map as MapLibre } from 'maplibre-gl'

/** A place with a letter on it. */
export interface Mark {
  lon: number
  lat: number
  /** one or two characters on the mark */
  text: string
  /** what it is of, for who does not see it */
  label: string
}

/** Lettered marks on a map, such as the two sides of a pair. */
export class Marks {
  private markers: Marker[] = []

  constructor(private readonly map: MapLibre) {}

  /** Shows these and no others. */
  show(marks: readonly Mark[]): void {
    this.remove()
    this.markers = marks.map((mark) => {
      const element = document.createElement('div')
      element.className = 'letter-mark'
      element.textContent = mark.text
      const marker = new Marker({ element, anchor: 'bottom' }).setLngLat([mark.lon, mark.lat]).addTo(this.map)
      element.removeAttribute('tabindex')
      element.setAttribute('role', 'img')
      element.setAttribute('aria-label', mark.label)
      return marker
    })
  }

  remove(): void {
    for (const marker of this.markers) marker.remove()
    this.markers = []
  }
}
