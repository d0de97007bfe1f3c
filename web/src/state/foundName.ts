import type { FoundName } from '../api/nameSearch.types'
import type { FoundOption } from '../ui/SearchBox.svelte'
import { app } from './app.svelte'
import { reasonOf } from './nameMatch'
import { isEnded } from './nameList'
import { names } from './names.svelte'

/** A place name as the box that found it lists it: what it is, and how far it is in its life
 *  where it is no standard name. */
export function foundName(name: FoundName): FoundOption {
  const words = [names.kindWord(name.kind)]
  if (name.state !== 'approved') words.push(names.word('states', name.state))
  if (name.position === null && !isEnded(name.state)) words.push(app.m.nameSearch.unplaced)
  return { id: name.id, lead: name.text, note: words.filter((word) => word !== '').join(' · '), reason: reasonOf(name.matched, app.m.nameSearch) }
}
