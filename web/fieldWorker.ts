import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Plugin } from 'vite'

/** The screens that open without a signal, and what they fetch later; each with its addresses. */
const screens = [/screens\/names\/SurveyPage\.svelte$/, /screens\/plates\/FieldPage\.svelte$/, /screens\/names\/NameSearch\.svelte$/, /state\/offlineShelf\.ts$/, /state\/offline\.svelte\.ts$/]
const addresses = ['/names/survey', '/plates/field']

interface Chunk {
  type: string
  isEntry?: boolean
  facadeModuleId?: string | null
  moduleIds?: string[]
  imports?: string[]
  viteMetadata?: { importedCss: Set<string>; importedAssets: Set<string> }
}

/** Writes /sw.js: src/field.sw.js with the files of the first page and of the field's screens, and
 *  with a fingerprint of them, so that another build is another worker. */
export function fieldWorker(): Plugin {
  return {
    name: 'field-worker',
    apply: 'build',
    enforce: 'post',
    generateBundle(_, bundle) {
      const chunks = bundle as unknown as Record<string, Chunk>
      const files = new Set<string>()
      const take = (name: string): void => {
        const chunk = chunks[name]
        if (!chunk || files.has(name)) return
        files.add(name)
        for (const each of chunk.imports ?? []) take(each)
        for (const each of [...(chunk.viteMetadata?.importedCss ?? []), ...(chunk.viteMetadata?.importedAssets ?? [])]) files.add(each)
      }
      for (const [name, chunk] of Object.entries(chunks)) {
        const isScreen = chunk.type === 'chunk' && (chunk.isEntry || screens.some((screen) => screen.test(chunk.facadeModuleId ?? '')))
        if (isScreen) take(name)
      }
      const list = [...files].map((name) => `/${name}`).sort()
      const source = readFileSync(new URL('./src/field.sw.js', import.meta.url), 'utf8')
      const version = createHash('sha256').update(list.join('\n')).update(source).digest('hex').slice(0, 16)
      this.emitFile({
        type: 'asset',
        fileName: 'sw.js',
        source: source.replace('__VERSION__', version).replace('__FILES__', JSON.stringify(list)).replace('__FIELD__', JSON.stringify(addresses)),
      })
    },
  }
}
