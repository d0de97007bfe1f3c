import type { AccessAnswer, AccessQuestion } from './access.types'
import { send } from './http'

export const accessApi = {
  /** works it out and writes nothing */
  ask: async (question: AccessQuestion, lang: string, signal?: AbortSignal) =>
    (await send<AccessAnswer>('POST', 'coverage/access', { lang, signal, body: question })).body,
}
