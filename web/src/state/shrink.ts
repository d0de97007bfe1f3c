/** The size of a picture that has at most `most` pixels on its longer side. */
export function fitted(width: number, height: number, most: number): { width: number; height: number } {
  const share = Math.min(1, most / Math.max(width, height, 1))
  return { width: Math.max(1, Math.round(width * share)), height: Math.max(1, Math.round(height * share)) }
}

/** Makes a photo small enough to wait on a phone and to be sent over a poor network: upright, at
 *  most `most` pixels on its longer side, a JPEG without what the camera noted in it (where, which
 *  device). One that the browser cannot read is given back as it is: the server says what it is. */
export async function shrunk(photo: Blob, most = 2000): Promise<Blob> {
  try {
    const picture = await createImageBitmap(photo, { imageOrientation: 'from-image' })
    const { width, height } = fitted(picture.width, picture.height, most)
    const canvas = document.createElement('canvas')
    canvas.width = width
    canvas.height = height
    canvas.getContext('2d')?.drawImage(picture, 0, 0, width, height)
    picture.close()
    const made = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.85))
    return made ?? photo
  } catch {
    return photo
  }
}
