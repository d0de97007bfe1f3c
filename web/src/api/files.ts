import type { Attachment, Collection } from './files.types'
import { get, queryOf, send } from './http'
import { upload, type Form, type Sent } from './upload'

const of = (collection: Collection, id: string) => `${collection}/${encodeURIComponent(id)}/attachments`

export const filesApi = {
  list: async (collection: Collection, id: string, lang: string, signal?: AbortSignal) =>
    (await get<{ attachments: Attachment[] }>(of(collection, id), lang, signal)).attachments,
  add: async (collection: Collection, id: string, form: Form, sent: Sent) =>
    (await (await upload(of(collection, id), form, sent)).json()) as Attachment,
  remove: (collection: Collection, id: string, file: Attachment, reason: string, lang: string) =>
    send<void>('DELETE', `${of(collection, id)}/${file.id}${queryOf({ reason })}`, { lang, version: file.version }),
}
