/** One figure on the screen, by what it counts; the address bar has it as text. */

const parts = ['population', 'covered', 'uncovered', 'unsnapped', 'one', 'several', 'nearest', 'gained', 'lost', 'nearer', 'farther', 'share', 'units', 'gaps'] as const
/** share, units and gaps are no sums of people: a rate, communities, and areas. */
export type FigurePart = (typeof parts)[number]

const places = ['division', 'facility', 'gap'] as const

export interface FigureKey {
  part: FigurePart
  /** everybody, the people in no division, or those of one thing */
  place: 'all' | 'outside' | (typeof places)[number]
  id: string
  /** '' is the band of the question */
  band: string
  /** with the plan that is tried out, not as things are */
  plan: boolean
}

export function figureKey(part: FigurePart, more: Partial<FigureKey> = {}): FigureKey {
  return { place: 'all', id: '', band: '', plan: false, ...more, part }
}

/** As text: plan.uncovered/division/990100100001~70+ */
export function formatFigure(key: FigureKey): string {
  const place = key.place === 'all' ? '' : key.place === 'outside' ? '/outside' : `/${key.place}/${key.id}`
  return `${key.plan ? 'plan.' : ''}${key.part}${place}${key.band ? `~${key.band}` : ''}`
}

/** Reads such a text; null where it is none. */
export function parseFigure(text: string): FigureKey | null {
  const [what = '', band = '', ...more] = text.split('~')
  const plan = what.startsWith('plan.')
  const [part, place = 'all', id = '', ...rest] = (plan ? what.slice(5) : what).split('/')
  const known = parts.find((each) => each === part)
  if (!known || more.length > 0 || rest.length > 0) return null
  if ((place === 'all' && id === '') || (place === 'outside' && id === '')) return { part: known, place, id, band, plan }
  const thing = places.find((each) => each === place)
  return thing && id !== '' ? { part: known, place: thing, id, band, plan } : null
}
