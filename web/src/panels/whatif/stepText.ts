import type { WhatIfStreet } from '../../api/whatif.types'
import { letterOf, type Step } from '../../state/plan'
import type { Messages } from '../../text/zh'
import { number, type Lang } from '../../text/format'

/** What the words of steps are made from. */
export interface Known {
  m: Messages
  lang: Lang
  streets: readonly WhatIfStreet[]
  /** name of a facility of the registry or of the plan */
  nameOf: (id: string) => string
  /** name of a division by its code */
  placeOf: (code: string) => string
}

export interface StepLine {
  text: string
  /** of a facility; '' for streets */
  id: string
}

/** The steps of a plan in words, in order. Pure. */
export function stepLines(steps: readonly Step[], known: Known): StepLine[] {
  const w = known.m.whatif
  let added = 0
  let paths = 0
  return steps.map((step) => {
    if (step.do === 'add') {
      const letter = letterOf(added++)
      return { text: w.step.add(w.added(letter.toUpperCase())), id: `new-${letter}` }
    }
    if (step.do === 'add_path') {
      const letter = letterOf(paths++)
      const street = known.streets.find((each) => each.id === `path-${letter}`)
      return { text: w.step.add_path(letter.toUpperCase()) + (street ? w.step.in(facts(street, known)) : ''), id: '' }
    }
    if (step.do === 'close_way' || step.do === 'open_gate' || step.do === 'shut_gate') {
      const street = known.streets.find((each) => each.id === step.id)
      return { text: w.step[step.do](street ? nameOfStreet(street, known) : step.id), id: '' }
    }
    return { text: w.step[step.do](known.nameOf(step.id)), id: step.id }
  })
}

/** A street by its name or class, a gate by its kind and the street that it stands on. */
export function nameOfStreet(street: WhatIfStreet, known: Known): string {
  const { m } = known
  const kind = m.roadClass[street.class] ?? street.class.replaceAll('_', ' ')
  if (street.gate === '') return (street.name || kind || m.fact.unnamed) + m.whatif.step.in(facts(street, known))
  const gate = m.barrierKind[street.gate] ?? street.gate.replaceAll('_', ' ')
  return gate + m.whatif.step.in([m.whatif.step.on(street.name || kind || m.fact.unnamed), known.placeOf(street.division_code)].filter(Boolean))
}

function facts(street: WhatIfStreet, { m, lang, placeOf }: Known): string[] {
  const part = street.do === 'close_way' ? [m.whatif.step.part] : []
  return [...part, `${number(Math.max(1, Math.round(street.length_m)), lang)} m`, placeOf(street.division_code)].filter(Boolean)
}
