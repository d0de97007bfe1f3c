import { describe, expect, it } from 'vitest'
import { fitted } from './shrink'

describe('the size of a shrunk photo', () => {
  it.each([
    [4000, 3000, 2000, 1500],
    [3000, 4000, 1500, 2000],
    [800, 600, 800, 600],
    [10000, 1, 2000, 1],
    [0, 0, 1, 1],
  ])('%i × %i becomes %i × %i', (w, h, width, height) => {
    expect(fitted(w, h, 2000)).toEqual({ width, height })
  })
})
