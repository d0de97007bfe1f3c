import { premisesApi } from '../api/premises'
import type { Code, Codes, Line, Room, UseCode } from '../api/premises.types'
import { app } from './app.svelte'
import { Loading } from './loading.svelte'

/** What the screens of the ledger share: its lists of codes, and what places are
 *  called. */
class Ledger {
  readonly loading = new Loading<Codes>()
  readonly codes = $derived(this.loading.value)
  /** places by their code, from the summary */
  places = $state.raw<Map<string, Line>>(new Map())

  async load(): Promise<void> {
    if (!this.codes) await this.loading.run((signal) => premisesApi.codes(app.lang, signal))
  }

  /** The words of a code of a list; the code itself where it is none. */
  word(list: keyof Codes, code: string | undefined): string {
    const found = ((this.codes?.[list] ?? []) as Code[]).find((each) => each.code === code)
    return found ? app.word(found) : (code ?? '')
  }

  use(code: string | undefined): string {
    return this.word('uses', code)
  }

  useInfo(code: string | undefined): UseCode | undefined {
    return this.codes?.uses.find((each) => each.code === code)
  }

  /** What a division is called, with what holds it where that is told. */
  place(code: string | undefined, whole = false): string {
    if (!code) return ''
    const line = this.places.get(code)
    const known = line ?? app.division(code)
    if (!known) return code
    const parent = whole ? this.places.get(line?.parent ?? '') : undefined
    return parent ? `${app.nameOf(parent)} › ${app.nameOf(known)}` : app.nameOf(known)
  }

  /** Building, floor and room as people say them. */
  spot(room: Pick<Room, 'estate' | 'building' | 'floor' | 'room_no'>): string {
    const { estate, building, floor, room_no: no } = room
    const zh = app.lang === 'zh'
    const parts = [
      estate,
      building && (zh && /^\d+$/.test(building) ? `${building} 号楼` : building),
      floor && (zh && /^-?\d+$/.test(floor) ? `${floor} 层` : floor),
      no,
    ]
    return parts.filter((part) => part).join(zh ? ' ' : ', ')
  }
}

export const ledger = new Ledger()

/** The address of the main map looking at a place, with something selected. */
export function mapAddress(at: { lon: number; lat: number } | null, zoom: number, selection: string, type = ''): string {
  const [path = '/', query = ''] = app.address('map').split('?')
  const params = new URLSearchParams(query)
  params.delete('day')
  if (type) params.set('type', type)
  if (at) params.set('v', `${Number(zoom.toFixed(2))}/${Number(at.lat.toFixed(5))}/${Number(at.lon.toFixed(5))}`)
  if (selection) params.set('sel', selection)
  else params.delete('sel')
  return `${path}?${params.toString().replaceAll('%2F', '/').replaceAll('%2C', ',')}`
}

/** The middle of bounds, and the zoom at which they fill a window of some width. */
export function viewOfBounds(bounds: readonly number[], width = 700): { lon: number; lat: number; zoom: number } | null {
  const [west, south, east, north] = bounds
  if (west === undefined || south === undefined || east === undefined || north === undefined) return null
  const lat = (south + north) / 2
  // A degree of latitude takes more room on the map than one of longitude.
  const span = Math.max(east - west, (north - south) / Math.cos((lat * Math.PI) / 180), 1e-4)
  const zoom = Math.log2((360 * width) / (512 * span))
  return { lon: (west + east) / 2, lat, zoom: Math.min(17, Math.max(9, zoom)) }
}
