import { ApiError, apiUrl, gate, problemOf } from './http'

/** The name that an answer gives its file. */
export function fileNameOf(disposition: string, otherwise: string): string {
  const coded = /filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1]
  if (!coded) return otherwise
  try {
    return decodeURIComponent(coded)
  } catch {
    return otherwise
  }
}

/** Has a file made from a body and gives the answer, whose body is the file. */
export async function download(path: string, body: unknown, lang: string, signal?: AbortSignal): Promise<Response> {
  let response: Response
  try {
    response = await fetch(apiUrl(path, lang), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      ...(signal ? { signal } : {}),
    })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new ApiError(0, 'offline', '')
  }
  if (!response.ok) {
    const error = await problemOf(response)
    if (error.status === 401 && error.code === 'sign_in_required') gate.signInRequired()
    throw error
  }
  return response
}
