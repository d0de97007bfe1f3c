/** Merging what two people did to the same record: fields that only one of them changed
 *  are taken as changed; where both did, a person decides. */

export interface Conflict {
  field: string
  base: unknown
  mine: unknown
  theirs: unknown
}

export interface Merged<T> {
  /** with theirs where only they changed, mine elsewhere */
  value: T
  /** fields that only they changed */
  taken: string[]
  conflicts: Conflict[]
}

/** Equal as they are sent; what is not there is nothing, as null is. */
export function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null)
}

export function merge<T extends object>(base: T, mine: T, theirs: T): Merged<T> {
  const value = { ...mine }
  const taken: string[] = []
  const conflicts: Conflict[] = []
  for (const field of new Set([...Object.keys(base), ...Object.keys(theirs)]) as Set<keyof T & string>) {
    if (same(base[field], theirs[field]) || same(mine[field], theirs[field])) continue
    if (same(base[field], mine[field])) {
      value[field] = theirs[field]
      taken.push(field)
    } else {
      conflicts.push({ field, base: base[field], mine: mine[field], theirs: theirs[field] })
    }
  }
  return { value, taken, conflicts }
}

/** The fields of `mine` that are not as in `base`. */
export function patchOf<T extends object>(base: T, mine: T): Partial<T> {
  const patch: Partial<T> = {}
  for (const field of Object.keys(mine) as (keyof T)[]) if (!same(base[field], mine[field])) patch[field] = mine[field]
  return patch
}
