/** How the map asks for the plate of a facility: "plate|type|status|on or off|mark|stage".
 *  The style puts the name together, images.ts draws what it says. */
export interface PlateSpec {
  type: string
  status: string
  /** of the type that is asked about */
  chosen: boolean
  /** the word of the mark under an example facility, empty for a real one */
  mark: string
  /** of a record that is not published */
  stage?: string
}

/** Reads the name of an image; null for one that is no plate. */
export function parsePlate(name: string): PlateSpec | null {
  const [prefix, type, status, chosen, mark, stage] = name.split('|')
  if (prefix !== 'plate' || !type || !status) return null
  return { type, status, chosen: chosen === 'on', mark: mark ?? '', stage: stage ?? '' }
}
