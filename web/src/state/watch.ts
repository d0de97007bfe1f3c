const CALM_MS = 30_000
const AWAY_MS = 5_000

/** Calls `look` from time to time and whenever the page comes to the fore, more often
 *  while `look` says that the server is away. A page nobody sees asks nothing.
 *  Returns the end of it. */
export function watch(look: () => Promise<{ away: boolean }>): () => void {
  let timer = 0
  let running = false
  let ended = false

  const turn = async (): Promise<void> => {
    if (running || ended) return
    running = true
    clearTimeout(timer)
    const { away } = document.hidden ? { away: false } : await look()
    running = false
    if (!ended) timer = window.setTimeout(() => void turn(), away ? AWAY_MS : CALM_MS)
  }
  const now = () => void turn()

  window.addEventListener('focus', now)
  window.addEventListener('online', now)
  document.addEventListener('visibilitychange', now)
  timer = window.setTimeout(now, CALM_MS)
  return () => {
    ended = true
    clearTimeout(timer)
    window.removeEventListener('focus', now)
    window.removeEventListener('online', now)
    document.removeEventListener('visibilitychange', now)
  }
}
