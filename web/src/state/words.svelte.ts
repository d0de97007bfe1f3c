import { ApiError } from '../api/http'
import { en } from '../text/en'
import type { Lang } from '../text/format'
import { zh } from '../text/zh'

/** The language of the screen and the words in it. */
export class Words {
  lang = $state<Lang>('zh')

  readonly m = $derived(this.lang === 'zh' ? zh : en)

  word(words: { zh: string; en: string }): string {
    return this.lang === 'zh' ? words.zh : words.en || words.zh
  }

  nameOf(thing: { name_zh: string; name_en: string }): string {
    const name = this.lang === 'zh' ? thing.name_zh : thing.name_en || thing.name_zh
    return name || this.m.fact.unnamed
  }

  /** A failure in words that say what to do. */
  explain(error: unknown): string {
    if (error instanceof ApiError && error.status !== 0) return error.message
    return this.m.error.offline
  }
}
