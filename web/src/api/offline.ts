import type { Write } from '../state/offlineQueue'
import { problemOf, gate, ApiError } from './http'
import { formOf } from './upload'

/** Sends a write that waited, with its key, and gives the id of what was made. A try is the same
 *  as the one before it, byte by byte, so that the server knows it again. */
export async function sendWrite(write: Write, path: string, blob: Blob | null): Promise<{ id: string }> {
  const headers: Record<string, string> = { accept: 'application/json', 'idempotency-key': write.key }
  if (write.version !== undefined) headers['if-match'] = `"${write.version}"`
  let body: BodyInit | null = null
  if (write.file && blob) {
    const form = formOf(write.file.fields, 'file', blob, write.file.name, write.key)
    headers['content-type'] = form.type
    body = form.body
  } else if (write.body !== undefined) {
    headers['content-type'] = 'application/json'
    body = JSON.stringify(write.body)
  }
  let response: Response
  try {
    response = await fetch(`/api/v1/${path}${path.includes('?') ? '&' : '?'}lang=${write.lang ?? 'zh'}`, { method: write.method, headers, body })
  } catch {
    throw new ApiError(0, 'offline', '')
  }
  if (!response.ok) {
    const error = await problemOf(response)
    if (error.status === 401) gate.signInRequired()
    throw error
  }
  if (response.status === 204) return { id: '' }
  const made = (await response.json().catch(() => ({}))) as { id?: unknown }
  return { id: typeof made.id === 'string' ? made.id : '' }
}
