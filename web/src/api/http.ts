/** One request to the server and its answer: language, entity tags, idempotency keys
 *  and problems. It knows no feature. */

/** One place at fault, as problems of the server name it. */
export interface Fault {
  /** a JSON pointer into what was sent (#/name_zh), or query.name */
  pointer?: string
  file?: string
  row?: number
  column?: string
  value?: string
  reason: string
  hint?: string
}

/** RFC 9457 problem details, as far as they are shown. */
interface Problem {
  title?: string
  detail?: string
  code?: string
  errors?: Fault[]
}

/** A failure in words that may be shown as they are. `status` is 0 where no answer
 *  came at all. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly faults: Fault[] = [],
    /** seconds until it may be tried again, where the server said so */
    readonly retryAfterS: number | null = null,
  ) {
    super(message)
    this.name = 'ApiError'
  }
}

/** What goes with a request besides its method and path. */
export interface Asked {
  lang: string
  signal?: AbortSignal | undefined
  body?: unknown
  /** version of the record that the writer saw: If-Match */
  version?: number | string
  /** asks as nobody: what the page asks by itself is no sign that somebody is there, and
   *  must not keep a session from ending */
  anonymous?: boolean
  /** Idempotency-Key: the same for every try of the same request */
  key?: string
}

/** An answer with what its headers say. */
export interface Reply<T> {
  body: T
  location: string
}

/** What the rest of the page wants to know of every request. */
export const gate = {
  /** The server does not know who asks: nobody signed in, or the session ended. */
  signInRequired: (): void => {},
}

/** The problem that an answer tells. */
export async function problemOf(response: Response): Promise<ApiError> {
  let problem: Problem = {}
  try {
    problem = (await response.json()) as Problem
  } catch {
    // A proxy in between may answer with a page; its status is all we know then.
  }
  const message = problem.detail ?? problem.title ?? `HTTP ${response.status}`
  const after = Number(response.headers.get('retry-after') ?? NaN)
  return new ApiError(response.status, problem.code ?? '', message, problem.errors ?? [], Number.isFinite(after) ? after : null)
}

function headersOf(asked: Asked): Record<string, string> {
  const headers: Record<string, string> = { accept: 'application/json' }
  if (asked.body !== undefined) headers['content-type'] = 'application/json'
  if (asked.version !== undefined) headers['if-match'] = `"${asked.version}"`
  if (asked.key) headers['idempotency-key'] = asked.key
  return headers
}

/** The address of a path of the API, in a language. */
export function apiUrl(path: string, lang: string): string {
  return `/api/v1/${path}${path.includes('?') ? '&' : '?'}lang=${lang}`
}

/** Asks and answers with body and headers, or throws an ApiError; an abort is thrown
 *  as it is. */
export async function send<T>(method: string, path: string, asked: Asked): Promise<Reply<T>> {
  let response: Response
  try {
    response = await fetch(apiUrl(path, asked.lang), {
      method,
      ...(asked.anonymous ? { credentials: 'omit' as const } : {}),
      headers: headersOf(asked),
      ...(asked.body === undefined ? {} : { body: JSON.stringify(asked.body) }),
      ...(asked.signal ? { signal: asked.signal } : {}),
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
  const body = response.status === 204 ? undefined : await response.json()
  return { body: body as T, location: response.headers.get('location') ?? '' }
}

/** Asks for something that is only read. */
export async function get<T>(path: string, lang: string, signal?: AbortSignal): Promise<T> {
  return (await send<T>('GET', path, { lang, signal })).body
}

/** The query of a filter: what is empty is left out. */
export function queryOf(filter: Record<string, string | number | boolean | undefined | null>): string {
  const params = new URLSearchParams()
  for (const [key, value] of Object.entries(filter)) {
    if (value !== undefined && value !== null && value !== '') params.set(key, String(value))
  }
  const query = params.toString()
  return query ? `?${query}` : ''
}

/** The id at the end of the address of something that was made. */
export function idOf(location: string): string {
  return decodeURIComponent(location.split('?')[0]?.split('/').pop() ?? '')
}
