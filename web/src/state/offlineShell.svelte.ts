/** The app's own code on the device, so that a screen of the field opens without a signal; see
 *  src/field.sw.js. Only field screens ask for it. */
class Shell {
  /** the screens of the field open without a signal */
  ready = $state(false)
  /** this browser or this way of serving cannot do it */
  impossible = $state(false)
  /** a newer app is on the device and takes over when the page is loaded anew */
  update = $state(false)
  private asked = false

  async install(): Promise<void> {
    if (this.asked) return
    this.asked = true
    const { serviceWorker } = navigator
    if (!serviceWorker || !window.isSecureContext) {
      this.impossible = true
      return
    }
    try {
      const registration = await serviceWorker.register('/sw.js')
      this.follow(registration)
      registration.addEventListener('updatefound', () => this.follow(registration))
    } catch {
      // Without a signal the one of the last visit serves, which then controls this page.
      this.ready = serviceWorker.controller !== null
      this.impossible = !this.ready && navigator.onLine
      this.asked = false
    }
  }

  private follow(registration: ServiceWorkerRegistration): void {
    const look = (): void => {
      this.ready = registration.active !== null
      this.update = registration.active !== null && registration.waiting !== null
    }
    look()
    registration.installing?.addEventListener('statechange', look)
  }

  /** Lets the newer app take over, and loads it. */
  async renew(): Promise<void> {
    const waiting = (await navigator.serviceWorker.getRegistration('/'))?.waiting
    if (!waiting) return
    navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true })
    waiting.postMessage('take over')
  }

  /** Takes the code off the device, as when somebody signs out. */
  async remove(): Promise<void> {
    this.asked = false
    await (await navigator.serviceWorker?.getRegistration('/'))?.unregister()
    for (const name of 'caches' in window ? await caches.keys() : []) if (name.startsWith('yike-field-')) await caches.delete(name)
  }
}

export const shell = new Shell()
