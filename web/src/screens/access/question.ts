/** A question about access as it stands in the address bar and in the form. Pure. */
import type { AccessCapacity, AccessMethod, AccessQuestion } from '../../api/access.types'
import type { Walker } from '../../api/question.types'
import { parsePlan, wireOf } from '../../state/plan'

export const METHODS: readonly AccessMethod[] = ['gaussian', '2sfca', 'enhanced', 'gravity', '3sfca']
export const PROFILES: readonly Walker[] = ['plain', 'elder', 'step_free']
export const MOST_CAPACITY = 1_000_000

export interface Usual {
  type: string
  limit: number
  speed: number
  base: string
  band: string
}

/** A number of the address, or nothing if it is none within bounds. */
function numberOf(text: string, least: number, most: number): number | undefined {
  const value = text.trim() === '' ? NaN : Number(text)
  return value >= least && value <= most ? value : undefined
}

/** What the address asks for; what it does not say, or says wrongly, is as usual. */
export function questionOf(param: (key: string) => string, usual: Usual): AccessQuestion {
  const metres = numberOf(param('metres'), 50, 3600)
  const unknown = numberOf(param('unknown'), 0, MOST_CAPACITY)
  const under = numberOf(param('under'), 0, MOST_CAPACITY)
  const profile = PROFILES.find((each) => each === param('profile')) ?? 'plain'
  const steps = wireOf(parsePlan(param('plan')))
  const capacities = capacitiesOf(param('cap'))
  return {
    type: param('type') || usual.type,
    base: param('base') || usual.base,
    band: param('band') || usual.band,
    method: METHODS.find((each) => each === param('method')) ?? 'gaussian',
    ...(metres === undefined
      ? {
          limit: numberOf(param('limit'), 60, 7200) ?? usual.limit,
          speed: numberOf(param('speed'), 0.3, 2) ?? usual.speed,
          ...(profile === 'plain' ? {} : { profile }),
        }
      : { metres }),
    ...(param('at') ? { at: param('at') } : {}),
    ...(param('tier') ? { tier: param('tier') } : {}),
    ...(unknown ? { capacity_for_unknown: unknown } : {}),
    ...(under ? { under: [under] } : {}),
    ...(steps.length > 0 ? { steps } : {}),
    ...(capacities.length > 0 ? { capacities } : {}),
  }
}

/** Capacities of a plan as the address holds them: id:number, joined by ";". What is not
 *  understood is left out, and of an id that comes twice the last counts. */
export function capacitiesOf(text: string): AccessCapacity[] {
  const out = new Map<string, number>()
  for (const part of text.split(';')) {
    const colon = part.lastIndexOf(':')
    const capacity = numberOf(part.slice(colon + 1), 0, MOST_CAPACITY)
    const id = part.slice(0, colon)
    if (colon > 0 && /^[\w-]{1,64}$/.test(id) && capacity !== undefined) out.set(id, capacity)
  }
  return [...out].map(([id, capacity]) => ({ id, capacity }))
}

/** The same for the address, with one of them changed; undefined takes it out. */
export function withCapacity(text: string, id: string, capacity: number | undefined): string {
  const rest = capacitiesOf(text).filter((each) => each.id !== id)
  if (capacity !== undefined) rest.push({ id, capacity })
  return rest.map((each) => `${each.id}:${each.capacity}`).join(';')
}
