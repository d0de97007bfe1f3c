/** What is wrong with a question, by the field of the form that shows it. Pure. */
import type { Fault } from '../../api/http'

/** The path of a fault in what was asked: candidates/rooms/use for #/candidates/rooms/use
 *  and for the framework's body.candidates.rooms.use. */
export function pathOf(fault: Fault): string {
  return (fault.pointer ?? '')
    .replace(/^#\//, '')
    .replace(/^body\./, '')
    .replaceAll('.', '/')
}

/** What is wrong with a field or what lies below it, in words; '' where nothing is. */
export function wrongWith(faults: readonly Fault[], field: string): string {
  return faults
    .filter((fault) => pathOf(fault) === field || pathOf(fault).startsWith(`${field}/`))
    .map((fault) => (fault.hint ? `${fault.reason} ${fault.hint}` : fault.reason))
    .join(' ')
}
