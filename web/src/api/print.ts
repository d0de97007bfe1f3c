import { get } from './http'
import type { MapPrint, PrintFrame } from './print.types'
import { formOf, upload } from './upload'

/** A sheet as it came back. */
export interface Sheet {
  file: Blob
  /** characters that the server's fonts lack, as U+XXXX */
  missing: string
}

export const printApi = {
  frames: async (lang: string, signal?: AbortSignal) => (await get<{ frames: PrintFrame[] }>('map-prints/frames', lang, signal)).frames,
  print: async (image: Blob, print: MapPrint, lang: string, signal: AbortSignal): Promise<Sheet> => {
    const answer = await upload('map-prints', formOf({ print: JSON.stringify(print) }, 'image', image, 'map.png'), { lang, signal })
    return { file: await answer.blob(), missing: answer.headers.get('missing-characters') ?? '' }
  },
}
