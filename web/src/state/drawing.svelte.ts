import { formatRing } from '../map/ring'
import { app } from './app.svelte'

/** Drawing an area on the map, which then filters the list. */
class DrawingArea {
  on = $state(false)
  /** the last one held nothing */
  tooSmall = $state(false)

  toggle(): void {
    if (this.on) this.stop()
    else this.start()
  }

  start(): void {
    const { map } = app
    if (!map) return
    this.on = true
    this.tooSmall = false
    map.startDrawing(
      (ring) => {
        const area = formatRing(ring)
        this.tooSmall = area === ''
        this.stop()
        if (area !== '') app.setList({ area })
      },
      () => this.stop(),
    )
    map.focus()
  }

  stop(): void {
    this.on = false
    app.map?.stopDrawing()
    app.map?.showOver({ ring: [], open: false })
  }
}

export const drawing = new DrawingArea()
