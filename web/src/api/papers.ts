import type { CoverageQuery } from './client'
import { download, fileNameOf } from './download'

/** A cost of a plan, in yuan. */
export interface PaperCost {
  what: string
  kind: 'one_off' | 'per_year'
  yuan: number
  source?: string
}

/** A plan to be compared: steps as the what-if API takes them, each with the name of its place. */
export interface PaperOption {
  name?: string
  note?: string
  steps: Record<string, unknown>[]
  costs?: PaperCost[]
}

export interface PaperOrder {
  query: CoverageQuery
  band: string
  level: string
  office: string
  options: PaperOption[]
  /** the package has its layers as a GeoPackage, too */
  geopackage: boolean
}

/** A file as it came back. */
export interface Paper {
  name: string
  file: Blob
  /** characters that the server's fonts lack, as U+XXXX */
  missing: string
}

export type PaperKind = 'package' | 'report'

export const papersApi = {
  make: async (kind: PaperKind, order: PaperOrder, lang: string, signal?: AbortSignal): Promise<Paper> => {
    const { query, ...rest } = order
    const answer = await download(`coverage/${kind}`, { ...query, ...rest, words: lang }, lang, signal)
    return {
      name: fileNameOf(answer.headers.get('content-disposition') ?? '', kind === 'report' ? 'report.pdf' : 'package.zip'),
      file: await answer.blob(),
      missing: answer.headers.get('missing-characters') ?? '',
    }
  },
}
