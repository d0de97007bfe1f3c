/** What the browser remembers between visits. A browser that forbids it just
 *  forgets: nothing depends on it. */

export function recall(key: string): string | null {
  try {
    return localStorage.getItem(`yike.${key}`)
  } catch {
    return null
  }
}

export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(`yike.${key}`, value)
  } catch {
    // Private windows may refuse.
  }
}

export function forget(key: string): void {
  try {
    localStorage.removeItem(`yike.${key}`)
  } catch {
    // Private windows may refuse.
  }
}
