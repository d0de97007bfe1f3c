import type { CaseSubject } from '../api/nameCases.types'

/** The states of a record in which a case about it may begin, by what is asked for. */
export const caseBegins: Record<CaseSubject['act'], string[]> = {
  naming: ['draft', 'reserved', 'proposed', 'customary'],
  renaming: ['approved', 'contested', 'customary'],
  retirement: ['approved', 'customary'],
}

/** What may be asked for about a record of a state, in the order in which it is offered. A record
 *  that is proposed has its case already. */
export function casesFor(state: string): CaseSubject['act'][] {
  return (['naming', 'renaming', 'retirement'] as const).filter((act) => state !== 'proposed' && caseBegins[act].includes(state))
}
