import type { TrialRoom } from '../../state/estateEdit.svelte'
import type { Messages } from '../../text/zh'

/** The use of a room that counts for a kind of premises. */
export const useFor = { community: 'community_service', elderly: 'elderly_service' } as const

/** The floor on which a trial room is: of the ground floor every rule approves. */
export const GROUND = '1'

export function trialRoomFor(of: 'community' | 'elderly', area: number, nth: number, m: Messages): TrialRoom {
  return { use: useFor[of], area, floor: GROUND, name: m.estates.trial.roomName(String(nth)) }
}
