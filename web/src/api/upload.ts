import { ApiError, apiUrl, gate, problemOf } from './http'

/** A form with a file, as bytes that are the same at every try: the server knows a second
 *  try by its key and by what it holds, and a browser's own form has another boundary
 *  each time. */
export interface Form {
  body: Blob
  type: string
}

const LINE = '\r\n'

const quoted = (name: string): string => name.replace(/["\r\n]/g, (c) => encodeURIComponent(c))

/** Makes a form of fields and one file. `mark` is what parts them, where the same form is made
 *  again for another try. */
export function formOf(fields: Record<string, string>, name: string, file: Blob, fileName: string, mark: string = crypto.randomUUID()): Form {
  const boundary = `yike-${mark}`
  const parts: BlobPart[] = []
  for (const [key, value] of Object.entries(fields)) {
    parts.push(`--${boundary}${LINE}Content-Disposition: form-data; name="${quoted(key)}"${LINE}${LINE}${value}${LINE}`)
  }
  parts.push(`--${boundary}${LINE}Content-Disposition: form-data; name="${name}"; filename="${quoted(fileName)}"${LINE}`)
  parts.push(`Content-Type: application/octet-stream${LINE}${LINE}`, file, `${LINE}--${boundary}--${LINE}`)
  return { body: new Blob(parts), type: `multipart/form-data; boundary=${boundary}` }
}

/** How a form is sent. */
export interface Sent {
  lang: string
  key?: string
  /** POST where left out */
  method?: 'PUT'
  /** version of the record that the writer saw: If-Match */
  version?: number
  signal?: AbortSignal
  /** how much of it has been sent, 0 to 1 */
  onprogress?: (share: number) => void
}

/** Sends a form and gives the answer; what is refused is an ApiError, as elsewhere. */
export async function upload(path: string, form: Form, sent: Sent): Promise<Response> {
  const response = await request(path, form, sent)
  if (response.ok) return response
  const error = await problemOf(response)
  if (error.status === 401 && error.code === 'sign_in_required') gate.signInRequired()
  throw error
}

/** Only the old way of asking tells how much has been sent. */
function request(path: string, form: Form, { lang, key, method, version, signal, onprogress }: Sent): Promise<Response> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest()
    xhr.open(method ?? 'POST', apiUrl(path, lang))
    xhr.responseType = 'blob'
    xhr.setRequestHeader('content-type', form.type)
    if (version !== undefined) xhr.setRequestHeader('if-match', `"${version}"`)
    if (key) xhr.setRequestHeader('idempotency-key', key)
    xhr.upload.onprogress = (event) => {
      if (event.lengthComputable) onprogress?.(event.loaded / event.total)
    }
    xhr.onload = () => {
      const headers = new Headers()
      for (const line of xhr.getAllResponseHeaders().trim().split(/[\r\n]+/)) {
        const at = line.indexOf(':')
        if (at > 0) headers.append(line.slice(0, at), line.slice(at + 1).trim())
      }
      resolve(new Response(xhr.status === 204 ? null : (xhr.response as Blob), { status: xhr.status, headers }))
    }
    xhr.onerror = () => reject(new ApiError(0, 'offline', ''))
    xhr.onabort = () => reject(new DOMException('', 'AbortError'))
    signal?.addEventListener('abort', () => xhr.abort())
    xhr.send(form.body)
  })
}
