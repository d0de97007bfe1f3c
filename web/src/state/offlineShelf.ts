import { Full, type Entry, type Kind, type Ref, type Shelf } from './offlineQueue'

/** What is kept in the browser (IndexedDB): one store, each thing under account, kind and id. */

const NAME = 'yike-field'
const STORE = 'kept'

function opened(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1)
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: ['account', 'kind', 'id'] })
    request.onsuccess = () => {
      request.result.onversionchange = () => request.result.close()
      resolve(request.result)
    }
    request.onerror = () => reject(request.error ?? new Error('indexedDB'))
  })
}

const isFull = (error: unknown): boolean => error instanceof DOMException && (error.name === 'QuotaExceededError' || error.name === 'UnknownError')

function answered<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('indexedDB'))
  })
}

/** Everything of an account of a kind. */
const range = (account: string, kind: Kind): IDBKeyRange => IDBKeyRange.bound([account, kind, ''], [account, kind, '\uffff'])

export class BrowserShelf implements Shelf {
  private database: Promise<IDBDatabase> | null = null

  private db(): Promise<IDBDatabase> {
    this.database ??= opened().catch((error: unknown) => {
      this.database = null
      throw error
    })
    return this.database
  }

  private async store(mode: IDBTransactionMode): Promise<IDBObjectStore> {
    return (await this.db()).transaction(STORE, mode).objectStore(STORE)
  }

  async all(account: string, kind: Kind): Promise<Entry[]> {
    return await answered((await this.store('readonly')).getAll(range(account, kind)) as IDBRequest<Entry[]>)
  }

  async one(account: string, kind: Kind, id: string): Promise<unknown> {
    const entry = await answered((await this.store('readonly')).get([account, kind, id]) as IDBRequest<Entry | undefined>)
    return entry?.value
  }

  async change(put: Entry[], remove: Ref[]): Promise<void> {
    const db = await this.db()
    await new Promise<void>((resolve, reject) => {
      // "strict" waits for the disk: what was said to be kept is there after a dead battery.
      const transaction = db.transaction(STORE, 'readwrite', { durability: 'strict' })
      transaction.oncomplete = () => resolve()
      transaction.onabort = () => reject(isFull(transaction.error) ? new Full('space') : (transaction.error ?? new Error('indexedDB')))
      const store = transaction.objectStore(STORE)
      try {
        for (const { account, kind, id } of remove) store.delete([account, kind, id])
        for (const entry of put) store.put(entry)
      } catch (error) {
        transaction.abort()
        reject(isFull(error) ? new Full('space') : error)
      }
    })
  }

  async wipe(account: string): Promise<void> {
    const store = await this.store('readwrite')
    await answered(store.delete(IDBKeyRange.bound([account], [account, []])))
  }

  async ofOthers(account: string): Promise<number> {
    const keys = (await answered((await this.store('readonly')).getAllKeys())) as unknown as [string, Kind, string][]
    return keys.filter(([owner, kind]) => owner !== account && owner !== '' && (kind === 'write' || kind === 'draft')).length
  }
}
