/** The order of a table as the address bar holds it. Pure. */

export interface Order {
  key: string
  descending: boolean
}

export function orderOf(text: string, known: readonly string[], usual: Order): Order {
  const key = text.replace(/^-/, '')
  return known.includes(key) ? { key, descending: text.startsWith('-') } : usual
}

export const formatOrder = ({ key, descending }: Order): string => (descending ? '-' : '') + key

/** Sorts a copy; rows without a value come last either way, and equal rows stay as they were. */
export function inOrder<T>(rows: readonly T[], order: Order, value: (row: T, key: string) => string | number | null, lang: 'zh' | 'en'): T[] {
  const collator = new Intl.Collator(lang === 'zh' ? 'zh-Hans-CN' : 'en', { numeric: true })
  const sign = order.descending ? -1 : 1
  return [...rows].sort((a, b) => {
    const [x, y] = [value(a, order.key), value(b, order.key)]
    if (x === null || y === null) return Number(x === null) - Number(y === null)
    return sign * (typeof x === 'string' || typeof y === 'string' ? collator.compare(String(x), String(y)) : x - y)
  })
}
