import { queryOf, send } from './http'
import type { SitingAnswer, SitingList, SitingQuestion } from './siting.types'
import { upload } from './upload'

export const sitingApi = {
  /** works it out and writes nothing; an abort stops the server, too */
  ask: async (question: SitingQuestion, lang: string, signal?: AbortSignal) =>
    (await send<SitingAnswer>('POST', 'coverage/siting', { lang, signal, body: question })).body,
  /** reads the places of a file, which is not kept */
  places: async (file: File, crs: string, lang: string) =>
    (await (
      await upload(`coverage/siting/places${queryOf({ name: file.name, crs })}`, { body: file, type: 'application/octet-stream' }, { lang })
    ).json()) as SitingList,
}
