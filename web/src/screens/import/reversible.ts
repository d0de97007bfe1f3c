import type { ImportRow } from '../../api/imports.types'

/** Whether a row did something that was not reversed yet. */
export const reversible = (row: Pick<ImportRow, 'outcome' | 'undo'>): boolean =>
  ['create', 'unplaced', 'update'].includes(row.outcome) && !['removed', 'restored', 'gone'].includes(row.undo ?? '')
