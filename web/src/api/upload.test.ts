import { describe, expect, it } from 'vitest'
import { formOf } from './upload'

describe('a form with a file', () => {
  it('is what the server reads, whatever the file is called', async () => {
    const form = formOf({ kind: 'photo', title: '大门' }, 'file', new Blob(['bytes']), 'a"b\r\nX: 1.jpg')
    const read = await new Response(form.body, { headers: { 'content-type': form.type } }).formData()
    expect(read.get('kind')).toBe('photo')
    expect(read.get('title')).toBe('大门')
    const file = read.get('file') as File
    expect(await file.text()).toBe('bytes')
    expect(file.name).toBe('a"b\r\nX: 1.jpg')
  })

  it('is the same bytes at every try', async () => {
    const form = formOf({}, 'file', new Blob(['bytes']), 'a')
    expect(await form.body.text()).toBe(await form.body.text())
  })
})
