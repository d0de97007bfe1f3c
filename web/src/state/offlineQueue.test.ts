import { describe, expect, it } from 'vitest'
import { Full, held, MOST_WRITES, Queue, type Entry, type Kind, type NewWrite, type Ref, type Shelf, type Write } from './offlineQueue'

/** A shelf in memory that is full from some point on. */
class Memory implements Shelf {
  kept = new Map<string, Entry>()
  full = false
  private at = ({ account, kind, id }: Ref): string => `${account}/${kind}/${id}`
  async all(account: string, kind: Kind): Promise<Entry[]> {
    return [...this.kept.values()].filter((each) => each.account === account && each.kind === kind).map((each) => structuredClone(each))
  }
  async one(account: string, kind: Kind, id: string): Promise<unknown> {
    return this.kept.get(this.at({ account, kind, id }))?.value
  }
  async change(put: Entry[], remove: Ref[]): Promise<void> {
    if (this.full && put.length > 0) throw new Full('space')
    for (const ref of remove) this.kept.delete(this.at(ref))
    for (const entry of put) this.kept.set(this.at(entry), structuredClone(entry))
  }
  async wipe(account: string): Promise<void> {
    for (const [key, entry] of this.kept) if (entry.account === account) this.kept.delete(key)
  }
  async ofOthers(account: string): Promise<number> {
    return [...this.kept.values()].filter((each) => each.account !== account).length
  }
}

const write = (key: string, chain = 'one', more: Partial<NewWrite> = {}): NewWrite => ({ key, chain, topic: 'visit', title: key, method: 'POST', path: 'things', body: { key }, ...more })

function setUp(answer: (write: Write, path: string) => unknown = () => undefined) {
  const shelf = new Memory()
  const asked: string[] = []
  let clock = 1000
  const queue = new Queue(
    shelf,
    'me',
    async (write, path) => {
      asked.push(`${write.key} ${path}`)
      const wrong = answer(write, path)
      if (wrong !== undefined) throw wrong
      return { id: `id-${write.key}` }
    },
    () => (clock += 1),
  )
  const states = async () => (await queue.list()).map((each) => `${each.key} ${each.state}`)
  return { shelf, queue, asked, states }
}

const refusal = (status: number) => ({ status, code: 'no', message: 'words', faults: [] })

describe('sending', () => {
  it('goes in the order of handing in, once, with the ids of earlier answers', async () => {
    const { shelf, queue, asked, states } = setUp()
    await shelf.change([{ account: 'me', kind: 'blob', id: 'b', value: 'photo' }], [])
    await queue.add([write('a'), write('p', 'one', { path: 'things/{a}/files', file: { blob: 'b', name: 'x.jpg', fields: {} } })])
    await queue.add([write('c', 'two')])
    expect(await queue.run()).toBe('done')
    expect(await queue.run()).toBe('done')
    expect(asked).toEqual(['a things', 'p things/id-a/files', 'c things'])
    expect(await states()).toEqual(['a sent', 'p sent', 'c sent'])
    expect(await shelf.one('me', 'blob', 'b')).toBeUndefined()
  })

  it('keeps everything while there is no network', async () => {
    let network = false
    const { queue, states, asked } = setUp(() => (network ? undefined : refusal(0)))
    await queue.add([write('a'), write('b', 'two')])
    expect(await queue.run()).toBe('offline')
    expect(asked).toHaveLength(1)
    expect(await states()).toEqual(['a waiting', 'b waiting'])
    network = true
    expect(await queue.run()).toBe('done')
    expect(await states()).toEqual(['a sent', 'b sent'])
  })

  it('runs once however often it is called', async () => {
    const { queue, asked } = setUp()
    await queue.add([write('a')])
    await Promise.all([queue.run(), queue.run(), queue.run()])
    expect(asked).toHaveLength(1)
  })

  it.each([
    [401, 'signIn'],
    [429, 'later'],
    [503, 'later'],
    [500, 'later'],
  ])('stops at %i and goes on afterwards', async (status, outcome) => {
    let wrong = true
    const { queue, states } = setUp(() => (wrong ? refusal(status) : undefined))
    await queue.add([write('a')])
    expect(await queue.run()).toBe(outcome)
    expect(await states()).toEqual(['a waiting'])
    wrong = false
    expect(await queue.run()).toBe('done')
    expect(await states()).toEqual(['a sent'])
  })

  it('shows what a broken server never takes, and lets the others through', async () => {
    const { queue, states } = setUp((each) => (each.key === 'a' ? refusal(500) : undefined))
    await queue.add([write('a'), write('b', 'two')])
    for (let i = 0; i < 4; i++) expect(await queue.run()).toBe('later')
    expect(await queue.run()).toBe('done')
    expect(await states()).toEqual(['a refused', 'b sent'])
  })
})

