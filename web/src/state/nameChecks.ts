import type { CheckGroup, LikeName, NameFinding } from '../api/nameChecks.types'

/** What a check of a name says, in the order in which somebody reads it. Pure. */

export const checkGroups: readonly CheckGroup[] = ['error', 'warning', 'open', 'pass', 'elsewhere']
const grave: Record<string, number> = { error: 0, warning: 1, info: 2 }

/** The findings by what they count as, the gravest first, else in the order of the rules. */
export function groupedChecks(findings: readonly NameFinding[]): Record<CheckGroup, NameFinding[]> {
  const out: Record<CheckGroup, NameFinding[]> = { error: [], warning: [], open: [], pass: [], elsewhere: [] }
  for (const finding of findings) out[finding.group].push(finding)
  for (const name of checkGroups) out[name].sort((a, b) => (grave[a.severity] ?? 3) - (grave[b.severity] ?? 3))
  return out
}

/** The names that a finding is about: those of its relation that lie in the scope, or may. Of
 *  retired names that has no scope. */
export function likeOf(like: readonly LikeName[], finding: NameFinding): LikeName[] {
  if (finding.outcome === 'pass' || finding.outcome === 'not_applicable') return []
  return like.filter((each) => finding.relations.includes(each.relation) && each.scope !== 'elsewhere')
}

const withLang = (path: string, lang: string): string => (lang === 'en' ? `${path}&lang=en` : path)

export function recordAddress(id: string, lang: string): string {
  return withLang(`/names?name=${encodeURIComponent(id)}`, lang)
}

/** A list of words, on its tab. */
export function listAddress(kind: string, lang: string): string {
  return withLang(`/names/lists?list=${kind}`, lang)
}

/** The map, near enough to read names. */
export function mapAddress(at: readonly [number, number], lang: string): string {
  return withLang(`/?v=17/${at[1].toFixed(5)}/${at[0].toFixed(5)}`, lang)
}
