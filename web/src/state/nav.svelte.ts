import { pageOf, type Page } from './page'

/** Which screen is shown. The screens write their own queries; this knows the path. */
class Nav {
  page = $state<Page>(pageOf(location.pathname))
  search = $state.raw(location.search)
  /** what the map does when the address bar says another map than it shows */
  onmap = (): void => {}

  /** Goes to an address of this server without loading the page anew. */
  open(address: string): void {
    history.pushState(null, '', address)
    this.popped()
  }

  /** Goes to an address that takes the place of the present one. */
  replace(address: string): void {
    history.replaceState(null, '', address)
    this.popped()
  }

  /** Changes the query of the present screen; an empty value takes a key out. */
  setParams(change: Record<string, string>, how: 'push' | 'replace' = 'replace'): void {
    const params = new URLSearchParams(location.search)
    for (const [key, value] of Object.entries(change)) {
      if (value === '') params.delete(key)
      else params.set(key, value)
    }
    const query = params.toString().replaceAll('%2F', '/').replaceAll('%2C', ',')
    const address = location.pathname + (query ? `?${query}` : '')
    if (address === location.pathname + location.search) return
    if (how === 'push') history.pushState(null, '', address)
    else history.replaceState(null, '', address)
    this.search = location.search
  }

  param(key: string): string {
    return new URLSearchParams(this.search).get(key) ?? ''
  }

  /** Follows the address bar. */
  popped(): void {
    this.page = pageOf(location.pathname)
    this.search = location.search
    if (this.page === 'map') this.onmap()
  }

  /** Lets a plain click on a link change the screen; a click that asks for a new tab
   *  is the browser's. */
  follow(event: MouseEvent, run?: () => void): void {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    const link = event.currentTarget
    if (!(link instanceof HTMLAnchorElement)) return
    event.preventDefault()
    if (run) run()
    else this.open(link.pathname + link.search)
  }
}

export const nav = new Nav()
