/** Where a gap is in names, and why it is one. */
export interface GapPlace {
  name_zh: string
  name_en: string
  reason: 'too_far' | 'island' | 'no_site' | 'no_path' | 'no_site_here'
  /** the facility to which most of its people have the shortest walk; "" for none */
  nearest_id: string
  /** seconds from the home nearest to a facility, and from the farthest; null where none has a way within four times the limit */
  shortest_s: number | null
  longest_s: number | null
  /** some have to walk longer than four times the limit */
  farther: boolean
}
