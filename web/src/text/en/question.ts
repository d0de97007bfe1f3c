import type { FigureWords } from '../zh'
import type { zhQuestion } from '../zh/question'

export const enQuestion: typeof zhQuestion = {
  metres: (n) => `${n} m`,
  so: (far, how) => `${far} (${how})`,
  and: ', ',
  ofTier: (type, tier) => `${type} (${tier})`,
  distance: 'Walking distance (m)',
  byDistance: 'By distance',
  byTime: 'By time',
  distanceHelp: 'along the pedestrian network, whatever the pace',
  other: 'Other',
  otherMetres: 'Other distance (50–3,600 m)',
  more: 'More conditions',
  walkers: 'Who walks',
  walkerName: { plain: 'Anybody', elder: 'Elders', step_free: 'Step-free' },
  walkerHelp: {
    plain: 'the same pace on every way, no waiting at crossings',
    elder: 'half the pace on stairs; 30 s at signals, 7 s at other crossings; slopes count',
    step_free: 'wheelchairs and pushchairs: no stairs, no gate that wheels cannot pass; else as elders',
  },
  walkerNoDistance: 'A distance is the same for all walkers: stairs and waiting are times.',
  walker: { elder: 'elders', step_free: 'step-free' },
  hour: 'Time of day',
  hours: { any: 'Any', always: 'All day', clock: 'At' },
  hourHelp: {
    any: 'gates that keep hours count as open',
    always: 'only gates that are never shut',
    clock: 'gates as they are at this time',
  },
  hourNone: 'No gate in the street data keeps hours, so the time of day changes nothing.',
  clock: 'Time',
  at: (hour) => (hour === 'always' ? 'gates open all day' : `at ${hour}`),
  tiers: 'Life circle tier',
  anyTier: 'Any',
  tierShort: { '5': '5 min', '10': '10 min', '15': '15 min' },
  tier: { '5': '5-minute life circle', '10': '10-minute life circle', '15': '15-minute life circle' },
  tierHelp: 'Only facilities registered for this tier count: by GB 50180-2018 no tier stands for another.',
  anyDivision: 'division',
  byDivision: (title) => {
    const level = title.toLowerCase()
    return {
      uncovered: `In a ${level} without one`,
      within: `In a ${level} with one`,
      beyond: `In a ${level} without one`,
      reached: 'People of the divisions it serves',
      gaps: `People in a ${level} without one`,
      circles: '',
      people: (band: string) => `People ${band}, by their ${level}`,
      unsnapped: `in no ${level}`,
      coveredText: (p: FigureWords) =>
        `Of ${p.population} ${p.base} people ${p.band}, ${p.covered} live in a ${level} that has an open facility of the type “${p.type}” or is assigned to one. Such facilities are not judged by walks.`,
      uncoveredText: (p: FigureWords) => `${p.uncovered} people live in a ${level} that has no open facility of the type “${p.type}” and is assigned to none.`,
      unsnappedText: (p: FigureWords) => `Another ${p.unsnapped} people live in no ${level}; nothing can be said of them, and they are listed apart. The three add up to the population.`,
      gapsText: (n: string) => `The people in a ${level} without a facility form ${n} areas; every such population point lies in exactly one.`,
      states: { covered: `their ${level} has one`, uncovered: `their ${level} has none`, unsnapped: `in no ${level}` },
      heading: (type: string) => `Which ${level} has no ${type}?`,
    }
  },
}
