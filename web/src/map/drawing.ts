import type { Map as MapLibre, MapMouseEvent, MapTouchEvent } from 'maplibre-gl'
import type { Corner } from './ring'

/** Moved by less, a press is a click. */
const CLICK_PX = 6
/** Corners of a free hand are this far apart. */
const STEP_PX = 4
/** A click this near to the first corner closes the ring. */
const CLOSE_PX = 14

/** Drawing a ring or a line: with the button held it follows the hand (a lasso), and each
 *  click sets a corner; a double click or Enter ends it, a click on the first corner closes a
 *  ring, Escape gives it up. */
export class Drawing {
  private corners: Corner[] = []
  private pressed: { x: number; y: number } | null = null
  private free = false

  constructor(
    private readonly map: MapLibre,
    /** what is drawn so far, and the place pointed at */
    private readonly onchange: (ring: Corner[]) => void,
    private readonly onclosed: (ring: Corner[]) => void,
    private readonly ongivenup: () => void,
    /** a line stays open, and has two corners at least where a ring has three */
    private readonly line = false,
  ) {
    map.dragPan.disable()
    map.doubleClickZoom.disable()
    map.on('mousedown', this.press)
    map.on('touchstart', this.press)
    map.on('mousemove', this.follow)
    map.on('touchmove', this.follow)
    map.on('mouseup', this.release)
    map.on('touchend', this.release)
    map.on('dblclick', this.close)
    addEventListener('keydown', this.key, true)
    map.getCanvas().style.cursor = 'crosshair'
  }

  private readonly press = (event: MapMouseEvent | MapTouchEvent): void => {
    if ('points' in event && event.points.length > 1) return // two fingers move the map
    this.pressed = event.point
    this.free = false
  }

  private readonly follow = (event: MapMouseEvent | MapTouchEvent): void => {
    const at: Corner = [event.lngLat.lng, event.lngLat.lat]
    if (!this.pressed) {
      if (this.corners.length > 0) this.onchange([...this.corners, at])
      return
    }
    if (!this.free && far(event.point, this.pressed) < CLICK_PX) return
    if (!this.free) {
      this.free = true
      this.corners = []
    }
    const last = this.corners[this.corners.length - 1]
    if (last && far(this.map.project(last), event.point) < STEP_PX) return
    this.corners.push(at)
    this.onchange([...this.corners])
  }

  private readonly release = (event: MapMouseEvent | MapTouchEvent): void => {
    if (!this.pressed) return
    this.pressed = null
    if (this.free) {
      this.close()
      return
    }
    const [first] = this.corners
    if (first && !this.line && this.corners.length > 2 && far(this.map.project(first), event.point) < CLOSE_PX) {
      this.close()
      return
    }
    this.corners.push([event.lngLat.lng, event.lngLat.lat])
    this.onchange([...this.corners])
  }

  private readonly close = (): void => {
    if (this.corners.length >= (this.line ? 2 : 3)) this.onclosed(this.corners)
    else if (this.free) this.ongivenup()
  }

  private readonly key = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      event.preventDefault()
      event.stopPropagation()
      this.ongivenup()
    } else if (event.key === 'Enter') {
      event.preventDefault()
      this.close()
    }
  }

  remove(): void {
    const { map } = this
    map.off('mousedown', this.press)
    map.off('touchstart', this.press)
    map.off('mousemove', this.follow)
    map.off('touchmove', this.follow)
    map.off('mouseup', this.release)
    map.off('touchend', this.release)
    map.off('dblclick', this.close)
    removeEventListener('keydown', this.key, true)
    map.dragPan.enable()
    map.doubleClickZoom.enable()
    map.getCanvas().style.cursor = ''
  }
}

function far(a: { x: number; y: number }, b: { x: number; y: number }): number {
  return Math.hypot(a.x - b.x, a.y - b.y)
}
