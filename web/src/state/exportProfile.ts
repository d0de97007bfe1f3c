import type { ExportColumn, ExportField, ExportProfileContent } from '../api/exports.types'

/** A profile to begin with. */
export function emptyProfile(): ExportProfileContent {
  return { name: '', types: [], format: 'xlsx', system: 'wgs84', days: 'iso', columns: [] }
}

/** What of a kept profile is its content. */
export function contentOf(profile: ExportProfileContent): ExportProfileContent {
  const { name, types, format, system, days, columns } = profile
  return { name, types: [...types], format, system, days, columns: columns.map((column) => ({ ...column, codes: [...(column.codes ?? [])] })) }
}

/** Columns to begin with: those that every type has, and those of the types that are
 *  meant. Where none is, the fields of single types are left to be chosen one by one. */
export function usualColumns(fields: ExportField[], types: string[], lang: string): ExportColumn[] {
  return fields
    .filter((field) => field.usual && (field.types.length === 0 || field.types.some((type) => types.includes(type))))
    .map((field) => ({ head: lang === 'zh' ? field.zh : field.en, field: field.code }))
}

/** A list with one of its entries moved by a step; the same where there is no room. */
export function moved<T>(list: readonly T[], at: number, step: number): T[] {
  const to = at + step
  if (to < 0 || to >= list.length) return [...list]
  const out = [...list]
  const [one] = out.splice(at, 1)
  if (one !== undefined) out.splice(to, 0, one)
  return out
}
