import type { Fix } from '../api/nameSurvey.types'

/** Where the device is, followed while somebody wants to know. */
export class Locating {
  here = $state.raw<Fix | null>(null)
  on = $state(false)
  failure = $state<'' | 'denied' | 'failed' | 'none'>('')
  private watch = 0
  private lock: WakeLockSentinel | null = null
  private readonly seen = (): void => {
    if (this.on && document.visibilityState === 'visible') void this.stayAwake()
  }

  constructor(private readonly onfix: (fix: Fix) => void) {}

  start(): void {
    if (!('geolocation' in navigator)) {
      this.failure = 'none'
      return
    }
    this.stop()
    this.on = true
    this.failure = ''
    this.watch = navigator.geolocation.watchPosition(
      ({ coords, timestamp }) => {
        this.failure = ''
        this.here = { t: Math.round(timestamp), lon: round(coords.longitude), lat: round(coords.latitude), accuracy_m: Math.round(coords.accuracy * 10) / 10 }
        this.onfix(this.here)
      },
      (error) => {
        this.failure = error.code === error.PERMISSION_DENIED ? 'denied' : 'failed'
        if (this.failure === 'denied') this.stop()
      },
      { enableHighAccuracy: true, maximumAge: 2000, timeout: 30_000 },
    )
    document.addEventListener('visibilitychange', this.seen)
    void this.stayAwake()
  }

  stop(): void {
    if (this.on) navigator.geolocation.clearWatch(this.watch)
    document.removeEventListener('visibilitychange', this.seen)
    this.on = false
    void this.lock?.release().catch(() => {})
    this.lock = null
  }

  /** The place now, once. */
  async now(): Promise<Fix | null> {
    if (this.on && this.here && Date.now() - this.here.t < 15_000) return this.here
    if (!('geolocation' in navigator)) {
      this.failure = 'none'
      return null
    }
    return await new Promise((resolve) => {
      navigator.geolocation.getCurrentPosition(
        ({ coords, timestamp }) => {
          this.failure = ''
          this.here = { t: Math.round(timestamp), lon: round(coords.longitude), lat: round(coords.latitude), accuracy_m: Math.round(coords.accuracy * 10) / 10 }
          resolve(this.here)
        },
        (error) => {
          this.failure = error.code === error.PERMISSION_DENIED ? 'denied' : 'failed'
          resolve(null)
        },
        { enableHighAccuracy: true, maximumAge: 5000, timeout: 15_000 },
      )
    })
  }

  /** A phone that sleeps stops locating. */
  private async stayAwake(): Promise<void> {
    try {
      this.lock = (await navigator.wakeLock?.request('screen')) ?? null
    } catch {
      // A low battery may forbid it; the page says that the screen must stay on.
    }
  }
}

/** Seven places of a degree are a centimetre. */
const round = (degrees: number): number => Math.round(degrees * 1e7) / 1e7
