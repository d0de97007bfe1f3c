import { estatePapersApi } from '../api/estatePapers'
import type { EstateLetter } from '../api/estatePapers.types'
import { Loading } from './loading.svelte'

/** The letters of the estate that is looked at, read once for all of its opinions. */
class EstateLetters {
  private readonly loading = new Loading<Map<string, EstateLetter>>()
  private estate = ''

  /** Reads the letters of an estate; those of another are forgotten at once. */
  load(estate: string, lang: string): Promise<void> {
    if (estate !== this.estate) this.loading.value = null
    this.estate = estate
    return this.loading.run(async (signal) => new Map((await estatePapersApi.letters(estate, lang, signal)).map((letter) => [letter.opinion, letter])))
  }

  /** The letter of an opinion; null until it is read. */
  of(opinion: string): EstateLetter | null {
    return this.loading.value?.get(opinion) ?? null
  }

  /** Takes in what became of a letter. */
  put(letter: EstateLetter): void {
    this.loading.value = new Map(this.loading.value ?? []).set(letter.opinion, letter)
  }
}

export const estateLetters = new EstateLetters()
