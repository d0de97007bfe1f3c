import { formatRing } from '../map/ring'
import { app } from './app.svelte'

/** Drawing an area on the map: one that filters the list, or one whose people are counted. */
class DrawingArea {
  /** what it is for; '' while nobody draws */
  purpose = $state<'' | 'list' | 'count'>('')
  /** the last one held nothing */
  tooSmall = $state(false)

  readonly on = $derived(this.purpose !== '')

  toggle(): void {
    if (this.on) this.stop()
    else this.start('list', (area) => app.setList({ area }))
  }

  /** From now on the pointer draws; `ondrawn` gets the ring as an address has it. */
  start(purpose: 'list' | 'count', ondrawn: (ring: string) => void): void {
    const { map } = app
    if (!map) return
    this.purpose = purpose
    this.tooSmall = false
    map.startDrawing(
      (ring) => {
        const area = formatRing(ring)
        this.tooSmall = area === ''
        this.stop()
        if (area !== '') ondrawn(area)
      },
      () => this.stop(),
    )
    map.focus()
  }

  stop(): void {
    this.purpose = ''
    app.map?.stopDrawing()
    app.map?.showOver({ ring: [], open: false })
  }
}

export const drawing = new DrawingArea()
