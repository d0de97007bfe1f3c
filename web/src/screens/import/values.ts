/** A value of a record in a line of changes. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined || value === '') return '∅'
  if (Array.isArray(value)) return value.length === 0 ? '∅' : value.map(String).join(', ')
  if (typeof value === 'object') return JSON.stringify(value)
  return String(value)
}