describe('refusals', () => {
  it('hold what is behind them in the chain, and nothing else', async () => {
    const { queue, states } = setUp((each) => (each.key === 'a' ? refusal(412) : undefined))
    await queue.add([write('a'), write('b'), write('c', 'two')])
    expect(await queue.run()).toBe('done')
    expect(await states()).toEqual(['a refused', 'b waiting', 'c sent'])
    const all = await queue.list()
    expect(all[0]?.refusal).toEqual(refusal(412))
    expect(all.map((each) => held(each, all))).toEqual([false, true, false])
  })

  it('of a photo do not hold the next photo', async () => {
    const { shelf, queue, states } = setUp((each) => (each.key === 'p1' ? refusal(422) : undefined))
    await shelf.change(['b1', 'b2'].map((id) => ({ account: 'me', kind: 'blob' as const, id, value: id })), [])
    const photo = (n: number) => write(`p${n}`, 'one', { path: 'things/{a}/files', file: { blob: `b${n}`, name: 'x', fields: {} } })
    await queue.add([write('a'), photo(1), photo(2)])
    await queue.run()
    expect(await states()).toEqual(['a sent', 'p1 refused', 'p2 sent'])
    expect(await shelf.one('me', 'blob', 'b1')).toBe('b1')
  })

  it('are sent again, or given up with what needs them, by a person', async () => {
    let wrong = true
    const { shelf, queue, states } = setUp(() => (wrong ? refusal(409) : undefined))
    await shelf.change([{ account: 'me', kind: 'blob', id: 'b', value: 'photo' }], [])
    await queue.add([write('a'), write('p', 'one', { path: 'things/{a}/files', file: { blob: 'b', name: 'x', fields: {} } }), write('c', 'two')])
    await queue.run()
    expect(await states()).toEqual(['a refused', 'p waiting', 'c refused'])
    await queue.giveUp('a')
    expect(await states()).toEqual(['c refused'])
    expect(await shelf.one('me', 'blob', 'b')).toBeUndefined()
    wrong = false
    await queue.again('c')
    await queue.run()
    expect(await states()).toEqual(['c sent'])
    await queue.giveUp('c')
    expect(await states()).toEqual(['c sent'])
  })

  it('say so where the photo is not there any more', async () => {
    const { queue } = setUp()
    await queue.add([write('p', 'one', { file: { blob: 'gone', name: 'x', fields: {} } })])
    await queue.run()
    expect((await queue.list())[0]?.refusal?.code).toBe('lost_photo')
  })
})

describe('keeping', () => {
  it('takes a draft away and writes in, or does neither', async () => {
    const { shelf, queue, states } = setUp()
    const draft = { account: 'me', kind: 'draft' as const, id: 'd' }
    await shelf.change([{ ...draft, value: 'words' }], [])
    shelf.full = true
    await expect(queue.add([write('a')], { remove: [draft] })).rejects.toThrow(Full)
    expect(await shelf.one('me', 'draft', 'd')).toBe('words')
    expect(await states()).toEqual([])
    shelf.full = false
    await queue.add([write('a')], { remove: [draft] })
    expect(await shelf.one('me', 'draft', 'd')).toBeUndefined()
    expect(await states()).toEqual(['a waiting'])
  })

  it('is bounded, and says so before anything is lost', async () => {
    const { queue, states } = setUp()
    await queue.add(Array.from({ length: MOST_WRITES }, (_, i) => write(`w${i}`, `c${i}`)))
    await expect(queue.add([write('more')])).rejects.toThrow(Full)
    expect(await states()).toHaveLength(MOST_WRITES)
  })

  it('forgets what was sent long ago, but never what a chain needs', async () => {
    let wrong = true
    const { queue } = setUp((each) => (wrong && each.key === 'last' ? refusal(422) : undefined))
    await queue.add([write('first', 'long'), write('last', 'long', { path: 'things/{first}/x' })])
    await queue.add(Array.from({ length: 80 }, (_, i) => write(`w${i}`, `c${i}`)))
    await queue.run()
    const keys = (await queue.list()).map((each) => each.key)
    expect(keys).toContain('first')
    expect(keys.length).toBeLessThan(70)
    wrong = false
    await queue.again('last')
    await queue.run()
    expect((await queue.list()).every((each) => each.state === 'sent')).toBe(true)
  })

  it('keeps accounts apart', async () => {
    const { shelf, queue, states } = setUp()
    await queue.add([write('a')])
    expect(await shelf.ofOthers('me')).toBe(0)
    expect(await shelf.ofOthers('you')).toBe(1)
    const other = new Queue(shelf, 'you', async () => ({ id: 'x' }), () => 0)
    expect(await other.run()).toBe('done')
    expect(await states()).toEqual(['a waiting'])
  })
})
