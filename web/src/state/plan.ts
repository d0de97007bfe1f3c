/** A plan as it stands in the address bar: steps joined by ";", each a letter for what it
 *  does and then an id or places, joined by ",". Reading never fails: a step that is not
 *  understood is left out. Pure. */

export type Step =
  | { do: 'add'; lon: number; lat: number }
  | { do: 'move'; id: string; lon: number; lat: number }
  | { do: 'close' | 'reopen' | 'close_way' | 'open_gate' | 'shut_gate'; id: string }
  | { do: 'add_path'; line: [number, number][] }

/** A plan that is begun and has no step yet. */
export const EMPTY = '0'

export const MOST_STEPS = 100

const letters = { add: 'a', move: 'm', close: 'c', reopen: 'r', close_way: 'w', open_gate: 'o', shut_gate: 's', add_path: 'p' } as const
const kinds = Object.fromEntries(Object.entries(letters).map(([kind, letter]) => [letter, kind])) as Record<string, Step['do']>

/** Six decimals are a tenth of a metre. */
const degrees = (value: number) => String(Number(value.toFixed(6)))

function degreesOf(text: string | undefined, most: number): number {
  const value = text === undefined || text.trim() === '' ? NaN : Number(text)
  return Math.abs(value) <= most ? value : NaN
}

function placesOf(parts: string[]): [number, number][] | null {
  if (parts.length === 0 || parts.length % 2 === 1) return null
  const out: [number, number][] = []
  for (let i = 0; i < parts.length; i += 2) {
    const place: [number, number] = [degreesOf(parts[i], 180), degreesOf(parts[i + 1], 90)]
    if (place.some(Number.isNaN)) return null
    out.push(place)
  }
  return out
}

function idOf(text: string | undefined): string {
  try {
    return decodeURIComponent(text ?? '')
  } catch {
    return ''
  }
}

function stepOf(text: string): Step | null {
  const kind = kinds[text.charAt(0)]
  const parts = text.slice(1).split(',')
  switch (kind) {
    case undefined:
      return null
    case 'add': {
      const places = placesOf(parts)
      const [place] = places ?? []
      return place && places?.length === 1 ? { do: kind, lon: place[0], lat: place[1] } : null
    }
    case 'move': {
      const places = placesOf(parts.slice(1))
      const [place] = places ?? []
      const id = idOf(parts[0])
      return place && places?.length === 1 && id ? { do: kind, id, lon: place[0], lat: place[1] } : null
    }
    case 'add_path': {
      const line = placesOf(parts)
      return line && line.length > 1 ? { do: kind, line } : null
    }
    default: {
      const id = parts.length === 1 ? idOf(parts[0]) : ''
      return id ? { do: kind, id } : null
    }
  }
}

export function parsePlan(text: string): Step[] {
  return text
    .split(';')
    .map(stepOf)
    .filter((step) => step !== null)
    .slice(0, MOST_STEPS)
}

export function formatPlan(steps: readonly Step[]): string {
  const text = steps.map((step) => {
    const letter = letters[step.do]
    if (step.do === 'add') return `${letter}${degrees(step.lon)},${degrees(step.lat)}`
    if (step.do === 'add_path') return letter + step.line.map((place) => place.map(degrees).join(',')).join(',')
    const id = letter + encodeURIComponent(step.id)
    return step.do === 'move' ? `${id},${degrees(step.lon)},${degrees(step.lat)}` : id
  })
  return text.join(';') || EMPTY
}

/** What of a plan stays when another type is asked for: facilities of the one before mean
 *  nothing to it, places and streets do. */
export function withoutFacilities(text: string): string {
  if (text === '') return ''
  return formatPlan(parsePlan(text).filter((step) => step.do !== 'move' && step.do !== 'close' && step.do !== 'reopen'))
}

/** The name of an added site by its turn among them, in the API and, in upper case, on the map. */
export function letterOf(turn: number): string {
  const letter = String.fromCharCode(97 + (turn % 26))
  return turn < 26 ? letter : letter + String(Math.floor(turn / 26))
}

/** A step as the API takes it; `turn` is how many were added before it. */
export function wireOf(steps: readonly Step[]): Record<string, unknown>[] {
  let added = 0
  let paths = 0
  return steps.map((step) => {
    if (step.do === 'add') return { ...step, id: `new-${letterOf(added++)}` }
    if (step.do === 'add_path') return { ...step, id: `path-${letterOf(paths++)}` }
    return { ...step }
  })
}

/** The end of the scale for changes of shares: the greatest of them, rounded up to one that
 *  reads well, so that a drag does not change the colours at every step. */
export function mostOf(changes: readonly number[]): number {
  const greatest = Math.max(0, ...changes.map(Math.abs))
  return [0.02, 0.05, 0.1, 0.2, 0.5].find((end) => greatest <= end) ?? 1
}
