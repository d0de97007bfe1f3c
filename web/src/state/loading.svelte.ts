import { ApiError, type Fault } from '../api/http'
import { Attempt } from './attempt'

/** Something that is fetched, and what came of it. What came before stays until the
 *  next answer. */
export class Loading<T> {
  value = $state.raw<T | null>(null)
  failure = $state.raw<unknown>(null)
  busy = $state(false)
  private abort: AbortController | null = null

  /** Runs a fetch; a newer one takes the place of an older. */
  async run(fetcher: (signal: AbortSignal) => Promise<T>): Promise<void> {
    this.abort?.abort()
    const abort = new AbortController()
    this.abort = abort
    this.busy = true
    try {
      const value = await fetcher(abort.signal)
      if (abort.signal.aborted) return
      this.value = value
      this.failure = null
    } catch (error) {
      if (!abort.signal.aborted) this.failure = error
    } finally {
      if (this.abort === abort) this.busy = false
    }
  }

  stop(): void {
    this.abort?.abort()
  }
}

/** Something that a person sends: one at a time, with its key, and what was wrong. */
export class Sending {
  busy = $state(false)
  failure = $state.raw<unknown>(null)
  private readonly attempt = new Attempt()

  /** Sends a request; true when it had its effect. `request` is what decides whether a
   *  second try is the same. */
  async run(request: unknown, send: (key: string) => Promise<void>): Promise<boolean> {
    if (this.busy) return false
    this.busy = true
    this.failure = null
    try {
      await send(this.attempt.keyFor(request))
      this.attempt.done()
      return true
    } catch (error) {
      this.failure = error
      return false
    } finally {
      this.busy = false
    }
  }

  get error(): ApiError | null {
    return this.failure instanceof ApiError ? this.failure : null
  }

  /** What was wrong with one field of the body, in words. */
  fault(field: string): string {
    return faultsAt(this.error?.faults ?? [], field)
  }

  /** What was wrong that none of the given fields shows. */
  otherFaults(fields: readonly string[]): Fault[] {
    return (this.error?.faults ?? []).filter((fault) => !fields.includes(fieldOf(fault)))
  }
}

/** The field of the body that a fault is of: name_zh for #/name_zh and #/policy/name_zh,
 *  fields.beds for #/fields/beds. */
export function fieldOf(fault: Fault): string {
  const parts = (fault.pointer ?? '').split('/').filter((part) => part !== '' && part !== '#' && part !== 'policy')
  if (parts[0] === 'fields' && parts[1]) return `fields.${parts[1]}`
  return parts[0]?.replaceAll('~1', '/').replaceAll('~0', '~') ?? ''
}

function faultsAt(faults: readonly Fault[], field: string): string {
  return faults
    .filter((fault) => fieldOf(fault) === field)
    .map((fault) => (fault.hint ? `${fault.reason} ${fault.hint}` : fault.reason))
    .join(' ')
}
