import { send } from './http'
import type { SitingAnswer, SitingQuestion } from './siting.types'

export const sitingApi = {
  /** works it out and writes nothing; an abort stops the server, too */
  ask: async (question: SitingQuestion, lang: string, signal?: AbortSignal) =>
    (await send<SitingAnswer>('POST', 'coverage/siting', { lang, signal, body: question })).body,
}
