import type { FigureWords, Messages } from '../text/zh'

/** The words for who is within reach of a facility and who is not. */
export interface Reach {
  /** the figure of those left behind */
  uncovered: string
  within: string
  beyond: string
  /** head of the people of one facility */
  reached: string
  gaps: string
  circles: string
  people: (band: string) => string
  unsnapped: string
  coveredText: (p: FigureWords) => string
  uncoveredText: (p: FigureWords) => string
  unsnappedText: (p: FigureWords) => string
  gapsText: (n: string) => string
  states: Record<string, string>
  /** what a print asks */
  heading: (type: string) => string
}

/** The words of a question: by walks within a limit, or by divisions of a level. */
export function reachOf(m: Messages, by: { limit: string } | { level: string }): Reach {
  if ('level' in by) return m.question.byDivision(m.level[by.level] ?? m.question.anyDivision)
  const { limit } = by
  return {
    uncovered: m.figure.uncovered(limit),
    within: m.fact.within(limit),
    beyond: m.fact.beyond(limit),
    reached: m.fact.reached(limit),
    gaps: m.legend.gaps(limit),
    circles: m.legend.circles(limit),
    people: m.legend.people,
    unsnapped: m.legend.unsnapped,
    coveredText: m.figure.coveredText,
    uncoveredText: m.figure.uncoveredText,
    unsnappedText: m.figure.unsnappedText,
    gapsText: m.figure.gapsText,
    states: m.fact.stateWords,
    heading: (type) => m.print.heading(limit, type),
  }
}
