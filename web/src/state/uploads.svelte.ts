import { filesApi } from '../api/files'
import type { Attachment, Collection } from '../api/files.types'
import { ApiError } from '../api/http'
import { formOf, type Form } from '../api/upload'

/** Bytes that the server takes at most. */
export const MAX_FILE = 25 * 1024 * 1024

/** One file on its way to the server. */
export class Upload {
  /** how much has been sent, 0 to 1; 1 while the server works on it */
  share = $state(0)
  state = $state<'waiting' | 'sending' | 'failed'>('waiting')
  failure = $state.raw<unknown>(null)
  /** the same at every try, so that a second one makes no second attachment */
  readonly key = crypto.randomUUID()

  readonly form: Form | null

  constructor(
    readonly name: string,
    form: Form | null,
  ) {
    this.form = form
  }

  /** What the server refused for what it is will be refused again. */
  get final(): boolean {
    const { failure } = this
    if (this.form === null) return true
    return failure instanceof ApiError && failure.status >= 400 && failure.status < 500 && ![401, 408, 429].includes(failure.status)
  }
}

/** Sends files of one record, one after another, and keeps those that failed. */
export class Uploads {
  list = $state.raw<Upload[]>([])
  private working = false
  private readonly abort = new AbortController()

  constructor(
    private readonly collection: Collection,
    private readonly id: string,
    private readonly lang: () => string,
    private readonly onadded: (file: Attachment) => void,
  ) {}

  add(files: Iterable<File>, keepPosition: boolean): void {
    const more = [...files].map((file) => {
      const kind = file.type.startsWith('image/') ? 'photo' : 'document'
      if (file.size > MAX_FILE) {
        const refused = new Upload(file.name, null)
        refused.state = 'failed'
        return refused
      }
      return new Upload(file.name, formOf({ kind, ...(keepPosition ? { keep_position: 'true' } : {}) }, 'file', file, file.name))
    })
    this.list = [...this.list, ...more]
    void this.work()
  }

  retry(upload: Upload): void {
    upload.state = 'waiting'
    upload.failure = null
    void this.work()
  }

  drop(upload: Upload): void {
    this.list = this.list.filter((each) => each !== upload)
  }

  stop(): void {
    this.abort.abort()
  }

  private async work(): Promise<void> {
    if (this.working) return
    this.working = true
    for (let next = this.next(); next; next = this.next()) await this.send(next)
    this.working = false
  }

  private next(): Upload | undefined {
    return this.abort.signal.aborted ? undefined : this.list.find((each) => each.state === 'waiting')
  }

  private async send(upload: Upload): Promise<void> {
    if (!upload.form) return
    upload.state = 'sending'
    upload.share = 0
    try {
      const added = await filesApi.add(this.collection, this.id, upload.form, {
        lang: this.lang(),
        key: upload.key,
        signal: this.abort.signal,
        onprogress: (share) => (upload.share = share),
      })
      this.drop(upload)
      this.onadded(added)
    } catch (error) {
      upload.state = 'failed'
      upload.failure = error
    }
  }
}
