import type { Code, PlateCodes, PlateFace, PlateRow } from '../api/plates.types'

/** The face of a plate in a line: 沣东大道 12号. */
export const faceText = (face: PlateFace): string => `${face.name} ${face.number}`.trim()

/** The word of a code; the code itself where there is none. */
export const codeOf = (list: readonly Code[] | undefined, code: string): { zh: string; en: string } => list?.find((each) => each.code === code) ?? { zh: code, en: code }

/** The colour of a state's badge. */
export function plateTone(state: string): string {
  if (state === 'fixed' || state === 'verified') return 'good'
  if (state === 'damaged' || state === 'lost') return 'bad'
  if (state === 'replaced' || state === 'withdrawn') return ''
  return 'busy'
}

/** The code that a text holds: what a symbol spells, or the groups as they are typed; '' for none.
 *  The check symbol is left to the server. */
export function codeIn(text: string): string {
  let rest = text.trim()
  const url = /^[a-z]+:\/\/[^/]+\/([^?#]*)/i.exec(rest)
  if (url) rest = (url[1] ?? '').replace(/^plates\/field\/?/, '')
  const symbols = rest.replaceAll(/[\s/-]/g, '').toUpperCase().replaceAll(/[IL]/g, '1').replaceAll('O', '0')
  return /^[0-9A-HJKMNP-TV-Z]{14}$/.test(symbols) ? symbols : ''
}

/** Whether what was read is on a plate. */
export const readsAs = (scanned: string, plate: PlateRow): boolean => scanned.trim() !== '' && (codeIn(scanned) === plate.token || scanned.trim() === plate.foreign_payload)

/** Metres between two places, good enough for a street. */
export function metresBetween(a: readonly [number, number], b: readonly [number, number]): number {
  const rad = Math.PI / 180
  const x = (b[0] - a[0]) * rad * Math.cos(((a[1] + b[1]) / 2) * rad)
  const y = (b[1] - a[1]) * rad
  return Math.hypot(x, y) * 6_371_000
}

/** The day in China. */
export const dayInChina = (): string => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)

/** A key of an event: the photo that goes with it has it as its subject. */
export const eventKey = (): string => crypto.randomUUID().replaceAll('-', '')

/** How many of each state, in the order of a life. */
export const inOrder = (codes: PlateCodes, counts: Record<string, number>): { code: string; zh: string; en: string; n: number }[] =>
  codes.states.map((each) => ({ ...each, n: counts[each.code] ?? 0 })).filter((each) => each.n > 0)
