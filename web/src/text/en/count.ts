/** A number and what it counts: "1 room", "2 rooms". `n` is the number as it is written. */
export function count(n: string, one: string, many = `${one}s`): string {
  return n === '1' ? `1 ${one}` : `${n} ${many}`
}
